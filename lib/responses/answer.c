#include "responses/answer.h"

#include "responses/delta.h"
#include "wire/event_error.h"

#include <stdlib.h>

/* ---- members of events */

/* A non-negative number; *otherwise* if there is none. */
static int64_t
number(const struct json *event, const char *key, int64_t otherwise)
{
	int64_t value = json_int(json_get(event, key), otherwise);

	return value < 0 ? otherwise : value;
}

static struct responses_piece
piece_of(const struct json *event, enum responses_kind kind, const char *part)
{
	return (struct responses_piece){ .kind = kind,
		.id = json_text(json_get(event, "item_id")),
		.index = number(event, "output_index", -1),
		.part = number(event, part, 0) };
}

enum responses_kind
responses_kind_of(const struct json *item)
{
	struct span type = json_text(json_get(item, "type"));

	return span_is(type, "message")          ? RESPONSES_MESSAGE
		: span_is(type, "reasoning")     ? RESPONSES_REASONING
		: span_is(type, "function_call") ? RESPONSES_CALL
						 : RESPONSES_OTHER;
}

/* ---- text */

/* A string, or an object with one, as some compatible servers send. */
static struct span
text_of(const struct json *json)
{
	return json_text(
		json_kind(json) == JSON_OBJECT ? json_get(json, "text") : json);
}

static enum err
take_text(struct llm_stream *stream, const struct json *event)
{
	struct responses_piece piece =
		piece_of(event, RESPONSES_MESSAGE, "content_index");

	piece.text = text_of(json_get(event, "delta"));
	return responses_say(stream, &piece, false);
}

static enum err
take_text_done(struct llm_stream *stream, const struct json *event)
{
	struct responses_piece piece =
		piece_of(event, RESPONSES_MESSAGE, "content_index");

	piece.text = text_of(json_get(event, "text"));
	return responses_say(stream, &piece, true);
}

static enum err
take_refusal(struct llm_stream *stream, const struct json *event)
{
	stream->refused = true;
	return take_text(stream, event);
}

static enum err
take_refusal_done(struct llm_stream *stream, const struct json *event)
{
	struct responses_piece piece =
		piece_of(event, RESPONSES_MESSAGE, "content_index");

	piece.text = json_text(json_get(event, "refusal"));
	stream->refused = stream->refused || piece.text.len > 0;
	return responses_say(stream, &piece, true);
}

static enum err
take_annotation(struct llm_stream *stream, const struct json *event)
{
	struct responses_answer *own = stream->own;
	const struct json *note = json_get(event, "annotation");

	sources_take(&own->sources, stream, json_text(json_get(note, "url")),
		json_text(json_get(note, "title")));
	return OK;
}

/* ---- reasoning */

static enum err
say_thought(struct llm_stream *stream, const struct json *event, bool content,
	const struct json *text, bool again)
{
	struct responses_piece piece = piece_of(event, RESPONSES_REASONING,
		content ? "content_index" : "summary_index");

	piece.content = content;
	piece.text = text_of(text);
	return responses_say(stream, &piece, again);
}

static enum err
take_summary(struct llm_stream *stream, const struct json *event)
{
	return say_thought(
		stream, event, false, json_get(event, "delta"), false);
}

static enum err
take_summary_done(struct llm_stream *stream, const struct json *event)
{
	return say_thought(stream, event, false, json_get(event, "text"), true);
}

static enum err
take_thought(struct llm_stream *stream, const struct json *event)
{
	return say_thought(
		stream, event, true, json_get(event, "delta"), false);
}

static enum err
take_thought_done(struct llm_stream *stream, const struct json *event)
{
	return say_thought(stream, event, true, json_get(event, "text"), true);
}

static enum err
take_summary_part(struct llm_stream *stream, const struct json *event)
{
	struct responses_piece piece =
		piece_of(event, RESPONSES_REASONING, "summary_index");
	struct responses_item *item =
		responses_item(stream->own, piece.kind, piece.id, piece.index);

	if (item == NULL)
		return ERR_TOO_BIG;
	if (!item->content && !item->ended)
		responses_begin_part(stream, item, piece.id, piece.part);
	return OK;
}

static enum err
take_part_done(struct llm_stream *stream, const struct json *event)
{
	const struct json *part = json_get(event, "part");
	struct span type = json_text(json_get(part, "type"));
	const struct json *text = json_get(part, "text");
	struct responses_piece piece =
		piece_of(event, RESPONSES_MESSAGE, "content_index");

	if (span_is(type, "reasoning_text"))
		return say_thought(stream, event, true, text, true);
	if (span_is(type, "summary_text"))
		return say_thought(stream, event, false, text, true);
	piece.text = json_text(text);
	if (span_is(type, "refusal")) {
		piece.text = json_text(json_get(part, "refusal"));
		stream->refused = true;
	}
	return responses_say(stream, &piece, true);
}

/* ---- calls */

static enum err
take_arguments(struct llm_stream *stream, const struct json *event,
	const char *key, bool again)
{
	struct responses_piece piece = piece_of(event, RESPONSES_CALL, "");
	struct responses_item *item =
		responses_item(stream->own, piece.kind, piece.id, piece.index);

	if (item == NULL)
		return ERR_TOO_BIG;
	return responses_call_json(stream, item, (struct span){ NULL, 0 },
		json_text(json_get(event, "name")), json_get(event, key),
		again);
}

static enum err
take_arguments_delta(struct llm_stream *stream, const struct json *event)
{
	return take_arguments(stream, event, "delta", false);
}

