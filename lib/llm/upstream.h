/*
 * upstream.h: where the model is and how to reach it: the [llm] section as
 * options of libcurl's easy handles. Private to client.c.
 */

#ifndef LLM_UPSTREAM_H
#define LLM_UPSTREAM_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "base/trace.h"
#include "conf/conf.h"

#include <curl/curl.h>
#include <stdbool.h>

struct upstream {
	bool configured; /* an address and a model are set */
	char *url, *ca_file;
	/* lines with the key and the values of headers; never logged */
	struct buf secrets;
	struct curl_slist *headers;
	long connect_timeout_ms;
};

/* ERR_INVALID after logging a sentence that names the key. Call upstream_free()
 * in either case. */
MUST_USE enum err
upstream_open(struct upstream *upstream, const struct llm_conf *conf);
/* Copies one more line for every request; its value may be secret. */
void upstream_add_header(
	struct upstream *upstream, const char *line, struct span value);
void upstream_free(struct upstream *upstream);

/* Makes a handle that POSTs *body*, which must not move. */
CURL *upstream_request(const struct upstream *upstream, struct span body);

/* Adds the trace, if there is one, to the headers of *easy*; the caller frees
 * the result after the handle. NULL if nothing was added. */
struct curl_slist *upstream_trace(
	const struct upstream *upstream, const struct trace *trace, CURL *easy);

#endif
