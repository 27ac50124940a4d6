#include "llm/openai_part.h"

#include "base/attr.h"
#include "llm/kept.h"

const struct json *
openai_kept(const struct openai_messages *m, const struct json *metadata,
	const char *key, bool own)
{
	const struct json *kept = json_get(metadata, key);
	struct span model = openai_part_text(kept, KEPT_MODEL);

	if (model.data == NULL ? !own : !span_is(model, m->model))
		return NULL;
	return kept;
}

struct span
openai_part_text(const struct json *part, const char *key)
{
	return json_text(json_get(part, key));
}

bool
openai_part_is(const struct json *part, const char *type)
{
	return span_is(openai_part_text(part, "type"), type);
}

bool
openai_part_in_state(const struct json *part, const char *state)
{
	return span_is(openai_part_text(part, "state"), state);
}

bool
openai_is_blank(struct span text)
{
	for (size_t i = 0; i < text.len; i++)
		if (text.data[i] == '\0' ||
			strchr(" \t\r\n\v\f", text.data[i]) == NULL)
			return false;
	return true;
}

/* Whether a member is ours to write, or ours to leave out. */
static bool
is_ours(struct span key)
{
	static const char *const ours[] = { "role", "content", "type", "text",
		"image_url", "input_audio", "file", "id", "function",
		"tool_calls", "tool_call_id", "reasoning_content",
		"reasoning_details", "extra_content" };

	for (size_t i = 0; i < LENGTH(ours); i++)
		if (span_is(key, ours[i]))
			return true;
	return false;
}

bool
openai_has_passed_on(const struct json *metadata)
{
	return json_length(json_get(metadata, "openaiCompatible")) > 0;
}

void
openai_put_passed_on(struct json_writer *w, const struct json *metadata)
{
	const struct json *extra = json_get(metadata, "openaiCompatible");
	const struct json *value;
	struct span key;
	size_t at = 0;

	while (json_next(extra, &at, &key, &value)) {
		if (is_ours(key))
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}
