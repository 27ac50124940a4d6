#include "llm/cost.h"

#include <math.h>

int64_t
llm_cost(const struct llm_prices *prices, const struct llm_usage *usage)
{
	int64_t cached =
		MIN(MAX(usage->cached_input, INT64_C(0)), usage->input);
	double cost;

	if (!prices->known || usage->input < 0 || usage->output < 0)
		return LLM_COST_UNKNOWN;
	cost = (double)(usage->input - cached) * (double)prices->input +
		(double)cached * (double)prices->cached +
		(double)usage->output * (double)prices->output;
	return llround(cost / 1e6);
}
