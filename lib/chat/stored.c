#include "chat/stored.h"

#include "base/log.h"
#include "message/parts.h"
#include "wire/event.h"
#include "json/json.h"

#include <inttypes.h>

static struct chunk
finish_chunk(struct arena *arena, const struct message *message)
{
	struct chunk chunk = { .type = CHUNK_FINISH };

	chunk.metadata = message->metadata;
	chunk.finish_reason = json_raw_text(
		arena, json_raw_get(message->metadata, "finishReason"));
	return chunk;
}

/* The sentence for the stored fault; a general one for older replies, which
 * store none. */
static struct chunk
error_chunk(struct arena *arena, const struct message *message)
{
	struct span error = json_raw_get(message->metadata, "error");
	enum llm_fault fault = LLM_OK;

	if (error.data != NULL && *error.data == '{')
		fault = llm_fault_of(
			json_raw_text(arena, json_raw_get(error, "code")));
	if (fault == LLM_OK)
		fault = LLM_FAILED;
	return (struct chunk){ .type = CHUNK_ERROR,
		.error_text = span_of(llm_fault_sentence(fault)) };
}

static enum err
load(struct arena *arena, const struct message *message, struct parts *parts)
{
	struct chunk start = { .type = CHUNK_START,
		.message_id =
			span_of(arena_printf(arena, "%" PRIu64, message->id)) };

	TRY(parts_load(parts, arena, message->parts, message->metadata));
	return parts_add(parts, &start);
}

enum err
stored_replay(
	struct arena *arena, const struct message *message, struct buf *out)
{
	struct parts *parts = parts_open();
	enum err err = load(arena, message, parts);

	if (err == OK)
		parts_replay(parts, out);
	else
		log_error("parts_unreadable", "message=%" PRIu64, message->id);
	parts_free(parts);
	if (err != OK)
		return ERR_INTERNAL;
	stored_end(arena, message, out);
	return OK;
}

void
stored_end(struct arena *arena, const struct message *message, struct buf *out)
{
	struct chunk last = strcmp(message->status, "error") == 0
		? error_chunk(arena, message)
		: finish_chunk(arena, message);

	chunk_write(out, &last);
	buf_puts(out, CHUNK_DONE);
}
