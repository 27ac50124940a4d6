/* Text and reasoning of an answer, and what the model wants back with them. */

#include "chat/reply_private.h"

#include "llm/kept.h"
#include "llm/wires.h"

#include <stdio.h>

/* ---- what is kept */

/* What the model wants back unchanged, as providerMetadata (kept.h). */
void
reply_put_kept(struct buf *out, const struct reply *reply,
	const struct llm_event *event)
{
	const struct kept_owner owner = { wire_of(reply->settings->kind)->word,
		reply->settings->model };

	if (event->kept.len > 0)
		kept_write(out, &owner, event->kept_by, event->kept);
}

/* That of the step, for the first part that ends after it came and has none
 * of its own. */
void
reply_take_kept(struct reply *reply, struct buf *out)
{
	if (out->len > 0)
		return;
	buf_put_span(out, buf_span(&reply->kept));
	buf_clear(&reply->kept);
}

/* ---- text and reasoning: one is ended before the other begins */

static const struct block_kind {
	const char *name; /* of its ids */
	enum chunk_type start, end;
} text_kind = { "txt", CHUNK_TEXT_START, CHUNK_TEXT_END },
  reasoning_kind = { "reasoning", CHUNK_REASONING_START, CHUNK_REASONING_END };

static void
start_block(struct reply *reply, struct block *block,
	const struct block_kind *kind, struct buf *out)
{
	struct chunk chunk = { .type = kind->start };

	if (block->id[0] != '\0')
		return;
	snprintf(block->id, sizeof(block->id), "%s-%u", kind->name, block->n++);
	chunk.id = span_of(block->id);
	reply_put(reply, &chunk, out);
}

/* *event* is the one that ends it, or NULL. Opaque state has a block even
 * where nothing was said. */
static void
end_block(struct reply *reply, struct block *block,
	const struct block_kind *kind, const struct llm_event *event,
	struct buf *out)
{
	struct chunk chunk = { .type = kind->end };
	struct buf metadata = BUF_INIT;

	if (event != NULL)
		reply_put_kept(&metadata, reply, event);
	if (metadata.len > 0)
		start_block(reply, block, kind, out);
	if (block->id[0] == '\0')
		return;
	reply_take_kept(reply, &metadata);
	if (metadata.len > 0)
		chunk.provider_metadata = buf_span(&metadata);
	chunk.id = span_of(block->id);
	reply_put(reply, &chunk, out);
	buf_free(&metadata);
	block->id[0] = '\0';
}

void
reply_end_text(struct reply *reply, struct buf *out)
{
	end_block(reply, &reply->text, &text_kind, NULL, out);
}

void
reply_end_reasoning(struct reply *reply, struct buf *out)
{
	end_block(reply, &reply->reasoning, &reasoning_kind, NULL, out);
}

/* What was open of the other kind has ended by then. */
void
reply_on_text_end(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	if (event->kept.len > 0)
		reply_end_reasoning(reply, out);
	end_block(reply, &reply->text, &text_kind, event, out);
}

void
reply_on_reasoning_end(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	if (event->kept.len > 0)
		reply_end_text(reply, out);
	end_block(reply, &reply->reasoning, &reasoning_kind, event, out);
}

void
reply_on_text(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_TEXT_DELTA, .delta = event->text };

	reply_end_reasoning(reply, out);
	start_block(reply, &reply->text, &text_kind, out);
	chunk.id = span_of(reply->text.id);
	reply_put(reply, &chunk, out);
}

void
reply_on_reasoning(
	struct reply *reply, const struct llm_event *event, struct buf *out)
{
	struct chunk chunk = { .type = CHUNK_REASONING_DELTA,
		.delta = event->text };

	reply_end_text(reply, out);
	start_block(reply, &reply->reasoning, &reasoning_kind, out);
	chunk.id = span_of(reply->reasoning.id);
	reply_put(reply, &chunk, out);
}
