/*
 * probe.h: one HTTP exchange as an operator wants to see it: the head as it
 * came, the body as it came (no coding is undone), when each piece of it came,
 * and in words why there was none. For `lamplight doctor`; programs have
 * client.h and web.h. TLS is verified, redirects are not followed, no proxy is
 * taken from the environment. Logs nothing.
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
#define PROBE_BODY_MAX ((size_t)8 << 20) /* what is longer is cut off */

struct probe_ask {
	const char *url;
	const char *const *headers; /* "Name: value" each */
	size_t n_headers;
	const struct llm_conf *via; /* whose ca_file and proxy; NULL: none */
	const char *ca_file; /* without *via*; NULL: the system's authorities */
	/* More than 0: a POST whose head announces so many bytes, none of which
	 * is ever sent: only a refusal by the head is answered. */
	int64_t announced;
	int64_t wait_ms;
};

enum probe_result {
	PROBE_OK, /* an answer, whatever its status, maybe not to its end */
	PROBE_BAD_URL,
	PROBE_NO_HOST,
	PROBE_NO_CONNECTION,
	PROBE_BAD_TLS, /* its certificate is not to be trusted, or no TLS */
	PROBE_NO_ANSWER, /* in time, or it broke off before there was one */
};

struct probe_answer {
	const char *url; /* of probe_models(): what was asked */
	enum probe_result result;
	const char *reason; /* libcurl's words for it, in the arena */
	long status;
	bool whole; /* the body came to its end */
	struct buf head; /* lines of the answer */
	struct buf body;
	struct {
		int64_t at_ms; /* since the exchange began */
		size_t end; /* of the body by then */
	} pieces[PROBE_PIECES_MAX];
	unsigned n_pieces;
};

void probe(struct arena *arena, const struct probe_ask *ask,
	struct probe_answer *out);
void probe_free(struct probe_answer *answer);

/* A header's value in *arena*, or NULL. */
const char *probe_header(struct arena *arena, const struct probe_answer *answer,
	const char *name);

/*
 * Asks the model's server for its list of models, with the key, in the way of
 * its kind, and *headers*, a JSON object of texts, or NULL. *after* is what a page
 * said of the next one, absent for the first. out->url is NULL when no address is
 * set, or this kind has no list. ERR_INVALID (logged): the key cannot be read.
 */
MUST_USE enum err probe_models(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct span after, int64_t wait_ms,
	struct probe_answer *out);

#endif
