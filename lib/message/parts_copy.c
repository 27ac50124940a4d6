/* Copies the present state of a message for another thread. */

#include "message/part.h"
#include "message/parts.h"

static struct buf
copy_buf(struct arena *arena, const struct buf *buf)
{
	struct span copy = arena_span(arena, buf_span(buf));

	return (struct buf){ .data = (char *)(uintptr_t)copy.data,
		.len = copy.len };
}

static void
copy_part(struct arena *arena, const struct part *part, struct part *out)
{
	*out = *part;
	out->text = copy_buf(arena, &part->text);
	for (int i = 0; i < PART_FIELD_N; i++)
		if (part->fields[i].data != NULL)
			out->fields[i] = arena_span(arena, part->fields[i]);
}

const struct parts *
parts_copy(struct arena *arena, const struct parts *parts)
{
	struct parts *copy = arena_dup(arena, parts, sizeof(*parts));

	copy->list = arena_room(arena, parts->n * sizeof(*parts->list));
	copy->cap = parts->n;
	for (size_t i = 0; i < parts->n; i++)
		copy_part(arena, &parts->list[i], &copy->list[i]);
	copy->message_id = copy_buf(arena, &parts->message_id);
	copy->metadata = copy_buf(arena, &parts->metadata);
	return copy;
}
