#include "wire/count.h"

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

static const struct json *
either(const struct json *object, const char *key, const char *other)
{
	const struct json *value = json_get(object, key);

	return json_kind(value) > JSON_NULL ? value : json_get(object, other);
}

static const struct json *
usage_of(const struct json *event)
{
	const struct json *places[] = { json_get(event, "usage"),
		json_get(json_get(event, "x_groq"), "usage"),
		json_get(json_at(json_get(event, "choices"), 0), "usage") };

	for (size_t i = 0; i < LENGTH(places); i++)
		if (json_kind(places[i]) == JSON_OBJECT)
			return places[i];
	return NULL;
}

void
llm_usage_take(struct llm_usage *usage, const struct json *event)
{
	const struct json *json = usage_of(event);
	const struct json *in =
		either(json, "prompt_tokens_details", "input_tokens_details");
	const struct json *out = either(
		json, "completion_tokens_details", "output_tokens_details");
	int64_t input =
		llm_tokens(either(json, "prompt_tokens", "input_tokens"), -1);
	int64_t output = llm_tokens(
		either(json, "completion_tokens", "output_tokens"), -1);
	int64_t total = llm_tokens(json_get(json, "total_tokens"), -1);

	if (input < 0 && output < 0 && total < 0)
		return;
	usage->input = input;
	usage->output = output;
	usage->total = total;
	usage->cached_input = llm_tokens(json_get(in, "cached_tokens"), -1);
	if (usage->cached_input < 0)
		usage->cached_input = llm_tokens(
			json_get(json, "prompt_cache_hit_tokens"), -1);
	usage->reasoning = llm_tokens(either(out, "reasoning_tokens", ""), -1);
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
