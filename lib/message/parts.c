#include "message/parts.h"

#include "base/mem.h"
#include "message/part.h"
#include "json/json.h"
#include "json/write.h"

#include <stdlib.h>

struct parts *
parts_open(void)
{
	return mem_zalloc(sizeof(struct parts));
}

void
parts_free(struct parts *parts)
{
	if (parts == NULL)
		return;
	for (size_t i = 0; i < parts->n; i++)
		part_free(&parts->list[i]);
	free(parts->list);
	buf_free(&parts->message_id);
	buf_free(&parts->metadata);
	free(parts);
}

struct part *
parts_push(struct parts *parts, enum part_kind kind)
{
	if (parts->n == parts->cap) {
		parts->cap = MAX(parts->cap * 2, (size_t)2);
		parts->list = mem_realloc(
			parts->list, parts->cap * sizeof(*parts->list));
	}
	parts->list[parts->n] = (struct part){ .kind = kind };
	return &parts->list[parts->n++];
}

/* ---- metadata: a deep merge of objects; all other values are replaced */

static bool
is_dangerous(struct span key)
{
	return span_is(key, "__proto__") || span_is(key, "constructor") ||
		span_is(key, "prototype");
}

static void
put_merged(
	struct json_writer *w, const struct json *base, const struct json *over)
{
	const struct json *value, *other;
	struct span key;
	size_t at = 0;

	json_open(w, '{');
	while (json_next(base, &at, &key, &value)) {
		other = is_dangerous(key) ? NULL : json_get(over, key.data);
		json_key_span(w, key);
		if (json_kind(value) == JSON_OBJECT &&
			json_kind(other) == JSON_OBJECT)
			put_merged(w, value, other);
		else
			json_put(w, other != NULL ? other : value);
	}
	at = 0;
	while (json_next(over, &at, &key, &value)) {
		if (is_dangerous(key) || json_get(base, key.data) != NULL)
			continue;
		json_key_span(w, key);
		json_put(w, value);
	}
	json_close(w, '}');
}

enum err
parts_merge_metadata(struct parts *parts, struct span json)
{
	struct arena arena = ARENA_INIT;
	struct buf merged = BUF_INIT;
	struct json_writer w = json_writer(&merged);
	const struct json *base = NULL, *over;
	enum err err = json_parse(&arena, json, &over);

	if (err == OK && parts->metadata.len > 0)
		err = json_parse(&arena, buf_span(&parts->metadata), &base);
	if (err == OK && json_kind(over) == JSON_OBJECT) {
		put_merged(&w, base, over);
		buf_free(&parts->metadata);
		buf_move(&parts->metadata, &merged);
	}
	arena_reset(&arena);
	return err;
}

/* ---- whole messages */

enum err
parts_fold(struct parts *parts, struct arena *arena, struct span run)
{
	struct chunk chunk;
	struct span json;

	while (chunk_next(&run, &json)) {
		TRY(chunk_read(arena, json, &chunk));
		TRY(parts_add(parts, &chunk));
	}
	return OK;
}

/* The part's share of parts_size(). */
static size_t
size_of(const struct part *part)
{
	size_t size = part->text.len;

	if (part->kind == PART_OTHER)
		return part->fields[PART_RAW].len;
	for (size_t i = 0; i < PART_FIELD_N; i++)
		if (i != PART_RAW)
			size += part->fields[i].len;
	return size;
}

enum err
parts_load(struct parts *parts, struct arena *arena, struct span parts_json,
	struct span metadata_json)
{
	struct span item = { NULL, 0 };
	struct part *part;

	if (parts_json.data != NULL)
		TRY(json_check(parts_json, JSON_DEPTH_MAX));
	while (parts_json.data != NULL && json_raw_next(parts_json, &item)) {
		part = parts_push(parts, PART_OTHER);
		TRY(part_load(part, arena, item));
		parts->size += size_of(part);
	}
	return metadata_json.data != NULL
		? parts_merge_metadata(parts, metadata_json)
		: OK;
}

/* ---- ending early */

/* Applies a chunk of our own and writes it for the client. */
static void
put(struct parts *parts, const struct chunk *chunk, struct buf *out)
{
	if (parts_add(parts, chunk) != OK)
		abort();
	if (out != NULL)
		chunk_write(out, chunk);
}

