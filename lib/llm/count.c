#include "llm/count.h"

#include "base/attr.h"

#include <stdlib.h>

/* -1 if it is not a number. */
static double
number(const struct json *json)
{
	const char *text = json_str(json);
	char *end;
	double value;

	if (text == NULL)
		return json_double(json, -1);
	value = strtod(text, &end);
	return end != text && *end == '\0' ? value : -1;
}

int64_t
llm_count(const struct json *json, int64_t otherwise)
{
	double value = number(json);

	if (!(value >= 0))
		return otherwise;
	return value < 9e15 ? (int64_t)value : INT64_C(9000000000000000);
}

int64_t
llm_believed(int64_t count)
{
	return count <= LLM_TOKENS_MAX ? count : -1;
}

int64_t
llm_tokens(const struct json *json, int64_t otherwise)
{
	int64_t count = llm_believed(llm_count(json, -1));

	return count >= 0 ? count : otherwise;
}

/* Drops implausible counts: counts are summed over steps and days, and cost
 * money. */
static void
believe(struct llm_usage *usage)
{
	int64_t *const counts[] = { &usage->input, &usage->output,
		&usage->total, &usage->cached_input, &usage->reasoning,
		&usage->cache_write };

	for (size_t i = 0; i < LENGTH(counts); i++)
		*counts[i] = llm_believed(*counts[i]);
}

void
llm_usage_settle(struct llm_usage *usage)
{
	believe(usage);
	if (usage->input >= 0 && usage->output < 0)
		usage->output = MAX(usage->total - usage->input, INT64_C(0));
	else if (usage->output >= 0 && usage->input < 0)
		usage->input = MAX(usage->total - usage->output, INT64_C(0));
	if (usage->input < 0)
		return;
	usage->total = MAX(usage->total, usage->input + usage->output);
	if (usage->total > LLM_TOKENS_MAX)
		usage->input = usage->output = usage->total = -1;
}
