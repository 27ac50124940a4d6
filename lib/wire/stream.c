#include "wire/stream.h"

#include "base/arena.h"
#include "base/attr.h"
#include "base/mem.h"
#include "wire/adapt.h"
#include "wire/count.h"
#include "wire/loose.h"

#include <stdlib.h>

/* ---- reporting events */

/* The first event means that the model has accepted the request; an error in
 * its place may be a refusal. */
static void
begin(struct llm_stream *stream)
{
	if (stream->begun)
		return;
	stream->begun = true;
	stream->on_event(stream->arg, &(struct llm_event){ .type = LLM_BEGIN });
}

static bool
is_news(const struct llm_event *event)
{
	return event->text.len + event->name.len + event->kept.len > 0;
}

void
llm_stream_show(void *arg, const struct llm_event *event)
{
	struct llm_stream *stream = arg;

	stream->news = stream->news || is_news(event);
	begin(stream);
	stream->on_event(stream->arg, event);
}

void
llm_stream_emit(struct llm_stream *stream, enum llm_event_type type)
{
	llm_stream_show(stream, &(struct llm_event){ .type = type });
}

void
llm_stream_say_in(struct llm_stream *stream, unsigned block,
	enum llm_event_type type, struct span text)
{
	struct llm_event event = { .type = type, .block = block, .text = text };

	if (text.len == 0)
		return;
	stream->said = true;
	llm_stream_show(stream, &event);
}

void
llm_stream_say(
	struct llm_stream *stream, enum llm_event_type type, struct span text)
{
	llm_stream_say_in(stream, 0, type, text);
}

/* At the end: whether the answer was meant to call a tool: it says so, or says
 * nothing else. Some gateways add an empty call to text. */
static bool
means_call(const struct llm_stream *stream)
{
	return !stream->said || stream->result.finish == LLM_FINISH_TOOL_CALLS;
}

enum err
llm_stream_end_parts(struct llm_stream *stream, struct tool_calls *calls)
{
	llm_stream_emit(stream, LLM_REASONING_END);
	llm_stream_emit(stream, LLM_TEXT_END);
	return calls == NULL ? OK
			     : tool_calls_end(calls, means_call(stream),
				       llm_stream_show, stream);
}

/* ---- events */

/* A value that is not JSON even after repair is not a chunk. */
static enum err
parse(struct arena *arena, struct span data, const struct json **out)
{
	struct buf repaired = BUF_INIT;
	enum err err = json_parse_loose(arena, data, out);

	if (err != ERR_INVALID || data.len > SSE_REPAIR_MAX)
		return err;
	loose_repair(&repaired, data);
	err = json_parse_loose(arena, buf_span(&repaired), out);
	buf_free(&repaired);
	return err;
}

/* Whether an event has reported an error. */
static bool
has_failed(const struct llm_stream *stream)
{
	return *llm_stream_failure(stream)->message != '\0';
}

/* Whether the provider reports an error; a possible error is only noted. */
static bool
is_error(struct llm_stream *stream, const struct json *chunk, struct span data,
	bool named)
{
	bool maybe = false;
	bool error = stream->wire->is_error(chunk, &maybe) || named;

	if (!error && (!maybe || has_failed(stream)))
		return false;
	if (stream->failure == NULL)
		stream->failure = mem_zalloc(sizeof(*stream->failure));
	failure_read(stream->failure, 0, data);
	return error;
}

/* Returns what is wrong with an event; LLM_OK if nothing is. */
static enum llm_fault
take_event(struct llm_stream *stream, struct arena *arena, struct span data,
	bool named_error)
{
	const struct json *chunk = NULL;
	enum err err = parse(arena, data, &chunk);

	if (err == ERR_TOO_BIG)
		return LLM_TOO_BIG;
	/* Gemini sends errors in a list. */
	if (json_length(chunk) == 1 && json_kind(chunk) == JSON_ARRAY)
		chunk = json_at(chunk, 0);
	if (is_error(stream, chunk, data, named_error))
		return failure_fault(stream->failure, LLM_ERROR);
	err = stream->wire->take(stream, chunk);
	if (err == OK)
		return LLM_OK;
	return err == ERR_TOO_BIG ? LLM_TOO_BIG : LLM_MALFORMED;
}

static enum err
on_data(void *arg, struct span data, bool named_error)
{
	struct llm_stream *stream = arg;
	struct arena arena = ARENA_INIT;

	/* Two gateways in succession have each added "data:". */
	if (data.len > 5 && memcmp(data.data, "data:", 5) == 0)
		data = (struct span){ data.data + 5, data.len - 5 };
	if (data.len < 32 &&
		span_is(span_trimmed(data, " \t\n\r\""), "[DONE]")) {
		stream->done = true;
		return OK;
	}
	stream->any = true;
	if (!named_error && stream->wire->take_short != NULL &&
		stream->wire->take_short(stream, data))
		return OK;
	stream->result.fault = take_event(stream, &arena, data, named_error);
	arena_reset(&arena);
	return stream->result.fault == LLM_OK ? OK : ERR_UPSTREAM;
}

static enum err
on_large(void *arg, struct span head, struct span tail)
{
	struct llm_stream *stream = arg;

	stream->any = true;
	return stream->wire->take_large != NULL
		? stream->wire->take_large(stream, head, tail)
		: ERR_TOO_BIG;
}

/* ---- the stream */

