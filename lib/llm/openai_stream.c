#include "llm/openai_stream.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/mem.h"
#include "llm/adapt.h"
#include "llm/details.h"
#include "llm/loose.h"
#include "llm/openai_chunk.h"
#include "llm/openai_delta.h"
#include "llm/openai_sources.h"
#include "llm/plain_body.h"
#include "llm/sse_parser.h"
#include "llm/think.h"
#include "llm/tool_calls.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>

/* The one call of an old server's `function_call`. */
#define LEGACY_INDEX 0

struct openai_stream {
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
	size_t held_max;
	struct plain_body plain; /* what is no event stream */
	struct sse_parser parser;
	struct think think;
	struct details details;
	struct openai_sources sources;
	struct tool_calls *calls; /* NULL until the first */
	struct llm_result result;
	struct failure failure;
	enum llm_fault gave_up; /* a finish reason that is none */
	bool begun;
	bool zero_seen; /* a choice with index 0 */
	bool any; /* there was an event with data */
	bool understood; /* and something in one */
	bool said; /* and of that something was shown */
	bool by_deltas; /* and it came in deltas */
	bool refused; /* what was shown is a refusal */
	bool done; /* [DONE] was seen */
};

/* The first thing that is shown says that the model has accepted the request:
 * an error in its place may be a refusal. */
static void
begin(struct openai_stream *stream)
{
	if (stream->begun)
		return;
	stream->begun = true;
	stream->on_event(stream->arg, &(struct llm_event){ .type = LLM_BEGIN });
}

static void
show(void *arg, const struct llm_event *event)
{
	struct openai_stream *stream = arg;

	begin(stream);
	stream->on_event(stream->arg, event);
}

static void
emit(struct openai_stream *stream, enum llm_event_type type)
{
	show(stream, &(struct llm_event){ .type = type });
}

static void
emit_text(struct openai_stream *stream, enum llm_event_type type,
	struct span text)
{
	struct llm_event event = { .type = type, .text = text };

	if (text.len == 0)
		return;
	stream->said = true;
	show(stream, &event);
}

/* ---- text */

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

static void
flush_text(struct openai_stream *stream)
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
	err = tool_calls_add(stream->calls, &fragment, show, stream);
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
	flush_text(stream);
	emit(stream, LLM_REASONING_END);
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
	flush_text(stream);
	emit(stream, LLM_REASONING_END);
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

static enum err
take_chunk(struct openai_stream *stream, const struct json *chunk)
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
	openai_sources_take(&stream->sources, chunk, delta, show, stream);
	if (err == OK && stream->details.size > stream->held_max)
		return ERR_TOO_BIG;
	return err;
}

/* False: the event must go the long way. */
static bool
take_short(struct openai_stream *stream, struct span data)
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

/* ---- events */

/* What is no JSON even after repair is no chunk. */
static enum err
parse(struct arena *arena, struct span data, const struct json **out)
{
	struct buf repaired = BUF_INIT;
	enum err err = json_parse_loose(arena, data, out);

	if (err != ERR_INVALID)
		return err;
	loose_repair(&repaired, data);
	err = json_parse_loose(arena, buf_span(&repaired), out);
	buf_free(&repaired);
	return err;
}

/* Whether the provider reports an error; one that may be none is noted. */
static bool
is_error(struct openai_stream *stream, const struct json *chunk,
	struct span data, bool named)
{
	bool error = named || openai_has_error(chunk);

	if (!error &&
		(json_kind(json_get(chunk, "choices")) > JSON_NULL ||
			*stream->failure.message != '\0' ||
			!openai_may_be_error(chunk)))
		return false;
	failure_read(&stream->failure, 0, data);
	return error;
}

/* What is wrong with an event, LLM_OK when nothing is. */
static enum llm_fault
take_event(struct openai_stream *stream, struct arena *arena, struct span data,
	bool named_error)
{
	const struct json *chunk = NULL;
	enum err err = parse(arena, data, &chunk);

	if (err == ERR_TOO_BIG)
		return LLM_TOO_BIG;
	/* Gemini's errors come in a list. */
	if (json_length(chunk) == 1 && json_kind(chunk) == JSON_ARRAY)
		chunk = json_at(chunk, 0);
	if (is_error(stream, chunk, data, named_error))
		return failure_fault(&stream->failure, LLM_ERROR);
	err = take_chunk(stream, chunk);
	if (err == OK)
		return LLM_OK;
	return err == ERR_TOO_BIG ? LLM_TOO_BIG : LLM_MALFORMED;
}

static struct span
trimmed(struct span data)
{
	while (data.len > 0 && strchr(" \t\n\r\"", *data.data) != NULL) {
		data.data++;
		data.len--;
	}
	while (data.len > 0 &&
		strchr(" \t\n\r\"", data.data[data.len - 1]) != NULL)
		data.len--;
	return data;
}

static enum err
on_data(void *arg, struct span data, bool named_error)
{
	struct openai_stream *stream = arg;
	struct arena arena = ARENA_INIT;

	/* Two gateways in a row, each with its "data:". */
	if (data.len > 5 && memcmp(data.data, "data:", 5) == 0)
		data = (struct span){ data.data + 5, data.len - 5 };
	if (data.len < 32 && span_is(trimmed(data), "[DONE]")) {
		stream->done = true;
		return OK;
	}
	stream->any = true;
	if (!named_error && take_short(stream, data))
		return OK;
	stream->result.fault = take_event(stream, &arena, data, named_error);
	arena_reset(&arena);
	return stream->result.fault == LLM_OK ? OK : ERR_UPSTREAM;
}

