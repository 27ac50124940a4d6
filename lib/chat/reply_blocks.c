/* Text and reasoning of an answer, and the opaque state that comes with
 * them. */

#include "base/mem.h"
#include "chat/reply_private.h"

#include "llm/wires.h"
#include "wire/kept.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- opaque state */

/* Writes what the model wants back unchanged, as providerMetadata (kept.h). */
void
reply_put_kept(struct buf *out, const struct reply *reply,
	const struct llm_event *event)
{
	const struct kept_owner owner = kept_owner_of(
		wire_of(reply->settings->kind)->word, reply->settings);

	if (event->kept.len > 0)
		kept_write(out, &owner, event->kept_by, event->kept);
}

/* Takes the state of the step, for the first part that ends after it arrived
 * and has none of its own. */
void
reply_take_kept(struct reply *reply, struct buf *out)
{
	if (out->len > 0)
		return;
	buf_put_span(out, buf_span(&reply->kept));
	buf_clear(&reply->kept);
}

/* ---- open blocks */

static struct block *
find_block(struct reply *reply, bool reasoning, unsigned number)
{
	for (size_t i = 0; i < reply->n_blocks; i++)
		if (reply->blocks[i].reasoning == reasoning &&
			reply->blocks[i].number == number)
			return &reply->blocks[i];
	return NULL;
}

/* Finds the open block of this kind, or opens one. */
static struct block *
open_block(
	struct reply *reply, bool reasoning, unsigned number, struct buf *out)
{
	struct chunk chunk = { .type = reasoning ? CHUNK_REASONING_START
						 : CHUNK_TEXT_START };
	struct block *block = find_block(reply, reasoning, number);

	if (block != NULL)
		return block;
	reply->blocks = mem_realloc(
		reply->blocks, (reply->n_blocks + 1) * sizeof(*reply->blocks));
	block = &reply->blocks[reply->n_blocks++];
	*block = (struct block){ .reasoning = reasoning, .number = number };
	if (reasoning)
		snprintf(block->id, sizeof(block->id), "reasoning-%u",
			reply->n_thoughts++);
	else
		snprintf(block->id, sizeof(block->id), "txt-%u",
			reply->n_texts++);
	chunk.id = span_of(block->id);
	reply_put(reply, &chunk, out);
	return block;
}

/* *metadata* is the state that came with the end; without it, the block takes
 * the state of the step. */
static void
end_block(struct reply *reply, struct block *block, struct buf *metadata,
	struct buf *out)
{
	struct chunk chunk = { .type = block->reasoning ? CHUNK_REASONING_END
							: CHUNK_TEXT_END,
		.id = span_of(block->id) };
	size_t after = reply->n_blocks - (size_t)(block - reply->blocks) - 1;

	reply_take_kept(reply, metadata);
	if (metadata->len > 0)
		chunk.provider_metadata = buf_span(metadata);
	reply_put(reply, &chunk, out);
	buf_clear(metadata);
	memmove(block, block + 1, after * sizeof(*block));
	reply->n_blocks--;
}

/* Ends all blocks of a kind, or only those without a number. */
static void
end_blocks(struct reply *reply, bool reasoning, bool numbered, struct buf *out)
{
	struct buf metadata = BUF_INIT;
	size_t i = 0;

	while (i < reply->n_blocks) {
		struct block *block = &reply->blocks[i];

		if (block->reasoning == reasoning &&
			(numbered || block->number == 0))
			end_block(reply, block, &metadata, out);
		else
			i++;
	}
	buf_free(&metadata);
}

void
reply_end_text(struct reply *reply, struct buf *out)
{
	end_blocks(reply, false, true, out);
}

void
reply_end_reasoning(struct reply *reply, struct buf *out)
{
	end_blocks(reply, true, true, out);
}

/* ---- events */

/* Opaque state needs a block even if nothing was said; blocks of the other kind
 * have ended by then. */
static void
on_end(struct reply *reply, const struct llm_event *event, bool reasoning,
	struct buf *out)
{
	struct buf metadata = BUF_INIT;
	struct block *block;

	reply_put_kept(&metadata, reply, event);
	if (metadata.len > 0) {
		end_blocks(reply, !reasoning, event->block == 0, out);
		open_block(reply, reasoning, event->block, out);
	}
	block = find_block(reply, reasoning, event->block);
	if (block != NULL)
		end_block(reply, block, &metadata, out);
	if (event->block == 0)
		end_blocks(reply, reasoning, true, out);
	buf_free(&metadata);
}

void
reply_on_text_end(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	on_end(reply, event, false, out);
}

void
reply_on_reasoning_end(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	on_end(reply, event, true, out);
}

/* A block without a number ends when the next one begins. */
static void
on_piece(struct reply *reply, const struct llm_event *event, bool reasoning,
	struct buf *out)
{
	struct chunk chunk = { .type = reasoning ? CHUNK_REASONING_DELTA
						 : CHUNK_TEXT_DELTA,
		.delta = event->text };

	end_blocks(reply, !reasoning, event->block == 0, out);
	chunk.id = span_of(open_block(reply, reasoning, event->block, out)->id);
	reply_put(reply, &chunk, out);
}

void
reply_on_text(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	on_piece(reply, event, false, out);
}

void
reply_on_reasoning(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	on_piece(reply, event, true, out);
}
