#include "llm/openai_stream.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/mem.h"
#include "llm/openai_chunk.h"
#include "llm/openai_delta.h"
#include "llm/sse_parser.h"
#include "llm/tool_calls.h"
#include "json/json.h"

#include <stdlib.h>

struct openai_stream {
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
	struct sse_parser parser;
	struct tool_calls *calls; /* NULL until the first */
	struct llm_result result;
	bool begun;
	bool any; /* there was an event with data */
	bool done; /* [DONE] was seen */
};

static void
emit_text(struct openai_stream *stream, enum llm_event_type type,
	struct span text)
{
	struct llm_event event = { .type = type, .text = text };

	if (text.len > 0)
		stream->on_event(stream->arg, &event);
}

/* ---- usage and finish reason: the last one that is given wins */

static int64_t
tokens(const struct json *number, int64_t otherwise)
{
	double value = json_double(number, -1);

	if (value < 0)
		return otherwise;
	return value < 9e15 ? (int64_t)value : INT64_C(9000000000000000);
}

static void
take_usage(struct llm_usage *usage, const struct json *json)
{
	const struct json *in = json_get(json, "prompt_tokens_details");
	const struct json *out = json_get(json, "completion_tokens_details");

	if (json_kind(json) != JSON_OBJECT)
		return;
	usage->input = tokens(json_get(json, "prompt_tokens"), 0);
	usage->output = tokens(json_get(json, "completion_tokens"), 0);
	usage->total = tokens(
		json_get(json, "total_tokens"), usage->input + usage->output);
	usage->cached_input = tokens(json_get(in, "cached_tokens"), -1);
	usage->reasoning = tokens(json_get(out, "reasoning_tokens"), -1);
}

static const struct {
	const char *word;
	enum llm_finish finish;
} finish_words[] = {
	{ "stop", LLM_FINISH_STOP },
	{ "length", LLM_FINISH_LENGTH },
	{ "content_filter", LLM_FINISH_CONTENT_FILTER },
	{ "tool_calls", LLM_FINISH_TOOL_CALLS },
	{ "function_call", LLM_FINISH_TOOL_CALLS },
};

static void
take_finish(enum llm_finish *finish, struct span word)
{
	if (word.data == NULL)
		return;
	*finish = LLM_FINISH_OTHER;
	for (size_t i = 0; i < LENGTH(finish_words); i++)
		if (span_is(word, finish_words[i].word))
			*finish = finish_words[i].finish;
}

/* ---- content */

/* Mistral's {"type":"thinking","thinking":[{"type":"text","text":..}..]}: its
 * texts are one piece of reasoning. */
static void
take_thinking(struct openai_stream *stream, const struct json *list)
{
	struct buf joined = BUF_INIT;
	const struct json *item;

	for (size_t i = 0; i < json_length(list); i++) {
		item = json_at(list, i);
		if (span_is(json_text(json_get(item, "type")), "text"))
			buf_put_span(
				&joined, json_text(json_get(item, "text")));
	}
	emit_text(stream, LLM_REASONING, buf_span(&joined));
	buf_free(&joined);
}

static void
take_content(struct openai_stream *stream, const struct json *content)
{
	const struct json *part;
	struct span type;

	emit_text(stream, LLM_TEXT, json_text(content));
	if (json_kind(content) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_length(content); i++) {
		part = json_at(content, i);
		type = json_text(json_get(part, "type"));
		if (span_is(type, "text"))
			emit_text(stream, LLM_TEXT,
				json_text(json_get(part, "text")));
		else if (span_is(type, "thinking") &&
			json_kind(json_get(part, "thinking")) == JSON_ARRAY)
			take_thinking(stream, json_get(part, "thinking"));
	}
}

static int64_t
index_of(const struct json *call)
{
	double index = json_double(json_get(call, "index"), -1);

	return index >= 0 && index < 1e15 ? (int64_t)index : TOOL_INDEX_NONE;
}

static void
emit(struct openai_stream *stream, enum llm_event_type type)
{
	stream->on_event(stream->arg, &(struct llm_event){ .type = type });
}

static enum err
take_tool_calls(struct openai_stream *stream, const struct json *list)
{
	if (json_length(list) > 0)
		emit(stream, LLM_REASONING_END);
	for (size_t i = 0; i < json_length(list); i++) {
		const struct json *call = json_at(list, i);
		const struct json *function = json_get(call, "function");
		struct tool_fragment fragment = {
			.index = index_of(call),
			.id = json_text(json_get(call, "id")),
			.name = json_text(json_get(function, "name")),
			.arguments = json_text(json_get(function, "arguments")),
			.signature = openai_signature(call),
		};

		if (stream->calls == NULL)
			stream->calls = tool_calls_open();
		TRY(tool_calls_add(stream->calls, &fragment, stream->on_event,
			stream->arg));
	}
	return OK;
}

