/* offers_private.h: the parts of offers.c, for tests. */

#ifndef LLM_OFFERS_PRIVATE_H
#define LLM_OFFERS_PRIVATE_H

#include "llm/offers.h"

/* Reads an answer and appends to *out*. ERR_INVALID if it is not a list. */
MUST_USE enum err
llm_offers_read(struct arena *arena, struct span body, struct llm_offers *out);

/* The answer's reference to the next page, for the request; absent if there is
 * none. *member* is the wire's (wire/wire.h), or NULL. */
struct span
llm_offers_next(struct arena *arena, struct span body, const char *member);

#endif
