/* cost.h: what an answer has cost. */

#ifndef LLM_COST_H
#define LLM_COST_H

#include "llm/event.h"
#include "llm/settings.h"

#define LLM_COST_UNKNOWN (-1)

/* In millionths of the currency that the prices are in; what was read from a
 * cache is a part of what was read. LLM_COST_UNKNOWN: a price or a count is not
 * known. */
int64_t
llm_cost(const struct llm_prices *prices, const struct llm_usage *usage);

#endif
