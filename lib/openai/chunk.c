#include "openai/chunk.h"

#include "base/attr.h"
#include "wire/count.h"
#include "json/write.h"

#define ABSENT ((struct span){ NULL, 0 })

/* ---- choices */

static const struct json *
choice_at(const struct json *choices, size_t i)
{
	if (json_kind(choices) == JSON_ARRAY)
		return json_at(choices, i);
	if (i > 0)
		return NULL;
	return json_get(choices, "0") != NULL ? json_get(choices, "0")
					      : choices;
}

const struct json *
openai_choice(const struct json *chunk, bool *zero_seen)
{
	const struct json *choices = json_get(chunk, "choices"), *choice;
	const struct json *other = NULL;

	for (size_t i = 0; i < json_length(choices); i++) {
		choice = choice_at(choices, i);
		if (json_kind(choice) != JSON_OBJECT)
			continue;
		if (llm_count(json_get(choice, "index"), 0) == 0) {
			*zero_seen = true;
			return choice;
		}
		if (other == NULL)
			other = choice;
	}
	return *zero_seen ? NULL : other;
}

const struct json *
openai_delta_of(const struct json *choice)
{
	static const char *const keys[] = { "delta", "message" };

	for (size_t i = 0; i < LENGTH(keys); i++)
		if (json_kind(json_get(choice, keys[i])) == JSON_OBJECT)
			return json_get(choice, keys[i]);
	return NULL;
}

/* ---- content */

static bool
is_thought(const struct json *part)
{
	struct span type = json_text(json_get(part, "type"));

	return span_is(type, "thinking") || span_is(type, "reasoning") ||
		span_is(type, "reasoning_text") ||
		span_is(type, "summary_text");
}

static void
put_part(struct buf *out, const struct json *part, bool thoughts, int depth);

static void
put_object(struct buf *out, const struct json *part, bool thoughts, int depth)
{
	static const char *const keys[] = { "text", "thinking", "reasoning",
		"summary", "content", "value" };

	if (is_thought(part) != thoughts)
		return;
	/* Takes the part's own strings, whatever its type says. */
	for (size_t i = 0; i < LENGTH(keys); i++) {
		const struct json *value = json_get(part, keys[i]);

		if (json_kind(value) <= JSON_NULL)
			continue;
		put_part(out, value, false, depth + 1);
		return;
	}
}

static void
put_part(struct buf *out, const struct json *part, bool thoughts, int depth)
{
	struct json_writer w = json_writer(out);

	if (depth > 4)
		return;
	switch (json_kind(part)) {
	case JSON_TEXT:
		if (!thoughts)
			buf_put_span(out, json_text(part));
		break;
	case JSON_INT:
	case JSON_DOUBLE:
		if (!thoughts)
			json_put(&w, part);
		break;
	case JSON_ARRAY:
		for (size_t i = 0; i < json_length(part); i++)
			put_part(out, json_at(part, i), thoughts, depth + 1);
		break;
	case JSON_OBJECT:
		put_object(out, part, thoughts, depth);
		break;
	case JSON_ABSENT:
	case JSON_NULL:
	case JSON_BOOL:
		break;
	}
}

void
openai_put_content(struct buf *out, const struct json *content, bool thoughts)
{
	put_part(out, content, thoughts, 0);
}

const struct json *
openai_reasoning(const struct json *delta)
{
	static const char *const keys[] = { "reasoning_content", "reasoning",
		"reasoning_text", "thinking", "thought" };

	for (size_t i = 0; i < LENGTH(keys); i++) {
		const struct json *value = json_get(delta, keys[i]);

		if (json_text(value).len > 0 ||
			(json_kind(value) >= JSON_ARRAY &&
				json_length(value) > 0))
			return value;
	}
	return NULL;
}

/* ---- the finish reason: the last one given wins */

static const struct {
	const char *word;
	enum llm_finish finish;
	enum llm_fault fault;
} finish_words[] = {
	{ "stop", LLM_FINISH_STOP, LLM_OK },
	{ "eos", LLM_FINISH_STOP, LLM_OK },
	{ "eos_token", LLM_FINISH_STOP, LLM_OK },
	{ "end_turn", LLM_FINISH_STOP, LLM_OK },
	{ "stop_sequence", LLM_FINISH_STOP, LLM_OK },
	{ "complete", LLM_FINISH_STOP, LLM_OK },
	{ "length", LLM_FINISH_LENGTH, LLM_OK },
	{ "max_tokens", LLM_FINISH_LENGTH, LLM_OK },
	{ "model_length", LLM_FINISH_LENGTH, LLM_OK },
	{ "content_filter", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "content-filter", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "safety", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "recitation", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "sensitive", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "refusal", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "prohibited_content", LLM_FINISH_CONTENT_FILTER, LLM_OK },
	{ "tool_calls", LLM_FINISH_TOOL_CALLS, LLM_OK },
	{ "tool_call", LLM_FINISH_TOOL_CALLS, LLM_OK },
	{ "tool_use", LLM_FINISH_TOOL_CALLS, LLM_OK },
	{ "function_call", LLM_FINISH_TOOL_CALLS, LLM_OK },
	/* The server gave up; sent by OpenRouter, Zhipu, DeepSeek. */
	{ "error", LLM_FINISH_OTHER, LLM_ERROR },
	{ "network_error", LLM_FINISH_OTHER, LLM_ERROR },
	{ "insufficient_system_resource", LLM_FINISH_OTHER, LLM_OVERLOADED },
};

static bool
is_word(struct span text, const char *word)
{
	return text.len == strlen(word) &&
		strncasecmp(text.data, word, text.len) == 0;
}

void
openai_take_finish(
	enum llm_finish *finish, enum llm_fault *fault, struct span word)
{
	if (word.len == 0 || is_word(word, "null") || is_word(word, "none"))
		return;
	*finish = LLM_FINISH_OTHER;
	*fault = LLM_OK;
	for (size_t i = 0; i < LENGTH(finish_words); i++)
		if (is_word(word, finish_words[i].word)) {
			*finish = finish_words[i].finish;
			*fault = finish_words[i].fault;
		}
}

/* ---- tool calls */

int64_t
openai_index(const struct json *call)
{
	int64_t index = llm_count(json_get(call, "index"), -1);

	return index < INT64_C(1000000000000000) ? index : -1;
}

struct span
openai_signature(const struct json *call)
{
	static const char *const places[] = { "extra_content",
		"provider_specific_fields" };
	const struct json *google = NULL;

	for (size_t i = 0; i < LENGTH(places) && google == NULL; i++)
		google = json_get(json_get(call, places[i]), "google");

	return json_text(json_get(google, "thought_signature"));
}
