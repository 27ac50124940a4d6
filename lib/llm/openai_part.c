#include "llm/openai_part.h"

#include "base/attr.h"

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

void
openai_put_passed_on(struct json_writer *w, const struct json *metadata)
{
	static const char *const ours[] = { "role", "content", "type", "text",
		"image_url", "input_audio", "file", "id", "function",
		"tool_calls", "tool_call_id", "reasoning_content",
		"extra_content" };
	const struct json *extra = json_get(metadata, "openaiCompatible");
	const struct json *value;
	struct span key;
	size_t at = 0;
	bool taken;

	while (json_next(extra, &at, &key, &value)) {
		taken = false;
		for (size_t i = 0; i < LENGTH(ours); i++)
			taken = taken || span_is(key, ours[i]);
		if (taken)
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
}

void
openai_put_system(struct json_writer *w, const struct json *parts)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < json_length(parts); i++)
		if (openai_part_is(json_at(parts, i), "text"))
			buf_put_span(&text,
				openai_part_text(json_at(parts, i), "text"));
	json_open(w, '{');
	json_member_str(w, "role", "system");
	json_member_text(w, "content", buf_span(&text));
	json_close(w, '}');
	buf_free(&text);
}
