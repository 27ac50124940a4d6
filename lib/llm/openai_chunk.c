#include "llm/openai_chunk.h"

/* Absent and null are the same to providers. */
static bool
is_kind(const struct json *json, enum json_kind kind)
{
	enum json_kind is = json_kind(json);

	return is == kind || is == JSON_NULL || is == JSON_ABSENT;
}

static bool
is_number(const struct json *json)
{
	return is_kind(json, JSON_INT) || is_kind(json, JSON_DOUBLE);
}

static bool
is_usage(const struct json *usage)
{
	const struct json *in = json_get(usage, "prompt_tokens_details");
	const struct json *out = json_get(usage, "completion_tokens_details");

	if (json_kind(usage) != JSON_OBJECT)
		return is_kind(usage, JSON_NULL);
	return is_number(json_get(usage, "prompt_tokens")) &&
		is_number(json_get(usage, "completion_tokens")) &&
		is_number(json_get(usage, "total_tokens")) &&
		is_kind(in, JSON_OBJECT) && is_kind(out, JSON_OBJECT) &&
		is_number(json_get(in, "cached_tokens")) &&
		is_number(json_get(out, "reasoning_tokens")) &&
		is_number(json_get(out, "accepted_prediction_tokens")) &&
		is_number(json_get(out, "rejected_prediction_tokens"));
}

static bool
is_content(const struct json *content)
{
	if (is_kind(content, JSON_TEXT))
		return true;
	for (size_t i = 0; i < json_length(content); i++)
		if (json_text(json_get(json_at(content, i), "type")).data ==
			NULL)
			return false;
	return json_kind(content) == JSON_ARRAY;
}

static const struct json *
google(const struct json *call)
{
	return json_get(json_get(call, "extra_content"), "google");
}

static bool
is_tool_call(const struct json *call)
{
	const struct json *function = json_get(call, "function");

	return json_kind(function) == JSON_OBJECT &&
		is_number(json_get(call, "index")) &&
		is_kind(json_get(call, "id"), JSON_TEXT) &&
		is_kind(json_get(function, "name"), JSON_TEXT) &&
		is_kind(json_get(function, "arguments"), JSON_TEXT) &&
		is_kind(json_get(call, "extra_content"), JSON_OBJECT) &&
		is_kind(google(call), JSON_OBJECT) &&
		is_kind(json_get(google(call), "thought_signature"), JSON_TEXT);
}

static bool
is_role(const struct json *role)
{
	struct span text = json_text(role);

	return is_kind(role, JSON_TEXT) &&
		(text.len == 0 || span_is(text, "assistant"));
}

static bool
is_delta(const struct json *delta)
{
	const struct json *calls = json_get(delta, "tool_calls");

	if (!is_kind(delta, JSON_OBJECT) || !is_role(json_get(delta, "role")) ||
		!is_content(json_get(delta, "content")) ||
		!is_kind(json_get(delta, "reasoning_content"), JSON_TEXT) ||
		!is_kind(json_get(delta, "reasoning"), JSON_TEXT) ||
		!is_kind(calls, JSON_ARRAY))
		return false;
	for (size_t i = 0; i < json_length(calls); i++)
		if (!is_tool_call(json_at(calls, i)))
			return false;
	return true;
}

bool
openai_is_chunk(const struct json *chunk)
{
	const struct json *choices = json_get(chunk, "choices"), *choice;

	if (json_kind(choices) != JSON_ARRAY ||
		!is_kind(json_get(chunk, "id"), JSON_TEXT) ||
		!is_kind(json_get(chunk, "model"), JSON_TEXT) ||
		!is_number(json_get(chunk, "created")) ||
		!is_usage(json_get(chunk, "usage")))
		return false;
	for (size_t i = 0; i < json_length(choices); i++) {
		choice = json_at(choices, i);
		if (json_kind(choice) != JSON_OBJECT ||
			!is_kind(
				json_get(choice, "finish_reason"), JSON_TEXT) ||
			!is_delta(json_get(choice, "delta")))
			return false;
	}
	return true;
}

bool
openai_has_error(const struct json *chunk)
{
	return !is_kind(json_get(chunk, "error"), JSON_NULL);
}

struct span
openai_signature(const struct json *call)
{
	return json_text(json_get(google(call), "thought_signature"));
}
