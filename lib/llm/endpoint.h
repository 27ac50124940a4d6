/*
 * endpoint.h: where a model is and how it is spoken to: its wire, address, key,
 * headers, proxy. Read-only once made, so any number of calls may use one.
 * Inside of model.c and client*.c.
 */

#ifndef LLM_ENDPOINT_H
#define LLM_ENDPOINT_H

#include "base/err.h"
#include "conf/conf.h"
#include "llm/proxy.h"
#include "llm/upstream.h"
#include "llm/wire.h"
#include "json/json.h"

struct llm_endpoint {
	const struct wire *wire;
	struct upstream upstream;
	struct proxy proxy;
};

/* *conf* is copied from. ERR_INVALID (logged) when the address, the key file, the
 * proxy or the CA file cannot be used; an empty base_url or model is not an
 * error: then nothing can be asked. *headers*: a JSON object of texts that go with
 * every request, or NULL. */
MUST_USE enum err llm_endpoint_open(const struct llm_conf *conf,
	const struct json *headers, struct llm_endpoint **out);
/* NULL is nothing. */
void llm_endpoint_close(struct llm_endpoint *endpoint);

#endif
