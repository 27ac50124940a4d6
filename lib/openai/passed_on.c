#include "openai/messages.h"

#include "base/attr.h"

/* Whether we write this member ourselves or always leave it out. */
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
