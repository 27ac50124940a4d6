/*
 * upstream.h: where the model is and how it is spoken to: the [llm] section
 * as options of libcurl's easy handles. Inside of client.c.
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
	bool configured; /* there are an address and a model */
	char *url, *ca_file;
	struct buf secrets; /* lines: key, headers' values; for no log */
	struct curl_slist *headers;
	long connect_timeout_ms;
};

/* ERR_INVALID after a logged sentence that names the key. Either way
 * upstream_free() is due. */
MUST_USE enum err
upstream_open(struct upstream *upstream, const struct llm_conf *conf);
/* One more line that goes with every request, copied; its value may be secret. */
void upstream_add_header(
	struct upstream *upstream, const char *line, struct span value);
void upstream_free(struct upstream *upstream);

/* A handle that POSTs *body*, which must stay where it is. */
CURL *upstream_request(const struct upstream *upstream, struct span body);

/* Adds the trace, if there is one, to the headers of that; they are the
 * caller's to free after the handle. NULL: nothing was added. */
struct curl_slist *upstream_trace(
	const struct upstream *upstream, const struct trace *trace, CURL *easy);

#endif
