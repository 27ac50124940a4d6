#include "demo-llm/speech.h"

#include "demo-llm/answers.h"

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

bool
speech_question(const struct speech *speech, const struct json *request,
	struct span *question, bool *first)
{
	const struct json *messages = json_get(request, speech->messages);
	bool found = false;

	*first = true;
	for (size_t i = 0; i < json_length(messages); i++) {
		const struct json *message = json_at(messages, i);
		struct span role = json_text(json_get(message, "role"));
		struct span text =
			speech_text(json_get(message, speech->content));

		if (span_is(role, speech->model))
			*first = false;
		if (span_is(role, "user") && !answer_is_asked_on(text)) {
			*question = text;
			found = true;
		}
	}
	return found;
}

int64_t
speech_limit(const struct json *request)
{
	const struct json *config = json_get(request, "generationConfig");
	int64_t limit = json_int(json_get(config, "maxOutputTokens"), -1);

	limit = json_int(json_get(request, "max_output_tokens"), limit);
	return json_int(json_get(request, "max_tokens"), limit);
}

struct json_writer
speech_begin(const char *type, struct buf *json)
{
	struct json_writer w = json_writer(json);

	json_open(&w, '{');
	json_member_str(&w, "type", type);
	return w;
}

void
speech_end(const char *type, struct json_writer *w, struct buf *json,
	struct buf *out)
{
	json_close(w, '}');
	speech_put(out, type, json);
}
