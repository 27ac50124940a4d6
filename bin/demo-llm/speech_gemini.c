/* Gemini: each event is a response with the next parts. */

#include "demo-llm/speech.h"

#include "json/write.h"

#define SIGNATURE "ZGVtbw=="

static struct span
prompt(const struct json *request)
{
	return speech_text(
		json_get(json_get(request, "systemInstruction"), "parts"));
}

/* This wire has no opening event. */
static void
begin(struct spoken *spoken, struct buf *out)
{
	(void)spoken;
	(void)out;
}

static void
put_usage(struct json_writer *w, const struct spoken *spoken)
{
	json_key(w, "usageMetadata");
	json_open(w, '{');
	json_member_int(w, "promptTokenCount", spoken->n_question);
	json_member_int(w, "candidatesTokenCount", spoken->n_words);
	json_member_int(
		w, "totalTokenCount", spoken->n_question + spoken->n_words);
	json_close(w, '}');
}

/* *reason* may be NULL. */
static void
put_candidate(struct json_writer *w, struct span part, const char *reason)
{
	json_key(w, "candidates");
	json_open(w, '[');
	json_open(w, '{');
	json_key(w, "content");
	json_open(w, '{');
	json_key(w, "parts");
	json_open(w, '[');
	json_put_raw(w, part);
	json_close(w, ']');
	json_member_str(w, "role", "model");
	json_close(w, '}');
	if (reason != NULL)
		json_member_str(w, "finishReason", reason);
	json_member_int(w, "index", 0);
	json_close(w, '}');
	json_close(w, ']');
}

static void
put_event(const struct spoken *spoken, struct span part, const char *reason,
	struct buf *out)
{
	struct buf json = BUF_INIT;
	struct json_writer w = json_writer(&json);

	json_open(&w, '{');
	put_candidate(&w, part, reason);
	put_usage(&w, spoken);
	json_member_str(&w, "modelVersion", "demo");
	json_close(&w, '}');
	speech_put(out, NULL, &json);
}

static void
say(struct spoken *spoken, bool thinking, struct span word, struct buf *out)
{
	struct buf part = BUF_INIT;
	struct json_writer w = json_writer(&part);

	json_open(&w, '{');
	json_member_text(&w, "text", word);
	if (thinking) {
		json_member_bool(&w, "thought", true);
	}
	json_close(&w, '}');
	put_event(spoken, buf_span(&part), NULL, out);
	buf_free(&part);
}

static void
end(struct spoken *spoken, bool cut, struct buf *out)
{
	static const char part[] =
		"{\"text\":\"\",\"thoughtSignature\":\"" SIGNATURE "\"}";

	put_event(spoken, span_of(part), cut ? "MAX_TOKENS" : "STOP", out);
}

const struct speech speech_gemini = {
	.path = ":streamGenerateContent",
	.messages = "contents",
	.content = "parts",
	.model = "model",
	.streams = true,
	.prompt = prompt,
	.begin = begin,
	.say = say,
	.end = end,
};
