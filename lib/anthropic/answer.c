#include "anthropic/answer.h"

#include "anthropic/delta.h"
#include "wire/count.h"

#include <stdlib.h>

/* ---- usage and stop reason */

/* Counts are cumulative: a later one replaces an earlier one. */
static void
take_count(int64_t *count, const struct json *usage, const char *key)
{
	*count = llm_tokens(json_get(usage, key), *count);
}

/* input_tokens excludes what is read from a cache or written to it. */
static void
take_usage(struct llm_stream *stream, const struct json *usage)
{
	struct anthropic_answer *own = stream->own;
	struct llm_usage *out = &stream->result.usage;

	take_count(&own->input, usage, "input_tokens");
	take_count(&out->cached_input, usage, "cache_read_input_tokens");
	take_count(&out->cache_write, usage, "cache_creation_input_tokens");
	take_count(&out->output, usage, "output_tokens");
	take_count(&out->reasoning, json_get(usage, "output_tokens_details"),
		"thinking_tokens");
	if (MAX(MAX(own->input, out->output),
		    MAX(out->cached_input, out->cache_write)) < 0)
		return;
	out->input = MAX(own->input, (int64_t)0) +
		MAX(out->cached_input, (int64_t)0) +
		MAX(out->cache_write, (int64_t)0);
}

static void
take_reason(struct llm_stream *stream, struct span word)
{
	static const struct {
		const char *word;
		enum llm_finish finish;
	} reasons[] = {
		{ "end_turn", LLM_FINISH_STOP },
		{ "stop_sequence", LLM_FINISH_STOP },
		{ "tool_use", LLM_FINISH_TOOL_CALLS },
		{ "max_tokens", LLM_FINISH_LENGTH },
		{ "model_context_window_exceeded", LLM_FINISH_LENGTH },
		{ "refusal", LLM_FINISH_CONTENT_FILTER },
		{ "pause_turn", LLM_FINISH_PAUSED },
	};

	if (word.len == 0)
		return;
	stream->result.finish = LLM_FINISH_OTHER;
	for (size_t i = 0; i < LENGTH(reasons); i++)
		if (span_is(word, reasons[i].word))
			stream->result.finish = reasons[i].finish;
}

/* ---- events */

static void
take_message(struct llm_stream *stream, const struct json *message)
{
	take_usage(stream, json_get(message, "usage"));
	take_reason(stream, json_text(json_get(message, "stop_reason")));
}

/* Takes a whole answer, from a server that does not stream. */
static enum err
take_whole(struct llm_stream *stream, const struct json *message)
{
	const struct json *content = json_get(message, "content");

	for (size_t i = 0;
		json_kind(content) == JSON_ARRAY && i < json_length(content);
		i++) {
		TRY(anthropic_begin_block(
			stream, (int64_t)i, json_at(content, i)));
		anthropic_stop_all(stream);
	}
	take_message(stream, message);
	stream->done = true;
	return OK;
}

static enum err
take_event(
	struct llm_stream *stream, struct span type, const struct json *event)
{
	const struct json *index = json_get(event, "index");

	if (span_is(type, "content_block_start")) {
		stream->news = true;
		return anthropic_begin_block(stream, json_int(index, 0),
			json_get(event, "content_block"));
	}
	if (span_is(type, "message"))
		return take_whole(stream, event);
	if (span_is(type, "content_block_delta")) {
		anthropic_take_delta(
			stream, json_int(index, 0), json_get(event, "delta"));
	} else if (span_is(type, "content_block_stop")) {
		anthropic_stop_block(stream, json_int(index, 0));
	} else if (span_is(type, "message_start")) {
		take_message(stream, json_get(event, "message"));
	} else if (span_is(type, "message_delta")) {
		take_usage(stream, json_get(event, "usage"));
		take_reason(stream,
			json_text(json_get(
				json_get(event, "delta"), "stop_reason")));
	} else if (span_is(type, "message_stop")) {
		stream->done = true;
	} else {
		return OK;
	}
	return OK;
}

/* Whether the event belongs to a message. */
static bool
is_of_message(struct span type)
{
	return span_begins(type, "message") ||
		span_begins(type, "content_block");
}

enum err
anthropic_take(struct llm_stream *stream, const struct json *event)
{
	struct anthropic_answer *own = stream->own;
	struct span type = json_text(json_get(event, "type"));

	if (!own->begun) {
		own->begun = true;
		own->input = -1;
	}
	stream->understood = stream->understood || is_of_message(type);
	TRY(take_event(stream, type, event));
	return anthropic_held(own) > stream->held_max ? ERR_TOO_BIG : OK;
}

bool
anthropic_take_short(struct llm_stream *stream, struct span data)
{
	struct buf unescaped = BUF_INIT;
	struct anthropic_delta delta;
	bool taken = anthropic_delta_read(data, &unescaped, &delta);

	if (taken) {
		stream->understood = true;
		anthropic_say(
			stream, delta.index, LLM_REASONING, delta.thinking);
		anthropic_say(stream, delta.index, LLM_TEXT, delta.text);
	}
	buf_free(&unescaped);
	return taken;
}

bool
anthropic_is_error(const struct json *event, bool *maybe)
{
	struct span type = json_text(json_get(event, "type"));

	*maybe = !is_of_message(type) &&
		json_kind(json_get(event, "message")) == JSON_TEXT;
	return span_is(type, "error") ||
		(!is_of_message(type) &&
			json_kind(json_get(event, "error")) > JSON_NULL);
}

/* ---- the end */

/* Ends blocks that have no end of their own, in an answer that has ended. */
void
anthropic_take_end(struct llm_stream *stream)
{
	if (stream->result.finish != LLM_FINISH_NONE || stream->done)
		anthropic_stop_all(stream);
}

enum err
anthropic_end_parts(struct llm_stream *stream)
{
	anthropic_end_blocks(
		stream, stream->result.finish == LLM_FINISH_PAUSED);
	llm_stream_emit(stream, LLM_REASONING_END);
	llm_stream_emit(stream, LLM_TEXT_END);
	return OK;
}

void
anthropic_answer_free(void *arg)
{
	struct anthropic_answer *own = arg;

	anthropic_free_open(own);
	buf_free(&own->blocks);
	buf_free(&own->ids);
	sources_free(&own->sources);
}
