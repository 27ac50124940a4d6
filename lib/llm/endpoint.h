/*
 * endpoint.h: how a model is reached: its wire, address, key, headers and
 * proxy. An endpoint never changes, so any number of calls may use it. Private
 * to model.c and client*.c.
 */

#ifndef LLM_ENDPOINT_H
#define LLM_ENDPOINT_H

#include "base/err.h"
#include "conf/conf.h"
#include "llm/proxy.h"
#include "llm/upstream.h"
#include "wire/wire.h"
#include "json/json.h"

struct llm_endpoint {
	const struct wire *wire;
	struct upstream upstream;
	struct proxy proxy;
};

/*
 * Copies from *conf*. ERR_INVALID (logged) if the address, the key file, the
 * proxy or the CA file cannot be used. An empty base_url or model is no error:
 * nothing can be asked then. *headers* is a JSON object of strings that are
 * sent with every request, or NULL.
 */
MUST_USE enum err llm_endpoint_open(const struct llm_conf *conf,
	const struct json *headers, struct llm_endpoint **out);
/* NULL is allowed. */
void llm_endpoint_close(struct llm_endpoint *endpoint);

#endif