/* Only the first choice counts, whatever its index. */
static enum err
take_chunk(struct openai_stream *stream, const struct json *chunk)
{
	const struct json *choice = json_at(json_get(chunk, "choices"), 0);
	const struct json *delta = json_get(choice, "delta");
	const struct json *reasoning = json_get(delta, "reasoning_content");

	take_usage(&stream->result.usage, json_get(chunk, "usage"));
	take_finish(&stream->result.finish,
		json_text(json_get(choice, "finish_reason")));
	if (json_kind(reasoning) != JSON_TEXT)
		reasoning = json_get(delta, "reasoning");
	emit_text(stream, LLM_REASONING, json_text(reasoning));
	take_content(stream, json_get(delta, "content"));
	return take_tool_calls(stream, json_get(delta, "tool_calls"));
}

/* False: the event must go the long way. */
static bool
take_delta(struct openai_stream *stream, struct span data)
{
	struct buf unescaped = BUF_INIT;
	struct openai_delta delta;
	bool taken = openai_delta_read(data, &unescaped, &delta);

	if (taken) {
		emit_text(stream, LLM_REASONING, delta.reasoning);
		emit_text(stream, LLM_TEXT, delta.content);
	}
	buf_free(&unescaped);
	return taken;
}

/* What is wrong with an event, LLM_OK when nothing is. */
static enum llm_fault
take_event(struct openai_stream *stream, struct arena *arena, struct span data)
{
	const struct json *chunk;
	enum err err;

	if (json_parse_loose(arena, data, &chunk) != OK)
		return LLM_MALFORMED;
	if (openai_has_error(chunk))
		return LLM_ERROR;
	if (!openai_is_chunk(chunk))
		return LLM_MALFORMED;
	err = take_chunk(stream, chunk);
	if (err == OK)
		return LLM_OK;
	return err == ERR_TOO_BIG ? LLM_TOO_BIG : LLM_MALFORMED;
}

static enum err
on_data(void *arg, struct span data)
{
	struct openai_stream *stream = arg;
	struct arena arena = ARENA_INIT;

	if (span_is(data, "[DONE]")) {
		stream->done = true;
		return OK;
	}
	stream->any = true;
	if (take_delta(stream, data))
		return OK;
	stream->result.fault = take_event(stream, &arena, data);
	arena_reset(&arena);
	return stream->result.fault == LLM_OK ? OK : ERR_UPSTREAM;
}

/* ---- the stream */

struct openai_stream *
openai_stream_open(
	void (*on_event)(void *, const struct llm_event *), void *arg)
{
	struct openai_stream *stream = mem_zalloc(sizeof(*stream));

	stream->on_event = on_event;
	stream->arg = arg;
	stream->parser = (struct sse_parser)SSE_PARSER(on_data, stream);
	stream->result = (struct llm_result)LLM_RESULT_INIT;
	return stream;
}

void
openai_stream_free(struct openai_stream *stream)
{
	if (stream == NULL)
		return;
	sse_free(&stream->parser);
	tool_calls_free(stream->calls);
	free(stream);
}

static void
begin(struct openai_stream *stream)
{
	if (!stream->begun)
		emit(stream, LLM_BEGIN);
	stream->begun = true;
}

enum llm_fault
openai_stream_feed(struct openai_stream *stream, const char *bytes, size_t len)
{
	begin(stream);
	if (stream->result.fault == LLM_OK &&
		sse_feed(&stream->parser, bytes, len) == ERR_TOO_BIG)
		stream->result.fault = LLM_TOO_BIG;
	return stream->result.fault;
}

/* [DONE] is an end as clean as that of the body. */
static enum llm_fault
fault_at_end(const struct openai_stream *stream, bool clean)
{
	if (stream->result.finish != LLM_FINISH_NONE)
		return clean || stream->done ? LLM_OK : LLM_CUT;
	return stream->any || !clean ? LLM_CUT : LLM_NOT_STREAM;
}

struct llm_result
openai_stream_end(struct openai_stream *stream, bool clean)
{
	begin(stream);
	if (stream->result.fault == LLM_OK)
		stream->result.fault = fault_at_end(stream, clean);
	if (stream->result.fault != LLM_OK)
		return stream->result;
	emit(stream, LLM_REASONING_END);
	emit(stream, LLM_TEXT_END);
	if (stream->calls != NULL &&
		tool_calls_end(stream->calls, stream->on_event, stream->arg) !=
			OK)
		stream->result.fault = LLM_MALFORMED;
	return stream->result;
}