struct llm_stream *
llm_stream_open(const struct wire *wire,
	void (*on_event)(void *, const struct llm_event *), void *arg,
	size_t held_max)
{
	struct llm_stream *stream = mem_zalloc(sizeof(*stream));

	stream->wire = wire;
	stream->own = mem_zalloc(wire->own_size);
	stream->on_event = on_event;
	stream->arg = arg;
	stream->held_max = held_max;
	stream->parser = (struct sse_parser)SSE_PARSER(on_data, stream);
	stream->parser.on_large = on_large;
	stream->plain = (struct plain_body)PLAIN_BODY(on_data, stream);
	stream->result = (struct llm_result)LLM_RESULT_INIT;
	return stream;
}

void
llm_stream_free(struct llm_stream *stream)
{
	if (stream == NULL)
		return;
	sse_free(&stream->parser);
	plain_free(&stream->plain);
	if (stream->wire->free_own != NULL)
		stream->wire->free_own(stream->own);
	free(stream->own);
	free(stream->failure);
	free(stream);
}

enum llm_fault
llm_stream_feed(struct llm_stream *stream, const char *bytes, size_t len)
{
	int64_t output = stream->result.usage.output;
	struct span rest = { bytes, len };
	enum err err;

	if (stream->result.fault != LLM_OK)
		return stream->result.fault;
	err = plain_feed(&stream->plain, &rest);
	if (err == OK && rest.len > 0)
		err = sse_feed(&stream->parser, rest.data, rest.len);
	if (err == ERR_TOO_BIG)
		stream->result.fault = LLM_TOO_BIG;
	/* Reasoning that is not shown is visible only in the token count. */
	stream->news = stream->news || stream->result.usage.output > output;
	return stream->result.fault;
}

/* [DONE] is as clean an end as the end of the body; after text it is an end
 * even without a finish reason. */
static enum llm_fault
fault_at_end(struct llm_stream *stream, bool clean)
{
	struct llm_result *result = &stream->result;

	if (stream->gave_up != LLM_OK)
		return stream->gave_up;
	if (result->finish == LLM_FINISH_NONE && stream->done &&
		(stream->said || stream->called))
		result->finish = stream->called ? LLM_FINISH_TOOL_CALLS
						: LLM_FINISH_OTHER;
	if (result->finish == LLM_FINISH_STOP && stream->refused)
		result->finish = LLM_FINISH_CONTENT_FILTER;
	if (result->finish != LLM_FINISH_NONE)
		return clean || stream->done ? LLM_OK : LLM_CUT;
	if (has_failed(stream))
		return failure_fault(stream->failure, LLM_ERROR);
	if (!clean || stream->understood)
		return LLM_CUT;
	return stream->any ? LLM_MALFORMED : LLM_NOT_STREAM;
}

/* Takes a last line that nothing has ended. */
static void
end_body(struct llm_stream *stream)
{
	enum err err = plain_end(&stream->plain);

	if (err == OK)
		err = sse_end(&stream->parser);
	if (err == ERR_TOO_BIG)
		stream->result.fault = LLM_TOO_BIG;
}

/* An event has no HTTP status. An error about the request counts as 400; any
 * other error counts only if its words name something unsupported. */
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
llm_stream_refused(const struct llm_stream *stream, struct failure *refusal)
{
	*refusal = *llm_stream_failure(stream);
	if (stream->begun || stream->result.fault == LLM_OK ||
		*refusal->message == '\0')
		return false;
	refusal->status = status_of_refusal(refusal);
	return adapt_can(refusal);
}

/* The status that the error would have had before the answer; 0 if it is not
 * temporary. */
static long
status_of_passing(enum llm_fault fault, const struct failure *failure)
{
	static const char *const words[] = { "server_error", "api_error",
		"internal_error", "unavailable", "timeout_error" };

	if (failure->status != 0)
		return failure_may_pass(failure->status) ? failure->status : 0;
	if (fault == LLM_OVERLOADED)
		return 529;
	if (fault == LLM_THROTTLED)
		return 429;
	for (size_t i = 0; fault == LLM_ERROR && i < LENGTH(words); i++)
		if (strcasestr(failure->type, words[i]) != NULL ||
			strcasestr(failure->code, words[i]) != NULL)
			return 500;
	return 0;
}

bool
llm_stream_may_pass(const struct llm_stream *stream, struct failure *failure)
{
	enum llm_fault fault = stream->result.fault;

	*failure = *llm_stream_failure(stream);
	if (stream->begun || *failure->message == '\0' ||
		(fault != LLM_ERROR && fault != LLM_OVERLOADED &&
			fault != LLM_THROTTLED && fault != LLM_FAILED))
		return false;
	failure->status = status_of_passing(fault, failure);
	return failure->status != 0;
}

struct llm_result
llm_stream_end(struct llm_stream *stream, bool clean)
{
	struct failure said;
	enum err err;

	if (stream->result.fault == LLM_OK)
		end_body(stream);
	llm_usage_settle(&stream->result.usage);
	if (stream->result.fault == LLM_OK) {
		if (stream->wire->take_end != NULL)
			stream->wire->take_end(stream);
		stream->result.fault = fault_at_end(stream, clean);
	}
	if (!llm_stream_refused(stream, &said) &&
		!llm_stream_may_pass(stream, &said))
		begin(stream);
	if (stream->result.fault != LLM_OK)
		return stream->result;
	err = stream->wire->end_parts(stream);
	if (err != OK)
		stream->result.fault =
			err == ERR_TOO_BIG ? LLM_TOO_BIG : LLM_MALFORMED;
	return stream->result;
}

const struct failure *
llm_stream_failure(const struct llm_stream *stream)
{
	static const struct failure none = { .status = 0 };

	return stream->failure != NULL ? stream->failure : &none;
}
