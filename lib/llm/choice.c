#include "llm/choice.h"

#include "base/attr.h"
#include "json/json.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdlib.h>

#define TEMPERATURE_MAX 2.0
#define TOKENS_MAX 100000000
/* The length of a number as text. */
#define NUMBER_MAX 32u

/* ---- parsing */

enum member { TEMPERATURE, MAX_TOKENS, EFFORT, TOOLS, N };

static const char *const keys[N] = {
	[TEMPERATURE] = "temperature",
	[MAX_TOKENS] = "maxTokens",
	[EFFORT] = "effort",
	[TOOLS] = "tools",
};

static enum err
refuse(struct llm_choice_fault *fault, const char *member, const char *sentence)
{
	*fault = (struct llm_choice_fault){ member, sentence };
	return ERR_INVALID;
}

static bool
is_given(struct span raw)
{
	return raw.data != NULL && json_raw_kind(raw) != JSON_NULL;
}

static bool
is_known(struct span key)
{
	for (size_t i = 0; i < N; i++)
		if (json_raw_is(key, keys[i]))
			return true;
	return false;
}

static enum err
read_temperature(struct arena *arena, struct span raw, struct llm_choice *out,
	struct llm_choice_fault *fault)
{
	const struct json *json = NULL;
	double value;

	if (!is_given(raw))
		return OK;
	if (raw.len > NUMBER_MAX || json_parse(arena, raw, &json) != OK)
		json = NULL;
	value = json_double(json, -1);
	if (json_kind(json) == JSON_INT)
		value = (double)json_int(json, -1);
	if (!(value >= 0 && value <= TEMPERATURE_MAX))
		return refuse(fault, keys[TEMPERATURE],
			"\"temperature\" is a number from 0 to 2.");
	out->temperature = raw;
	return OK;
}

static enum err
read_max_tokens(struct arena *arena, struct span raw, struct llm_choice *out,
	struct llm_choice_fault *fault)
{
	const struct json *json = NULL;
	int64_t value;

	if (!is_given(raw))
		return OK;
	if (raw.len > NUMBER_MAX || json_parse(arena, raw, &json) != OK)
		json = NULL;
	value = json_int(json, 0);
	if (value < 1 || value > TOKENS_MAX)
		return refuse(fault, keys[MAX_TOKENS],
			"\"maxTokens\" is a whole number from 1 to "
			"100000000.");
	out->max_tokens = raw;
	return OK;
}

static enum err
read_words(struct arena *arena, const struct span raw[N],
	struct llm_choice *out, struct llm_choice_fault *fault)
{
	if (is_given(raw[EFFORT]) &&
		!llm_effort_read(
			json_raw_text(arena, raw[EFFORT]), &out->effort))
		return refuse(fault, keys[EFFORT],
			"\"effort\" is \"none\", \"minimal\", \"low\", "
			"\"medium\" or \"high\".");
	if (!is_given(raw[TOOLS]))
		return OK;
	if (json_raw_kind(raw[TOOLS]) != JSON_BOOL)
		return refuse(
			fault, keys[TOOLS], "\"tools\" is true or false.");
	out->with_tools = *raw[TOOLS].data == 't';
	out->without_tools = !out->with_tools;
	return OK;
}

enum err
llm_choice_read(struct arena *arena, struct span json, struct llm_choice *out,
	struct llm_choice_fault *fault)
{
	struct span members[N], key, value = { NULL, 0 };

	*out = (struct llm_choice){ 0 };
	if (!is_given(json))
		return OK;
	if (json_raw_kind(json) != JSON_OBJECT || json.len > LLM_CHOICE_MAX)
		return refuse(fault, NULL, "\"options\" is a small object.");
	while (json_raw_member(json, &key, &value))
		if (!is_known(key))
			return refuse(fault, NULL,
				"\"options\" has \"temperature\", "
				"\"maxTokens\", \"effort\" and \"tools\", and "
				"nothing else.");
	json_raw_pick(json, keys, N, members);
	TRY(read_temperature(arena, members[TEMPERATURE], out, fault));
	TRY(read_max_tokens(arena, members[MAX_TOKENS], out, fault));
	return read_words(arena, members, out, fault);
}

/* ---- writing */

struct span
llm_choice_write(struct arena *arena, const struct llm_choice *choice)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct span copy = { NULL, 0 };

	json_open(&w, '{');
	if (choice->temperature.data != NULL)
		json_member_raw(&w, keys[TEMPERATURE], choice->temperature);
	if (choice->max_tokens.data != NULL)
		json_member_raw(&w, keys[MAX_TOKENS], choice->max_tokens);
	if (choice->effort != LLM_EFFORT_UNSET)
		json_member_str(
			&w, keys[EFFORT], llm_effort_word(choice->effort));
	if (choice->with_tools || choice->without_tools) {
		json_member_bool(&w, keys[TOOLS], choice->with_tools);
	}
	json_close(&w, '}');
	if (text.len > 2)
		copy = arena_span(arena, buf_span(&text));
	buf_free(&text);
	return copy;
}