static enum err
take_arguments_done(struct llm_stream *stream, const struct json *event)
{
	return take_arguments(stream, event, "arguments", true);
}

/* ---- items */

static enum err
take_added(struct llm_stream *stream, const struct json *event)
{
	struct responses_answer *own = stream->own;
	const struct json *json = json_get(event, "item");
	enum responses_kind kind = responses_kind_of(json);
	struct responses_item *item;
	struct span id = json_text(json_get(json, "id"));

	if (json_kind(json) != JSON_OBJECT)
		return OK;
	if (kind == RESPONSES_OTHER) {
		own->other = true;
		return OK;
	}
	item = responses_item_added(
		own, kind, id, number(event, "output_index", -1));
	if (item == NULL)
		return ERR_TOO_BIG;
	if (kind != RESPONSES_CALL || item->named)
		return OK;
	if (json_text(json_get(json, "call_id")).len > 0)
		id = json_text(json_get(json, "call_id"));
	return responses_call_json(stream, item, id,
		json_text(json_get(json, "name")), json_get(json, "arguments"),
		false);
}

static enum err
take_item_done(struct llm_stream *stream, const struct json *event)
{
	struct responses_answer *own = stream->own;
	const struct json *json = json_get(event, "item");
	enum responses_kind kind = responses_kind_of(json);
	struct responses_item *item;

	if (json_kind(json) != JSON_OBJECT)
		return OK;
	if (kind == RESPONSES_OTHER) {
		own->other = true;
		return OK;
	}
	item = responses_item(own, kind, json_text(json_get(json, "id")),
		number(event, "output_index", -1));
	return item == NULL ? ERR_TOO_BIG
			    : responses_end_item(stream, item, json);
}

/* ---- events */

static enum err
take_end(struct llm_stream *stream, const struct json *event)
{
	return responses_end(stream, json_get(event, "response"));
}

static const struct type {
	const char *word;
	enum err (*take)(struct llm_stream *stream, const struct json *event);
} types[] = {
	{ "response.output_text.delta", take_text },
	{ "response.output_text.done", take_text_done },
	{ "response.output_text.annotation.added", take_annotation },
	{ "response.refusal.delta", take_refusal },
	{ "response.refusal.done", take_refusal_done },
	{ "response.content_part.done", take_part_done },
	{ "response.reasoning_summary_part.added", take_summary_part },
	{ "response.reasoning_summary_part.done", take_part_done },
	{ "response.reasoning_summary_text.delta", take_summary },
	{ "response.reasoning_summary_text.done", take_summary_done },
	{ "response.reasoning_text.delta", take_thought },
	{ "response.reasoning_text.done", take_thought_done },
	/* Former names, which some servers still use. */
	{ "response.reasoning_summary.delta", take_summary },
	{ "response.reasoning_summary.done", take_summary_done },
	{ "response.reasoning.delta", take_thought },
	{ "response.reasoning.done", take_thought_done },
	{ "response.function_call_arguments.delta", take_arguments_delta },
	{ "response.function_call_arguments.done", take_arguments_done },
	{ "response.output_item.added", take_added },
	{ "response.output_item.done", take_item_done },
	{ "response.completed", take_end },
	{ "response.done", take_end },
	{ "response.incomplete", take_end },
	{ "response.failed", take_end },
	{ "response.cancelled", take_end },
};

static bool
is_whole(const struct json *event)
{
	return span_is(json_text(json_get(event, "object")), "response");
}

bool
responses_is_error(const struct json *event, bool *maybe)
{
	*maybe = json_get(event, "type") == NULL && !is_whole(event) &&
		event_error_may_be(event);
	return event_error_is(event);
}

/* Whether the event shows progress, even if it is not visible, such as a search
 * or code. An empty piece is only a sign of life, and so is an in-progress
 * event. */
static bool
is_step(struct span type, const struct json *event)
{
	static const char *const waits[] = { "response.created",
		"response.queued", "response.in_progress" };
	const struct json *delta = json_get(event, "delta");

	for (size_t i = 0; i < LENGTH(waits); i++)
		if (span_is(type, waits[i]))
			return false;
	return json_kind(delta) != JSON_TEXT || json_text(delta).len > 0;
}

enum err
responses_take(struct llm_stream *stream, const struct json *event)
{
	struct span type = json_text(json_get(event, "type"));

	if (is_whole(event)) { /* the server did not stream */
		stream->understood = true;
		return responses_end(stream, event);
	}
	if (type.len == 0)
		type = span_of(stream->parser.name);
	if (!span_begins(type, "response."))
		return OK;
	stream->understood = true;
	stream->news = stream->news || is_step(type, event);
	for (size_t i = 0; i < LENGTH(types); i++)
		if (span_is(type, types[i].word))
			return types[i].take(stream, event);
	return OK;
}

bool
responses_take_short(struct llm_stream *stream, struct span data)
{
	struct buf unescaped = BUF_INIT;
	struct responses_piece piece;
	bool taken = responses_delta_read(data, &unescaped, &piece) &&
		responses_say(stream, &piece, false) == OK;

	if (taken)
		stream->understood = true;
	buf_free(&unescaped);
	return taken || responses_take_large(stream, data);
}

/* ---- the end */

enum err
responses_end_parts(struct llm_stream *stream)
{
	struct responses_answer *own = stream->own;

	return llm_stream_end_parts(stream, own->calls);
}

void
responses_answer_free(void *arg)
{
	struct responses_answer *own = arg;

	sources_free(&own->sources);
	tool_calls_free(own->calls);
	free(own->items);
}