/* ---- the stream */

struct openai_stream *
openai_stream_open(void (*on_event)(void *, const struct llm_event *),
	void *arg, size_t held_max)
{
	struct openai_stream *stream = mem_zalloc(sizeof(*stream));

	stream->on_event = on_event;
	stream->arg = arg;
	stream->held_max = held_max;
	stream->parser = (struct sse_parser)SSE_PARSER(on_data, stream);
	stream->plain = (struct plain_body)PLAIN_BODY(on_data, stream);
	stream->result = (struct llm_result)LLM_RESULT_INIT;
	return stream;
}

void
openai_stream_free(struct openai_stream *stream)
{
	if (stream == NULL)
		return;
	sse_free(&stream->parser);
	plain_free(&stream->plain);
	think_free(&stream->think);
	details_free(&stream->details);
	openai_sources_free(&stream->sources);
	tool_calls_free(stream->calls);
	free(stream);
}

enum llm_fault
openai_stream_feed(struct openai_stream *stream, const char *bytes, size_t len)
{
	struct span rest = { bytes, len };
	enum err err;

	if (stream->result.fault != LLM_OK)
		return stream->result.fault;
	err = plain_feed(&stream->plain, &rest);
	if (err == OK && rest.len > 0)
		err = sse_feed(&stream->parser, rest.data, rest.len);
	if (err == ERR_TOO_BIG)
		stream->result.fault = LLM_TOO_BIG;
	return stream->result.fault;
}

/* [DONE] is an end as clean as that of the body; and after words an end even
 * without a reason. */
static enum llm_fault
fault_at_end(struct openai_stream *stream, bool clean)
{
	struct llm_result *result = &stream->result;

	if (stream->gave_up != LLM_OK)
		return stream->gave_up;
	if (result->finish == LLM_FINISH_NONE && stream->done &&
		(stream->said || stream->calls != NULL))
		result->finish = stream->calls != NULL ? LLM_FINISH_TOOL_CALLS
						       : LLM_FINISH_OTHER;
	if (result->finish == LLM_FINISH_STOP && stream->refused)
		result->finish = LLM_FINISH_CONTENT_FILTER;
	if (result->finish != LLM_FINISH_NONE)
		return clean || stream->done ? LLM_OK : LLM_CUT;
	if (*stream->failure.message != '\0')
		return failure_fault(&stream->failure, LLM_ERROR);
	if (!clean || stream->understood)
		return LLM_CUT;
	return stream->any ? LLM_MALFORMED : LLM_NOT_STREAM;
}

/* What the last line held, though nothing closed it. */
static void
end_body(struct openai_stream *stream)
{
	enum err err = plain_end(&stream->plain);

	if (err == OK)
		err = sse_end(&stream->parser);
	if (err == ERR_TOO_BIG)
		stream->result.fault = LLM_TOO_BIG;
}

static void
emit_kept(struct openai_stream *stream)
{
	struct buf json = BUF_INIT;

	details_write(&stream->details, &json);
	if (json.len > 0)
		show(stream,
			&(struct llm_event){
				.type = LLM_KEPT, .text = buf_span(&json) });
	buf_free(&json);
}

static void
end_calls(struct openai_stream *stream)
{
	enum err err = tool_calls_end(stream->calls, show, stream);

	if (err != OK)
		stream->result.fault =
			err == ERR_TOO_BIG ? LLM_TOO_BIG : LLM_MALFORMED;
}

/* An event has no status; what is said of the request counts as 400, of all
 * else only words that name what is not supported. */
static long
status_of_refusal(const struct failure *failure)
{
	static const char *const types[] = { "invalid_request",
		"invalid_argument", "BadRequest" };

	if (failure->status != 0)
		return failure->status;
	for (size_t i = 0; i < LENGTH(types); i++)
		if (strcasestr(failure->type, types[i]) != NULL ||
			strcasestr(failure->code, types[i]) != NULL)
			return 400;
	return 500;
}

bool
openai_stream_refused(
	const struct openai_stream *stream, struct failure *refusal)
{
	*refusal = stream->failure;
	if (stream->begun || stream->result.fault == LLM_OK ||
		*refusal->message == '\0')
		return false;
	refusal->status = status_of_refusal(refusal);
	return adapt_can(refusal);
}

struct llm_result
openai_stream_end(struct openai_stream *stream, bool clean)
{
	struct failure refusal;

	if (stream->result.fault == LLM_OK)
		end_body(stream);
	if (stream->result.fault == LLM_OK) {
		flush_text(stream);
		stream->result.fault = fault_at_end(stream, clean);
	}
	if (!openai_stream_refused(stream, &refusal))
		begin(stream);
	if (stream->result.fault != LLM_OK)
		return stream->result;
	emit_kept(stream);
	emit(stream, LLM_REASONING_END);
	emit(stream, LLM_TEXT_END);
	if (stream->calls != NULL)
		end_calls(stream);
	return stream->result;
}

const struct failure *
openai_stream_failure(const struct openai_stream *stream)
{
	return &stream->failure;
}
