/*
 * count.h: token counts of all providers. A count that a provider leaves out is
 * derived from the others where possible.
 */

#ifndef WIRE_COUNT_H
#define WIRE_COUNT_H

#include "wire/event.h"
#include "json/json.h"

/* A non-negative whole number, or a string with one (gateways quote numbers);
 * *otherwise* for any other value. */
int64_t llm_count(const struct json *json, int64_t otherwise);

/* The same for token counts; a value no answer can have counts as absent. */
int64_t llm_tokens(const struct json *json, int64_t otherwise);
/* The token count itself; -1 if it is larger than any answer can have. */
int64_t llm_believed(int64_t count);

/* Takes the usage of an event of OpenAI Chat Completions or of an OpenAI
 * response, under the names of either; without usable counts nothing
 * changes. */
void llm_usage_take(struct llm_usage *usage, const struct json *event);

/*
 * Completes an answer's usage and drops implausible counts. A missing or too
 * small total is the sum of its parts. A missing part is what the other part
 * leaves of the total, or 0 without a total, because some providers omit zeros.
 * If only a total is known, it stays alone.
 */
void llm_usage_settle(struct llm_usage *usage);

#endif
