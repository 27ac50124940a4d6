/* Shows items, and keeps their opaque state. */

#include "responses/answer.h"

#include "base/attr.h"
#include "responses/kept.h"
#include "json/write.h"

#define BITS 64

/* ---- opaque state */

/* Marks a part after an item that cannot be sent back. */
static void
put_whole(const struct responses_answer *own, struct json_writer *w)
{
	if (own->other)
		json_member_raw(w, RESPONSES_WHOLE, span_of("false"));
}

static int64_t
bounded(int64_t part)
{
	return MIN(part, BITS - 1);
}

static uint64_t
bit_of(int64_t part)
{
	return UINT64_C(1) << bounded(part);
}

/* Several items may be open at once, and several parts of a thought. */
static unsigned
block_of(const struct llm_stream *stream, const struct responses_item *item,
	int64_t part)
{
	const struct responses_answer *own = stream->own;

	if (item->kind != RESPONSES_REASONING)
		part = 0;
	return (unsigned)((item - own->items) * BITS + bounded(part)) + 1;
}

/* Ends a part of an item with its opaque state. */
static void
end_part(struct llm_stream *stream, const struct responses_item *item,
	int64_t part, enum llm_event_type type, const struct buf *kept)
{
	struct llm_event event = { .type = type,
		.block = block_of(stream, item, part) };

	if (kept->len > 2) { /* anything but {} */
		event.kept = buf_span(kept);
		event.kept_by = RESPONSES_KEPT_BY;
	}
	llm_stream_show(stream, &event);
}

/* ---- reasoning */

/* *state* is absent unless the part is the item's last one. */
static void
end_reasoning(struct llm_stream *stream, struct responses_item *item,
	int64_t part, struct span id, struct span state)
{
	struct buf kept = BUF_INIT;
	struct json_writer w = json_writer(&kept);

	json_open(&w, '{');
	if (id.len > 0 && (item->shown != 0 || state.len > 0))
		json_member_text(&w, RESPONSES_ITEM, id);
	if (state.len > 0)
		json_member_text(&w, RESPONSES_STATE, state);
	if (item->content && item->shown != 0)
		json_member_raw(&w, RESPONSES_CONTENT, span_of("true"));
	if (item->shown != 0 || state.len > 0)
		put_whole(stream->own, &w);
	json_close(&w, '}');
	item->open &= ~bit_of(part);
	end_part(stream, item, part, LLM_REASONING_END, &kept);
	buf_free(&kept);
}

/* Ends these open parts in their order, the last one with the item's state. */
static void
end_parts(struct llm_stream *stream, struct responses_item *item,
	struct span id, uint64_t which, const struct span *state)
{
	for (int64_t part = 0; part < BITS; part++)
		if ((item->open & which & bit_of(part)) != 0)
			end_reasoning(stream, item, part, id,
				state != NULL && item->open == bit_of(part)
					? *state
					: (struct span){ NULL, 0 });
}

void
responses_begin_part(struct llm_stream *stream, struct responses_item *item,
	struct span id, int64_t part)
{
	end_parts(stream, item, id, item->whole & ~bit_of(part), NULL);
}

/* Shows either the thoughts or their summary, whichever arrives first. */
static void
think(struct llm_stream *stream, struct responses_item *item,
	const struct responses_piece *piece)
{
	if (item->shown == 0)
		item->content = piece->content;
	if (item->content != piece->content)
		return;
	responses_begin_part(stream, item, piece->id, piece->part);
	item->open |= bit_of(piece->part);
	llm_stream_say_in(stream, block_of(stream, item, piece->part),
		LLM_REASONING, piece->text);
}

/* ---- pieces */

static bool
was_shown(const struct responses_item *item,
	const struct responses_piece *piece, uint64_t bit)
{
	return item->ended ||
		((item->shown & bit) != 0 && item->content == piece->content);
}

static void
say(struct llm_stream *stream, struct responses_item *item,
	const struct responses_piece *piece, bool again)
{
	uint64_t bit = bit_of(piece->part);

	if (again)
		item->whole |= bit;
	if (piece->text.len == 0 || (again && was_shown(item, piece, bit)))
		return;
	if (piece->kind == RESPONSES_REASONING)
		think(stream, item, piece);
	else
		llm_stream_say_in(stream, block_of(stream, item, 0), LLM_TEXT,
			piece->text);
	item->shown |= bit;
}

enum err
responses_say(struct llm_stream *stream, const struct responses_piece *piece,
	bool again)
{
	struct responses_item *item = responses_item(
		stream->own, piece->kind, piece->id, piece->index);

	if (item == NULL)
		return ERR_TOO_BIG;
	say(stream, item, piece, again);
	return OK;
}

