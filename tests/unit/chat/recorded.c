#include "recorded.h"

#include "../unit.h"
#include "../wire/vector.h"
#include "replytest.h"
#include "json/write.h"

#include <string.h>

void
recorded_read_list(struct arena *arena, struct span run, struct list *out)
{
	struct span json;

	out->n = 0;
	while (chunk_next(&run, &json)) {
		assert_true(out->n < CHUNKS_MAX);
		assert_int_equal(
			chunk_read(arena, json, &out->chunks[out->n++]), OK);
	}
}

static void
add(struct list *list, struct chunk chunk)
{
	assert_true(list->n < CHUNKS_MAX);
	list->chunks[list->n++] = chunk;
}

static struct span
raw_input(struct arena *arena, const struct list *list, struct span call_id)
{
	struct buf joined = BUF_INIT, quoted = BUF_INIT;
	struct span text;

	for (size_t i = 0; i < list->n; i++)
		if (span_equal(list->chunks[i].tool_call_id, call_id))
			buf_put_span(&joined, list->chunks[i].input_delta);
	json_quote(&quoted, buf_span(&joined));
	text = arena_span(arena, buf_span(&quoted));
	buf_free(&joined);
	buf_free(&quoted);
	return text;
}

static void
add_endings(struct arena *arena, const struct list *before, struct list *out)
{
	struct parts *parts = parts_open();
	struct buf ends = BUF_INIT;
	struct span run, json;
	struct chunk chunk;

	for (size_t i = 0; i < before->n; i++)
		assert_int_equal(parts_add(parts, &before->chunks[i]), OK);
	parts_close(parts, "*", &ends);
	run = arena_span(arena, buf_span(&ends));
	while (chunk_next(&run, &json)) {
		assert_int_equal(chunk_read(arena, json, &chunk), OK);
		add(out, chunk);
	}
	add(out, (struct chunk){ .type = CHUNK_METADATA });
	add(out, (struct chunk){ .type = CHUNK_ERROR, .error_text = ANY_TEXT });
	buf_free(&ends);
	parts_free(parts);
}

void
recorded_our_form(
	struct arena *arena, const struct list *recorded, struct list *out)
{
	out->n = 0;
	for (size_t i = 0; i < recorded->n; i++) {
		struct chunk chunk = recorded->chunks[i];

		if (chunk.type == CHUNK_ERROR)
			break;
		if (chunk.type == CHUNK_TOOL_INPUT_ERROR) {
			chunk.type = CHUNK_TOOL_INPUT_AVAILABLE;
			chunk.input =
				raw_input(arena, recorded, chunk.tool_call_id);
			chunk.error_text = ABSENT;
		}
		chunk.dynamic = ABSENT;
		add(out, chunk);
		if (chunk.type == CHUNK_FINISH)
			return;
	}
	add_endings(arena, out, out);
}

static struct chunk
without_ours(struct chunk chunk)
{
	chunk.metadata = ABSENT;
	chunk.message_id = ABSENT;
	if (chunk.error_text.data != NULL)
		chunk.error_text = ANY_TEXT;
	return chunk;
}

void
recorded_rename_id(struct list *list, struct span from, struct span to)
{
	if (to.len < 4 || memcmp(to.data, "gen-", 4) != 0)
		return;
	for (size_t i = 0; i < list->n; i++) {
		if (span_equal(list->chunks[i].id, from))
			list->chunks[i].id = to;
		if (span_equal(list->chunks[i].tool_call_id, from))
			list->chunks[i].tool_call_id = to;
	}
}

void
recorded_assert_same_chunks(
	const char *name, struct list *actual, struct list *expected)
{
	struct buf a = BUF_INIT, e = BUF_INIT;

	for (size_t i = 0; i < actual->n && i < expected->n; i++) {
		recorded_rename_id(
			actual, actual->chunks[i].id, expected->chunks[i].id);
		recorded_rename_id(actual, actual->chunks[i].tool_call_id,
			expected->chunks[i].tool_call_id);
		actual->chunks[i] = without_ours(actual->chunks[i]);
		expected->chunks[i] = without_ours(expected->chunks[i]);
		buf_clear(&a);
		buf_clear(&e);
		chunk_write(&a, &actual->chunks[i]);
		chunk_write(&e, &expected->chunks[i]);
		if (strcmp(buf_str(&a), buf_str(&e)) != 0)
			fail_msg("%s: chunk %zu\nactual   %s\nexpected %s",
				name, i, buf_str(&a), buf_str(&e));
	}
	if (actual->n != expected->n)
		fail_msg("%s: %zu chunks, not %zu", name, actual->n,
			expected->n);
	buf_free(&a);
	buf_free(&e);
}
