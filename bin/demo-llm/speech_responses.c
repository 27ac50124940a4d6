/* OpenAI Responses: named events, with items of reasoning and text. */

#include "demo-llm/speech.h"

#include "json/write.h"

#include <inttypes.h>
#include <stdio.h>

#define STATE "ZGVtbw=="

/* ---- the response */

static void
put_usage(struct json_writer *w, const struct spoken *spoken)
{
	json_key(w, "usage");
	json_open(w, '{');
	json_member_int(w, "input_tokens", spoken->n_question);
	json_member_raw(
		w, "input_tokens_details", span_of("{\"cached_tokens\":0}"));
	json_member_int(w, "output_tokens", spoken->n_words);
	json_member_raw(w, "output_tokens_details",
		span_of("{\"reasoning_tokens\":0}"));
	json_member_int(
		w, "total_tokens", spoken->n_question + spoken->n_words);
	json_close(w, '}');
}

static void
put_response(const struct spoken *spoken, const char *status, bool ended,
	bool cut, struct json_writer *w)
{
	char id[40];

	snprintf(id, sizeof(id), "resp_demo_%" PRIu64, spoken->number);
	json_key(w, "response");
	json_open(w, '{');
	json_member_str(w, "id", id);
	json_member_str(w, "object", "response");
	json_member_int(w, "created_at", (int64_t)spoken->created);
	json_member_str(w, "status", status);
	json_member_raw(w, "error", span_of("null"));
	json_member_raw(w, "incomplete_details",
		span_of(cut ? "{\"reason\":\"max_output_tokens\"}" : "null"));
	json_member_str(w, "model", "demo");
	json_member_raw(w, "output", span_of("[]"));
	if (ended)
		put_usage(w, spoken);
	json_close(w, '}');
}

static void
begin(struct spoken *spoken, struct buf *out)
{
	static const char type[] = "response.created";
	struct buf json = BUF_INIT;
	struct json_writer w = speech_begin(type, &json);

	put_response(spoken, "in_progress", false, false, &w);
	speech_end(type, &w, &json, out);
}

/* ---- items */

static void
put_id(const struct spoken *spoken, const char *key, struct json_writer *w)
{
	char id[60];

	snprintf(id, sizeof(id), "%s_demo_%" PRIu64 "_%u",
		spoken->thinking ? "rs" : "msg", spoken->number,
		spoken->n_blocks);
	json_member_str(w, key, id);
}

/* Omits the content, which was sent in pieces. */
static void
put_item(const struct spoken *spoken, const char *type, const char *status,
	struct buf *out)
{
	struct buf json = BUF_INIT;
	struct json_writer w = speech_begin(type, &json);

	json_member_int(&w, "output_index", (int64_t)spoken->n_blocks - 1);
	json_key(&w, "item");
	json_open(&w, '{');
	put_id(spoken, "id", &w);
	if (spoken->thinking) {
		json_member_str(&w, "type", "reasoning");
		json_member_raw(&w, "summary", span_of("[]"));
		json_member_str(&w, "encrypted_content", STATE);
	} else {
		json_member_str(&w, "type", "message");
		json_member_str(&w, "status", status);
		json_member_str(&w, "role", "assistant");
		json_member_raw(&w, "content", span_of("[]"));
	}
	json_close(&w, '}');
	speech_end(type, &w, &json, out);
}

static void
put_part(const struct spoken *spoken, struct buf *out)
{
	const char *type = spoken->thinking
		? "response.reasoning_summary_part.added"
		: "response.content_part.added";
	struct buf json = BUF_INIT;
	struct json_writer w = speech_begin(type, &json);

	put_id(spoken, "item_id", &w);
	json_member_int(&w, "output_index", (int64_t)spoken->n_blocks - 1);
	json_member_int(
		&w, spoken->thinking ? "summary_index" : "content_index", 0);
	json_member_raw(&w, "part",
		span_of(spoken->thinking
				? "{\"type\":\"summary_text\",\"text\":\"\"}"
				: "{\"type\":\"output_text\",\"text\":\"\","
				  "\"annotations\":[]}"));
	speech_end(type, &w, &json, out);
}

static void
end_item(const struct spoken *spoken, struct buf *out)
{
	if (spoken->n_blocks > 0)
		put_item(spoken, "response.output_item.done", "completed", out);
}

static void
say(struct spoken *spoken, bool thinking, struct span word, struct buf *out)
{
	const char *type = thinking ? "response.reasoning_summary_text.delta"
				    : "response.output_text.delta";
	struct buf json = BUF_INIT;
	struct json_writer w;

	if (spoken->n_blocks == 0 || thinking != spoken->thinking) {
		end_item(spoken, out);
		spoken->thinking = thinking;
		spoken->n_blocks++;
		put_item(spoken, "response.output_item.added", "in_progress",
			out);
		put_part(spoken, out);
	}
	w = speech_begin(type, &json);
	put_id(spoken, "item_id", &w);
	json_member_int(&w, "output_index", (int64_t)spoken->n_blocks - 1);
	json_member_int(&w, thinking ? "summary_index" : "content_index", 0);
	json_member_text(&w, "delta", word);
	speech_end(type, &w, &json, out);
}

static void
end(struct spoken *spoken, bool cut, struct buf *out)
{
	const char *type = cut ? "response.incomplete" : "response.completed";
	struct buf json = BUF_INIT;
	struct json_writer w;

	end_item(spoken, out);
	w = speech_begin(type, &json);
	put_response(spoken, cut ? "incomplete" : "completed", true, cut, &w);
	speech_end(type, &w, &json, out);
}

static struct span
prompt(const struct json *request)
{
	return speech_text(json_get(request, "instructions"));
}

const struct speech speech_responses = {
	.path = "/v1/responses",
	.messages = "input",
	.content = "content",
	.model = "assistant",
	.prompt = prompt,
	.begin = begin,
	.say = say,
	.end = end,
};
