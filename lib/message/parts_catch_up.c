/* Brings a client that knows an earlier state of a message to a later one. */

#include "message/part.h"
#include "message/parts.h"

static struct span
text_since(const struct part *was, const struct part *is)
{
	size_t known = MIN(was->text.len, is->text.len);

	return (struct span){ is->text.data + known, is->text.len - known };
}

/* Writes what an open block has received since, and its end. */
static void
catch_up_block(const struct part *was, const struct part *is, struct buf *out)
{
	bool reasoning = was->kind == PART_REASONING;
	struct chunk delta = {
		.type = reasoning ? CHUNK_REASONING_DELTA : CHUNK_TEXT_DELTA,
		.id = was->fields[PART_ID],
		.delta = text_since(was, is),
	};
	struct chunk end = {
		.type = reasoning ? CHUNK_REASONING_END : CHUNK_TEXT_END,
		.id = was->fields[PART_ID],
	};

	if (delta.delta.len > 0)
		chunk_write(out, &delta);
	if (!is->open)
		chunk_write(out, &end);
}

/* Clients identify a call by its id. */
static void
catch_up_call(const struct part *was, const struct part *is, size_t number,
	struct buf *out)
{
	const struct chunk arguments = { .type = CHUNK_TOOL_INPUT_DELTA,
		.tool_call_id = is->fields[PART_ID],
		.input_delta = text_since(was, is) };

	if (was->state != is->state)
		part_replay(is, number, out);
	else if (arguments.input_delta.len > 0)
		chunk_write(out, &arguments);
}

static void
catch_up_part(const struct part *was, const struct part *is, size_t number,
	struct buf *out)
{
	if (was->open)
		catch_up_block(was, is, out);
	else if (was->kind == PART_TOOL)
		catch_up_call(was, is, number, out);
}

static void
put_type(enum chunk_type type, struct buf *out)
{
	const struct chunk chunk = { .type = type };

	chunk_write(out, &chunk);
}

void
parts_catch_up(const struct parts *was, const struct parts *is, struct buf *out)
{
	bool in_step = was->in_step;
	struct chunk metadata = { .type = CHUNK_METADATA,
		.metadata = buf_span(&is->metadata) };

	for (size_t i = 0; i < was->n && i < is->n; i++)
		catch_up_part(&was->list[i], &is->list[i], i, out);
	for (size_t i = was->n; i < is->n; i++) {
		if (is->list[i].kind == PART_STEP) {
			if (in_step)
				put_type(CHUNK_FINISH_STEP, out);
			put_type(CHUNK_START_STEP, out);
			in_step = true;
		}
		part_replay(&is->list[i], i, out);
	}
	if (in_step && !is->in_step)
		put_type(CHUNK_FINISH_STEP, out);
	if (is->metadata.len > 0)
		chunk_write(out, &metadata);
}