/* ---- calls */

static enum err
show_call(struct llm_stream *stream, struct responses_item *item,
	struct span id, struct span name, struct span arguments, bool again)
{
	struct responses_answer *own = stream->own;
	struct tool_fragment fragment = { .index = item - own->items,
		.id = id,
		.name = name,
		.arguments = arguments };

	if (again && item->called && (item->named || name.len == 0))
		return OK;
	if (again && item->called)
		fragment.arguments = (struct span){ NULL, 0 };
	if (own->other) {
		fragment.kept = span_of("{\"" RESPONSES_WHOLE "\":false}");
		fragment.kept_by = RESPONSES_KEPT_BY;
	}
	item->called = item->called || arguments.len > 0;
	item->named = item->named || name.len > 0;
	if (own->calls == NULL)
		own->calls = tool_calls_open(stream->held_max);
	stream->called = true;
	return tool_calls_add(own->calls, &fragment, llm_stream_show, stream);
}

enum err
responses_call_json(struct llm_stream *stream, struct responses_item *item,
	struct span id, struct span name, const struct json *arguments,
	bool again)
{
	struct buf text = BUF_INIT;
	enum err err = show_call(stream, item, id, name,
		tool_arguments(arguments, &text), again);

	buf_free(&text);
	return err;
}

/* ---- whole items */

static void
say_parts(struct llm_stream *stream, struct responses_item *item,
	struct responses_piece piece, const struct json *parts)
{
	struct responses_answer *own = stream->own;

	for (size_t i = 0; i < json_length(parts); i++) {
		const struct json *part = json_at(parts, i);
		const struct json *notes = json_get(part, "annotations");
		struct span refusal = json_text(json_get(part, "refusal"));

		piece.part = (int64_t)i;
		piece.text = json_text(json_get(part, "text"));
		if (refusal.len > 0) {
			piece.text = refusal;
			stream->refused = true;
		}
		say(stream, item, &piece, true);
		for (size_t j = 0; j < json_length(notes); j++)
			sources_take(&own->sources, stream,
				json_text(json_get(json_at(notes, j), "url")),
				json_text(
					json_get(json_at(notes, j), "title")));
	}
}

static void
end_message(struct llm_stream *stream, struct responses_item *item,
	struct responses_piece piece, const struct json *json)
{
	struct span phase = json_text(json_get(json, "phase"));
	struct buf kept = BUF_INIT;
	struct json_writer w = json_writer(&kept);

	say_parts(stream, item, piece, json_get(json, "content"));
	if (item->shown == 0)
		return;
	json_open(&w, '{');
	if (phase.len > 0)
		json_member_text(&w, RESPONSES_PHASE, phase);
	put_whole(stream->own, &w);
	json_close(&w, '}');
	end_part(stream, item, 0, LLM_TEXT_END, &kept);
	buf_free(&kept);
}

static void
end_thought(struct llm_stream *stream, struct responses_item *item,
	struct responses_piece piece, const struct json *json)
{
	struct span state = json_text(json_get(json, "encrypted_content"));

	say_parts(stream, item, piece, json_get(json, "summary"));
	piece.content = true;
	say_parts(stream, item, piece, json_get(json, "content"));
	if (item->open != 0)
		end_parts(stream, item, piece.id, UINT64_MAX, &state);
	else if (item->shown != 0 || state.len > 0)
		end_reasoning(stream, item, 0, piece.id, state);
}

static enum err
end_call(struct llm_stream *stream, struct responses_item *item,
	const struct json *json)
{
	struct span id = json_text(json_get(json, "call_id"));

	if (id.len == 0)
		id = json_text(json_get(json, "id"));
	return responses_call_json(stream, item, id,
		json_text(json_get(json, "name")), json_get(json, "arguments"),
		true);
}

enum err
responses_end_item(struct llm_stream *stream, struct responses_item *item,
	const struct json *json)
{
	struct responses_piece piece = { .kind = item->kind,
		.id = json_text(json_get(json, "id")),
		.index = item->index };
	enum err err = OK;

	if (item->ended)
		return OK;
	if (item->kind == RESPONSES_MESSAGE)
		end_message(stream, item, piece, json);
	else if (item->kind == RESPONSES_REASONING)
		end_thought(stream, item, piece, json);
	else if (item->kind == RESPONSES_CALL)
		err = end_call(stream, item, json);
	item->ended = true;
	return err;
}
