/* Reads whole responses: in the first and last events, and as the only answer
 * of a server that does not stream. */

#include "responses/answer.h"

#include "base/arena.h"
#include "base/mem.h"
#include "wire/count.h"
#include "json/write.h"

/* In bytes; parsing a smaller event is cheap. */
#define LARGE 4096

/* ---- the reason of the end */

static enum llm_finish
finish_of(const struct llm_stream *stream, const struct json *response)
{
	const struct json *details = json_get(response, "incomplete_details");
	struct span status = json_text(json_get(response, "status"));
	struct span reason = json_text(json_get(details, "reason"));

	if (span_is(reason, "max_output_tokens") ||
		span_is(reason, "max_tokens") || span_is(reason, "length"))
		return LLM_FINISH_LENGTH;
	if (span_is(reason, "content_filter"))
		return LLM_FINISH_CONTENT_FILTER;
	if (stream->called)
		return LLM_FINISH_TOOL_CALLS;
	return reason.len > 0 || span_is(status, "incomplete")
		? LLM_FINISH_OTHER
		: LLM_FINISH_STOP;
}

static void
fail(struct llm_stream *stream, const struct json *error)
{
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);

	json_put(&w, error);
	if (stream->failure == NULL)
		stream->failure = mem_zalloc(sizeof(*stream->failure));
	failure_read(stream->failure, 0, buf_span(&text));
	stream->gave_up = failure_fault(stream->failure, LLM_ERROR);
	buf_free(&text);
}

/* ---- the output, if nothing of it came before */

/* Reads the known kinds of items. *only_calls*: a server that streams its texts
 * may have its calls only here. */
static enum err
take_output(
	struct llm_stream *stream, const struct json *output, bool only_calls)
{
	struct responses_answer *own = stream->own;

	for (size_t i = 0; i < json_length(output); i++) {
		const struct json *json = json_at(output, i);
		enum responses_kind kind = responses_kind_of(json);
		struct responses_item *item;

		if (kind == RESPONSES_OTHER ||
			(only_calls && kind != RESPONSES_CALL))
			continue;
		item = responses_item(
			own, kind, json_text(json_get(json, "id")), (int64_t)i);
		if (item == NULL)
			return ERR_TOO_BIG;
		TRY(responses_end_item(stream, item, json));
	}
	return OK;
}

enum err
responses_end(struct llm_stream *stream, const struct json *response)
{
	const struct json *output = json_get(response, "output");
	const struct json *error = json_get(response, "error");
	struct span status = json_text(json_get(response, "status"));

	llm_usage_take(&stream->result.usage, response);
	if (span_is(status, "failed") || json_kind(error) == JSON_OBJECT) {
		fail(stream, error);
		return OK;
	}
	if (span_is(status, "cancelled"))
		return OK;
	if (!stream->called)
		TRY(take_output(stream, output, stream->said));
	stream->result.finish = finish_of(stream, response);
	stream->done = true;
	return OK;
}

/* ---- large events */

static bool
is_beginning(struct span type)
{
	return span_is(type, "response.created") ||
		span_is(type, "response.queued") ||
		span_is(type, "response.in_progress");
}

static bool
is_end(struct span type)
{
	return span_is(type, "response.completed") ||
		span_is(type, "response.incomplete") ||
		span_is(type, "response.failed");
}

/* The members that count. */
static const char *const small[] = { "status", "error", "incomplete_details",
	"usage", "output" };

static enum err
read_small(struct arena *arena, struct span response, size_t n,
	const struct json **out)
{
	struct span values[LENGTH(small)] = { { NULL, 0 } };
	struct buf text = BUF_INIT;
	struct json_writer w = json_writer(&text);
	enum err err;

	json_raw_pick(response, small, n, values);
	json_open(&w, '{');
	for (size_t i = 0; i < n; i++)
		if (values[i].data != NULL)
			json_member_raw(&w, small[i], values[i]);
	json_close(&w, '}');
	err = json_parse_loose(arena, buf_span(&text), out);
	buf_free(&text);
	return err;
}

/* The output is read only if nothing else has arrived. */
static bool
end_by(struct llm_stream *stream, struct arena *arena, struct span response)
{
	bool all = !stream->called;
	const struct json *json;
	enum err err = read_small(
		arena, response, LENGTH(small) - (all ? 0 : 1), &json);

	if (err != OK && all && stream->said)
		err = read_small(arena, response, LENGTH(small) - 1, &json);
	if (err != OK)
		return false;
	stream->understood = true;
	err = responses_end(stream, json);
	if (err != OK)
		stream->gave_up =
			err == ERR_TOO_BIG ? LLM_TOO_BIG : LLM_MALFORMED;
	return true;
}

bool
responses_take_large(struct llm_stream *stream, struct span data)
{
	static const char *const keys[] = { "type", "response", "error" };
	struct span values[LENGTH(keys)] = { { NULL, 0 } };
	struct arena arena = ARENA_INIT;
	struct span type;
	bool taken = false;

	if (data.len < LARGE || json_check(data, JSON_DEPTH_MAX) != OK)
		return false;
	json_raw_pick(data, keys, LENGTH(keys), values);
	type = json_raw_text(&arena, values[0]);
	if (type.len == 0)
		type = span_of(stream->parser.name);
	if (json_raw_kind(values[1]) == JSON_OBJECT && values[2].data == NULL) {
		if (is_beginning(type))
			stream->understood = taken = true;
		else if (is_end(type))
			taken = end_by(stream, &arena, values[1]);
	}
	arena_reset(&arena);
	return taken;
}
