/* cost.h: the cost of an answer. */

#ifndef LLM_COST_H
#define LLM_COST_H

#include "wire/event.h"
#include "wire/settings.h"

#define LLM_COST_UNKNOWN (-1)

/* In millionths of the currency of the prices. Tokens read from a cache are
 * part of the input. LLM_COST_UNKNOWN if a price or a count is not known. */
int64_t
llm_cost(const struct llm_prices *prices, const struct llm_usage *usage);

#endif