static void
close_block(struct parts *parts, const struct part *part, struct buf *out)
{
	struct chunk chunk = { .id = part->fields[PART_ID] };

	chunk.type =
		part->kind == PART_TEXT ? CHUNK_TEXT_END : CHUNK_REASONING_END;
	put(parts, &chunk, out);
}

static void
close_blocks(struct parts *parts, struct buf *out)
{
	for (size_t i = 0; i < parts->n; i++)
		if (parts->list[i].open)
			close_block(parts, &parts->list[i], out);
}

/* This is the only form of invalid arguments that all clients show alike: they
 * become the input as a string, and the call fails. */
void
parts_fail_call(struct parts *parts, struct span call_id, struct span metadata,
	struct span error_text, struct buf *out)
{
	const struct part *part = parts_find_call(parts, call_id);
	struct chunk chunk = { .type = CHUNK_TOOL_INPUT_AVAILABLE };
	struct buf input = BUF_INIT;
	struct arena arena = ARENA_INIT;

	if (part == NULL)
		abort();
	json_quote(&input, buf_span(&part->text));
	chunk.tool_call_id = arena_span(&arena, part->fields[PART_ID]);
	chunk.tool_name = arena_span(&arena, part->fields[PART_NAME]);
	chunk.input = buf_span(&input);
	chunk.provider_metadata = metadata;
	if (part->dynamic)
		chunk.dynamic = CHUNK_TRUE;
	put(parts, &chunk, out);
	chunk = (struct chunk){ .type = CHUNK_TOOL_OUTPUT_ERROR,
		.tool_call_id = chunk.tool_call_id,
		.error_text = error_text };
	put(parts, &chunk, out);
	buf_free(&input);
	arena_reset(&arena);
}

/* Closes only calls of the running step; those of earlier answers are not
 * ours. */
void
parts_close(struct parts *parts, const char *error_text, struct buf *out)
{
	size_t first = parts->n;

	close_blocks(parts, out);
	if (!parts->in_step)
		return;
	while (first > 0 && parts->list[first - 1].kind != PART_STEP)
		first--;
	for (size_t i = first; i < parts->n; i++)
		if (parts->list[i].state == PART_INPUT_STREAMING)
			parts_fail_call(parts, parts->list[i].fields[PART_ID],
				(struct span){ NULL, 0 }, span_of(error_text),
				out);
	put(parts, &(struct chunk){ .type = CHUNK_FINISH_STEP }, out);
}

/* ---- writing */

void
parts_write(const struct parts *parts, struct buf *out)
{
	buf_putc(out, '[');
	for (size_t i = 0; i < parts->n; i++) {
		if (i > 0)
			buf_putc(out, ',');
		part_write(&parts->list[i], out);
	}
	buf_putc(out, ']');
}

void
parts_write_metadata(const struct parts *parts, struct buf *out)
{
	if (parts->metadata.len > 0)
		buf_put_span(out, buf_span(&parts->metadata));
	else
		buf_puts(out, "{}");
}

void
parts_replay(const struct parts *parts, struct buf *out)
{
	static const struct chunk step = { .type = CHUNK_START_STEP };
	static const struct chunk step_end = { .type = CHUNK_FINISH_STEP };
	struct chunk start = { .type = CHUNK_START };
	bool in_step = false;

	if (parts->message_id.len > 0)
		start.message_id = buf_span(&parts->message_id);
	if (parts->metadata.len > 0)
		start.metadata = buf_span(&parts->metadata);
	chunk_write(out, &start);
	for (size_t i = 0; i < parts->n; i++) {
		if (parts->list[i].kind == PART_STEP) {
			if (in_step)
				chunk_write(out, &step_end);
			chunk_write(out, &step);
			in_step = true;
		}
		part_replay(&parts->list[i], i, out);
	}
	if (in_step && !parts->in_step)
		chunk_write(out, &step_end);
}

size_t
parts_size(const struct parts *parts)
{
	return parts->size;
}

size_t
parts_count(const struct parts *parts)
{
	return parts->n;
}

struct span
parts_arguments(const struct parts *parts, struct span call_id)
{
	const struct part *part = parts_find_call(parts, call_id);

	return part != NULL ? buf_span(&part->text) : (struct span){ NULL, 0 };
}
