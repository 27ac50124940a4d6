#include "demo-llm/speech.h"

struct span
speech_text(const struct json *content)
{
	struct span text = json_text(content);

	for (size_t i = 0; i < json_length(content) && text.data == NULL; i++)
		text = json_text(json_get(json_at(content, i), "text"));
	return text.data != NULL ? text : span_of("");
}

void
speech_put(struct buf *out, const char *event, struct buf *json)
{
	if (event != NULL)
		buf_printf(out, "event: %s\n", event);
	buf_printf(out, "data: %s\n\n", buf_str(json));
	buf_free(json);
}
