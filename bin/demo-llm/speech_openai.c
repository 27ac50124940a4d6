/* Chat Completions: chunks with a delta, then [DONE]. */

#include "demo-llm/speech.h"

#include "json/write.h"

#include <inttypes.h>
#include <stdio.h>

static struct json_writer
begin_chunk(const struct spoken *spoken, struct buf *json)
{
	struct json_writer w = json_writer(json);
	char id[40];

	snprintf(id, sizeof(id), "chatcmpl-demo-%" PRIu64, spoken->number);
	json_open(&w, '{');
	json_member_str(&w, "id", id);
	json_member_str(&w, "object", "chat.completion.chunk");
	json_member_int(&w, "created", spoken->created);
	json_member_str(&w, "model", "demo");
	json_key(&w, "choices");
	json_open(&w, '[');
	return w;
}

/* A delta with one member; with *key* NULL, the empty last one. */
static void
put_delta(const struct spoken *spoken, const char *key, struct span text,
	const char *finish_reason, struct buf *out)
{
	struct buf json = BUF_INIT;
	struct json_writer w = begin_chunk(spoken, &json);

	json_open(&w, '{');
	json_member_int(&w, "index", 0);
	json_key(&w, "delta");
	json_open(&w, '{');
	if (key != NULL)
		json_member_text(&w, key, text);
	json_close(&w, '}');
	json_key(&w, "finish_reason");
	if (finish_reason != NULL)
		json_put_str(&w, finish_reason);
	else
		json_put_null(&w);
	json_close(&w, '}');
	json_close(&w, ']');
	json_close(&w, '}');
	speech_put(out, NULL, &json);
}

static void
put_usage(const struct spoken *spoken, struct buf *out)
{
	struct buf json = BUF_INIT;
	struct json_writer w = begin_chunk(spoken, &json);

	json_close(&w, ']');
	json_key(&w, "usage");
	json_open(&w, '{');
	json_member_int(&w, "prompt_tokens", spoken->n_question);
	json_member_int(&w, "completion_tokens", spoken->n_words);
	json_member_int(
		&w, "total_tokens", spoken->n_question + spoken->n_words);
	json_close(&w, '}');
	json_close(&w, '}');
	speech_put(out, NULL, &json);
}

static struct span
prompt(const struct json *request)
{
	return speech_text(
		json_get(json_at(json_get(request, "messages"), 0), "content"));
}

static void
begin(struct spoken *spoken, struct buf *out)
{
	put_delta(spoken, "role", span_of("assistant"), NULL, out);
}

static void
say(struct spoken *spoken, bool thinking, struct span word, struct buf *out)
{
	put_delta(spoken, thinking ? "reasoning_content" : "content", word,
		NULL, out);
}

static void
end(struct spoken *spoken, bool cut, struct buf *out)
{
	put_delta(spoken, NULL, span_of(""), cut ? "length" : "stop", out);
	if (spoken->with_usage)
		put_usage(spoken, out);
	buf_puts(out, "data: [DONE]\n\n");
}

const struct speech speech_openai = {
	.path = "/v1/chat/completions",
	.messages = "messages",
	.content = "content",
	.model = "assistant",
	.prompt = prompt,
	.begin = begin,
	.say = say,
	.end = end,
};
