/*
 * probe.h: one HTTP exchange for an operator to inspect: the head and the body
 * as received (no content coding is decoded), when each piece of it arrived,
 * and a sentence if there was no answer. For `lamplight doctor`; the programs
 * use client.h and web.h. TLS is verified, redirects are not followed, and no
 * proxy is taken from the environment. Logs nothing.
 */

#ifndef LLM_PROBE_H
#define LLM_PROBE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/conf.h"
#include "json/json.h"

#include <stdbool.h>
#include <stdint.h>

#define PROBE_PIECES_MAX 64
#define PROBE_BODY_MAX ((size_t)8 << 20) /* the rest is cut off */

struct probe_ask {
	const char *url;
	const char *const *headers; /* each "Name: value" */
	size_t n_headers;
	/* for its ca_file and proxy; NULL for none */
	const struct llm_conf *via;
	/* without *via*; NULL: the system's certificate authorities */
	const char *ca_file;
	/* If positive, sends a POST whose head announces this many bytes but
	 * never sends them, so only a server that refuses by the head
	 * answers. */
	int64_t announced;
	int64_t wait_ms;
};

enum probe_result {
	PROBE_OK, /* an answer with any status, which may be incomplete */
	PROBE_BAD_URL,
	PROBE_NO_HOST,
	PROBE_NO_CONNECTION,
	PROBE_BAD_TLS, /* its certificate is not trusted, or it has no TLS */
	PROBE_NO_ANSWER, /* none in time, or the connection broke before it */
};

struct probe_answer {
	const char *url; /* the URL that probe_models() requested */
	enum probe_result result;
	const char *reason; /* libcurl's description, in the arena */
	long status;
	bool whole; /* the body is complete */
	struct buf head; /* the header lines of the answer */
	struct buf body;
	struct {
		int64_t at_ms; /* milliseconds since the exchange began */
		size_t end; /* bytes of the body until then */
	} pieces[PROBE_PIECES_MAX];
	unsigned n_pieces;
};

void probe(struct arena *arena, const struct probe_ask *ask,
	struct probe_answer *out);
void probe_free(struct probe_answer *answer);

/* A header's value in *arena*; NULL if absent. */
const char *probe_header(struct arena *arena, const struct probe_answer *answer,
	const char *name);

/*
 * Asks the model's server for its list of models, with the key, in the form of
 * its kind, and with *headers*, a JSON object of strings, or NULL. *after* is
 * the reference to this page from the previous one, absent for the first.
 * out->url is NULL if no address is set, or if this kind has no list.
 * ERR_INVALID (logged) if the key cannot be read.
 */
MUST_USE enum err probe_models(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct span after, int64_t wait_ms,
	struct probe_answer *out);

#endif
