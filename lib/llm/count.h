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

/* The same of tokens: what no answer has is no count. */
int64_t llm_tokens(const struct json *json, int64_t otherwise);
/* A count of tokens, or -1 when it is more than any answer has. */
int64_t llm_believed(int64_t count);

/*
 * Completes an answer's usage, without what nobody believes. A total is the sum
 * of its parts when it was not said, or is less; of a part that was not said it is what the other leaves, and
 * without a total 0, which some leave out. Where only a total is known, it is
 * all that is told.
 */
void llm_usage_settle(struct llm_usage *usage);

#endif
