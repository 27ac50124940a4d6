#include "llm/openai_stream_private.h"

#include "base/buf.h"
#include "llm/openai_chunk.h"
#include "llm/openai_delta.h"
#include "json/write.h"

/* The one call of an old server's `function_call`. */
#define LEGACY_INDEX 0

/* ---- text */

static void
emit_text(struct openai_stream *stream, enum llm_event_type type,
	struct span text)
{
	struct llm_event event = { .type = type, .text = text };

	if (text.len == 0)
		return;
	stream->said = true;
	openai_stream_show(stream, &event);
}

static void
put_thought(void *arg, bool reasoning, struct span text)
{
	emit_text(arg, reasoning ? LLM_REASONING : LLM_TEXT, text);
}

static void
take_text(struct openai_stream *stream, struct span text)
{
	const struct think_out out = { put_thought, stream };

	if (text.len > 0)
		think_feed(&stream->think, text, &out);
}

void
openai_take_rest(struct openai_stream *stream)
{
	const struct think_out out = { put_thought, stream };

	think_flush(&stream->think, &out);
}

/* In a list texts and thoughts follow one another. */
static void
take_content(struct openai_stream *stream, const struct json *content)
{
	bool list = json_kind(content) == JSON_ARRAY;
	size_t n = list ? json_length(content) : 1;
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < n; i++) {
		const struct json *part = list ? json_at(content, i) : content;

		buf_clear(&text);
		openai_put_content(&text, part, true);
		emit_text(stream, LLM_REASONING, buf_span(&text));
		buf_clear(&text);
		openai_put_content(&text, part, false);
		take_text(stream, buf_span(&text));
	}
	buf_free(&text);
}

/* The details repeat the reasoning where both are there. */
static void
take_reasoning(struct openai_stream *stream, const struct json *delta)
{
	const struct json *details = json_get(delta, "reasoning_details");
	const struct json *reasoning = openai_reasoning(delta);
	struct buf text = BUF_INIT;

	details_add(&stream->details, details);
	if (reasoning == NULL) {
		details_text(details, &text);
	} else {
		openai_put_content(&text, reasoning, false);
		if (text.len == 0)
			openai_put_content(&text, reasoning, true);
	}
	emit_text(stream, LLM_REASONING, buf_span(&text));
	buf_free(&text);
}

/* What a model says instead of a content: a refusal; what it speaks. */
static void
take_instead(struct openai_stream *stream, const struct json *delta)
{
	struct span refusal = json_text(json_get(delta, "refusal"));

	stream->refused = stream->refused || refusal.len > 0;
	take_text(stream, refusal);
	take_text(stream,
		json_text(json_get(json_get(delta, "audio"), "transcript")));
}

/* ---- tool calls */

static enum err
take_tool_call(struct openai_stream *stream, const struct json *call,
	const struct json *function, int64_t index)
{
	const struct json *arguments = json_get(function, "arguments");
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	struct tool_fragment fragment = {
		.index = index >= 0 ? index : TOOL_INDEX_NONE,
		.id = json_text(json_get(call, "id")),
		.name = json_text(json_get(function, "name")),
		.arguments = json_text(arguments),
		.signature = openai_signature(call),
	};
	enum err err;

	if (json_kind(arguments) > JSON_NULL &&
		json_kind(arguments) != JSON_TEXT) {
		json_put(&w, arguments);
		fragment.arguments = buf_span(&text);
	}
	if (stream->calls == NULL)
		stream->calls = tool_calls_open(stream->held_max);
	err = tool_calls_add(
		stream->calls, &fragment, openai_stream_show, stream);
	buf_free(&text);
	return err;
}

static bool
is_fragment(const struct json *call, const struct json *function)
{
	return json_text(json_get(call, "id")).len > 0 ||
		json_kind(json_get(function, "name")) == JSON_TEXT ||
		json_kind(json_get(function, "arguments")) > JSON_NULL;
}

static enum err
take_call(struct openai_stream *stream, const struct json *call)
{
	const struct json *function = json_get(call, "function");

	/* Name and arguments may stand in the call itself. */
	if (json_kind(function) != JSON_OBJECT)
		function = call;
	if (!is_fragment(call, function))
		return OK;
	openai_take_rest(stream);
	openai_stream_emit(stream, LLM_REASONING_END);
	return take_tool_call(stream, call, function, openai_index(call));
}

static enum err
take_tool_calls(struct openai_stream *stream, const struct json *delta)
{
	const struct json *list = json_get(delta, "tool_calls");
	const struct json *legacy = json_get(delta, "function_call");

	if (json_kind(list) == JSON_OBJECT)
		return take_call(stream, list);
	for (size_t i = 0; i < json_length(list); i++)
		TRY(take_call(stream, json_at(list, i)));
	if (json_length(list) > 0 || !is_fragment(NULL, legacy))
		return OK;
	openai_take_rest(stream);
	openai_stream_emit(stream, LLM_REASONING_END);
	return take_tool_call(stream, NULL, legacy, LEGACY_INDEX);
}

/* ---- chunks */

static enum err
take_delta(struct openai_stream *stream, const struct json *delta)
{
	struct span text = json_text(json_get(delta, "content"));

	take_reasoning(stream, delta);
	take_content(stream, json_get(delta, "content"));
	if (text.len == 0)
		take_instead(stream, delta);
	return take_tool_calls(stream, delta);
}

enum err
openai_take_chunk(struct openai_stream *stream, const struct json *chunk)
{
	const struct json *choice = openai_choice(chunk, &stream->zero_seen);
	const struct json *delta = openai_delta_of(choice);
	bool is_delta = json_kind(json_get(choice, "delta")) == JSON_OBJECT;
	enum err err;

	openai_take_usage(&stream->result.usage, chunk);
	openai_take_finish(&stream->result.finish, &stream->gave_up,
		json_text(json_get(choice, "finish_reason")));
	/* After deltas a whole message says it all again. */
	if (!is_delta && stream->by_deltas)
		delta = NULL;
	/* As a server of plain completions has it. */
	else if (delta == NULL)
		take_text(stream, json_text(json_get(choice, "text")));
	stream->understood = stream->understood || choice != NULL;
	err = take_delta(stream, delta);
	stream->by_deltas = stream->by_deltas ||
		(is_delta && (stream->said || stream->calls != NULL));
	openai_sources_take(
		&stream->sources, chunk, delta, openai_stream_show, stream);
	if (err == OK && stream->details.size > stream->held_max)
		return ERR_TOO_BIG;
	return err;
}

/* False: the event must go the long way. */
bool
openai_take_short(struct openai_stream *stream, struct span data)
{
	struct buf unescaped = BUF_INIT;
	struct openai_delta delta;
	bool taken = openai_delta_read(data, &unescaped, &delta);

	if (taken) {
		stream->understood = stream->zero_seen = true;
		stream->by_deltas = stream->by_deltas ||
			delta.content.len + delta.reasoning.len > 0;
		emit_text(stream, LLM_REASONING, delta.reasoning);
		take_text(stream, delta.content);
	}
	buf_free(&unescaped);
	return taken;
}