/* ---- applying */

/* Provider-specific option names that would override the chat's settings. */
static const struct {
	const char *key;
	enum member member;
} elsewhere[] = {
	{ "temperature", TEMPERATURE },
	{ "max_tokens", MAX_TOKENS },
	{ "max_completion_tokens", MAX_TOKENS },
	{ "max_output_tokens", MAX_TOKENS },
	{ "reasoning_effort", EFFORT },
	{ "reasoning", EFFORT },
	{ "thinking", EFFORT },
};

static bool
is_replaced(const struct llm_choice *choice, struct span key)
{
	const bool chosen[N] = {
		[TEMPERATURE] = choice->temperature.data != NULL,
		[MAX_TOKENS] = choice->max_tokens.data != NULL,
		[EFFORT] = choice->effort != LLM_EFFORT_UNSET,
	};

	for (size_t i = 0; i < LENGTH(elsewhere); i++)
		if (span_is(key, elsewhere[i].key) &&
			chosen[elsewhere[i].member])
			return true;
	return false;
}

/* Returns the options without the members that the choice replaces; in most
 * cases unchanged. */
static enum err
replace_options(struct arena *arena, const struct llm_choice *choice,
	struct llm_settings *settings)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	const struct json *value;
	bool replaced = false;
	struct span key;
	size_t at = 0;
	enum err err = OK;

	json_open(&w, '{');
	while (json_next(settings->option_list, &at, &key, &value)) {
		if (is_replaced(choice, key)) {
			replaced = true;
			continue;
		}
		json_key_span(&w, key);
		json_put(&w, value);
	}
	json_close(&w, '}');
	if (replaced) {
		settings->options = arena_span(arena, buf_span(&text));
		err = json_parse_own(
			arena, settings->options, &settings->option_list);
	}
	buf_free(&text);
	return err == OK ? OK : ERR_INTERNAL;
}

/* The smaller of the two; 0 means no limit. */
static int64_t
bounded(int64_t bound, const struct json *said)
{
	int64_t value = json_int(said, 0);

	if (json_kind(said) == JSON_DOUBLE)
		value = (int64_t)MIN(json_double(said, 0), (double)TOKENS_MAX);
	if (value < 1)
		return bound;
	return bound == 0 ? value : MIN(bound, value);
}

/* The most that a model's settings allow, under any of the names; 0 if they set
 * no limit. Gemini's options have it in a nested object. */
static int64_t
longest_reply(const struct llm_settings *settings)
{
	static const char *const places[] = { "generationConfig",
		"generation_config" };
	static const char *const names[] = { "maxOutputTokens",
		"max_output_tokens" };
	int64_t bound = settings->max_tokens.len > 0
		? strtoll(settings->max_tokens.data, NULL, 10)
		: 0;

	for (size_t i = 0; i < LENGTH(elsewhere); i++)
		if (elsewhere[i].member == MAX_TOKENS)
			bound = bounded(bound,
				json_get(settings->option_list,
					elsewhere[i].key));
	for (size_t i = 0; i < LENGTH(places) * LENGTH(names); i++)
		bound = bounded(bound,
			json_get(json_get(settings->option_list, places[i / 2]),
				names[i % 2]));
	return bound;
}

/* An administrator's maximum remains one: a choice can only lower it. */
static struct span
tokens_of(struct arena *arena, const struct llm_choice *choice, int64_t longest)
{
	int64_t chosen = strtoll(arena_str(arena, choice->max_tokens.data,
					 choice->max_tokens.len),
		NULL, 10);

	if (longest == 0 || chosen <= longest)
		return arena_span(arena, choice->max_tokens);
	return span_of(arena_printf(arena, "%" PRId64, longest));
}

enum err
llm_choice_apply(struct arena *arena, const struct llm_choice *choice,
	struct llm_settings *settings, struct llm_takes *takes)
{
	int64_t longest = longest_reply(settings);

	TRY(replace_options(arena, choice, settings));
	if (choice->temperature.data != NULL)
		settings->temperature = arena_span(arena, choice->temperature);
	if (choice->max_tokens.data != NULL)
		settings->max_tokens = tokens_of(arena, choice, longest);
	if (choice->effort != LLM_EFFORT_UNSET)
		settings->effort = choice->effort;
	if (choice->without_tools) {
		takes->way[TAKES_TOOLS] = WAY_OFF;
		takes->given[TAKES_TOOLS] = true;
	}
	return OK;
}
