/*
 * offers.h: what a provider says that it has: its list of models, in whatever
 * of the usual forms it comes. For administrators, who pick from it; it waits,
 * so it belongs into a thread that may.
 */

#ifndef LLM_OFFERS_H
#define LLM_OFFERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "conf/conf.h"
#include "json/json.h"

#define OFFERS_MAX 10000
#define OFFERS_NAME_MAX 255 /* characters; what is longer is left out */
#define OFFERS_WAIT_MS 15000 /* for all pages */
#define OFFERS_PAGES_MAX 50

struct llm_offers {
	struct span
		*names; /* as models are asked for, in the provider's order */
	size_t n;
	const char
		*trouble; /* with ERR_UPSTREAM: why there is none, a sentence */
};

/*
 * Asks for it, with the key of *conf*, and *headers*, a JSON object of texts, or
 * NULL. ERR_UPSTREAM: the provider is away, refuses, or answers something
 * else. Nothing that it says is in the sentence.
 */
MUST_USE enum err llm_offers(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_offers *out);

/* Reads an answer, behind what *out* has. ERR_INVALID: it is no list. */
MUST_USE enum err
llm_offers_read(struct arena *arena, struct span body, struct llm_offers *out);

/* What the answer says of a next page, to ask for it by; absent: there is none.
 * *member* is the wire's (wire.h), or NULL. */
struct span
llm_offers_next(struct arena *arena, struct span body, const char *member);

#endif
