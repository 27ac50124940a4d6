/* Anthropic Messages: named events, with blocks of reasoning and text. */

#include "demo-llm/speech.h"

#include "json/write.h"

#include <inttypes.h>
#include <stdio.h>

#define SIGNATURE "ZGVtbw=="

static void
put_usage(struct json_writer *w, const struct spoken *spoken, bool all)
{
	json_key(w, "usage");
	json_open(w, '{');
	if (all)
		json_member_int(w, "input_tokens", spoken->n_question);
	json_member_int(w, "output_tokens", spoken->n_words);
	json_close(w, '}');
}

static void
begin(struct spoken *spoken, struct buf *out)
{
	static const char type[] = "message_start";
	struct buf json = BUF_INIT;
	struct json_writer w = speech_begin(type, &json);
	char id[40];

	snprintf(id, sizeof(id), "msg_demo_%" PRIu64, spoken->number);
	json_key(&w, "message");
	json_open(&w, '{');
	json_member_str(&w, "id", id);
	json_member_str(&w, "type", "message");
	json_member_str(&w, "role", "assistant");
	json_member_str(&w, "model", "demo");
	json_member_raw(&w, "content", span_of("[]"));
	json_member_raw(&w, "stop_reason", span_of("null"));
	json_member_raw(&w, "stop_sequence", span_of("null"));
	put_usage(&w, spoken, true);
	json_close(&w, '}');
	speech_end(type, &w, &json, out);
}

/* ---- blocks: *key* is both the type of a delta and its member */

static const char *
key_of(const struct spoken *spoken)
{
	return spoken->thinking ? "thinking" : "text";
}

static void
put_delta(const struct spoken *spoken, const char *key, struct span text,
	struct buf *out)
{
	static const char type[] = "content_block_delta";
	struct buf json = BUF_INIT;
	struct json_writer w = speech_begin(type, &json);
	char kind[40];

	snprintf(kind, sizeof(kind), "%s_delta", key);
	json_member_int(&w, "index", (int64_t)spoken->n_blocks - 1);
	json_key(&w, "delta");
	json_open(&w, '{');
	json_member_str(&w, "type", kind);
	json_member_text(&w, key, text);
	json_close(&w, '}');
	speech_end(type, &w, &json, out);
}

static void
begin_block(struct spoken *spoken, struct buf *out)
{
	static const char type[] = "content_block_start";
	struct buf json = BUF_INIT;
	struct json_writer w = speech_begin(type, &json);

	json_member_int(&w, "index", spoken->n_blocks++);
	json_key(&w, "content_block");
	json_open(&w, '{');
	json_member_str(&w, "type", key_of(spoken));
	json_member_str(&w, key_of(spoken), "");
	json_close(&w, '}');
	speech_end(type, &w, &json, out);
}

static void
end_block(struct spoken *spoken, struct buf *out)
{
	static const char type[] = "content_block_stop";
	struct buf json = BUF_INIT;
	struct json_writer w;

	if (spoken->n_blocks == 0)
		return;
	if (spoken->thinking)
		put_delta(spoken, "signature", span_of(SIGNATURE), out);
	w = speech_begin(type, &json);
	json_member_int(&w, "index", (int64_t)spoken->n_blocks - 1);
	speech_end(type, &w, &json, out);
}

static void
say(struct spoken *spoken, bool thinking, struct span word, struct buf *out)
{
	if (spoken->n_blocks == 0 || thinking != spoken->thinking) {
		end_block(spoken, out);
		spoken->thinking = thinking;
		begin_block(spoken, out);
	}
	put_delta(spoken, key_of(spoken), word, out);
}

static void
end(struct spoken *spoken, bool cut, struct buf *out)
{
	static const char type[] = "message_delta", stop[] = "message_stop";
	struct buf json = BUF_INIT;
	struct json_writer w;

	end_block(spoken, out);
	w = speech_begin(type, &json);
	json_key(&w, "delta");
	json_open(&w, '{');
	json_member_str(&w, "stop_reason", cut ? "max_tokens" : "end_turn");
	json_member_raw(&w, "stop_sequence", span_of("null"));
	json_close(&w, '}');
	put_usage(&w, spoken, false);
	speech_end(type, &w, &json, out);
	w = speech_begin(stop, &json);
	speech_end(stop, &w, &json, out);
}

static struct span
prompt(const struct json *request)
{
	return speech_text(json_get(request, "system"));
}

const struct speech speech_anthropic = {
	.path = "/v1/messages",
	.messages = "messages",
	.content = "content",
	.model = "assistant",
	.prompt = prompt,
	.begin = begin,
	.say = say,
	.end = end,
};
