/*
 * offers.h: reads a provider's list of models in any of the usual forms, for
 * administrators to pick from. It blocks, so call it in a thread that may wait.
 */

#ifndef LLM_OFFERS_H
#define LLM_OFFERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "conf/conf.h"
#include "json/json.h"

#define OFFERS_MAX 10000
#define OFFERS_NAME_MAX 255 /* characters; longer names are left out */
#define OFFERS_WAIT_MS 15000 /* for all pages */
#define OFFERS_PAGES_MAX 50

struct llm_offers {
	struct span *names; /* ids for requests, in the provider's order */
	size_t n;
	const char *trouble; /* with ERR_UPSTREAM: a sentence with the reason */
};

/*
 * Asks for the list with the key of *conf* and with *headers*, a JSON object of
 * strings, or NULL. ERR_UPSTREAM if the provider is away, refuses, or answers
 * something else. The sentence contains nothing that the provider said.
 */
MUST_USE enum err llm_offers(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_offers *out);

#endif
