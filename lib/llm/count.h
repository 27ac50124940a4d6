/*
 * count.h: tokens as providers count them, whatever the wire. What one of them
 * leaves out follows from what it says, as far as it does.
 */

#ifndef LLM_COUNT_H
#define LLM_COUNT_H

#include "llm/event.h"
#include "json/json.h"

/* A whole number that is not negative, or a text that is one (gateways quote
 * them); *otherwise* for anything else. */
int64_t llm_count(const struct json *json, int64_t otherwise);

/*
 * Completes and bounds an answer's usage. A total is the sum of its parts when
 * it was not said; of a part that was not said it is what the other leaves, and
 * without a total 0, which some leave out. Where only a total is known, it is
 * all that is told.
 */
void llm_usage_settle(struct llm_usage *usage);

#endif
