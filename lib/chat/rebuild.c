#include "chat/rebuild.h"

#include "base/clock.h"
#include "base/log.h"
#include "chat/ending.h"
#include "chat/reply.h"
#include "repo/delta.h"
#include "wire/event.h"
#include "json/write.h"

#include <inttypes.h>
#include <stdlib.h>

/* How much of the journal a reduced reply keeps, tried in turn. */
static const size_t limits[] = { SIZE_MAX, (size_t)1 << 20, (size_t)64 << 10,
	(size_t)4 << 10, 256, 0 };

struct folding {
	struct arena *arena;
	struct parts *parts;
	uint64_t message_id;
	size_t left; /* bytes of the journal that may still be used */
	uint32_t next_seq;
};

bool
rebuild_is_refusal(enum err err)
{
	return err == ERR_TOO_BIG || err == ERR_INVALID || err == ERR_INTERNAL;
}

/* ERR_NOT_FOUND stops the reading; earlier rows are kept. */
static enum err
fold_row(uint32_t seq, struct span body, void *arg)
{
	struct folding *folding = arg;

	folding->next_seq = seq + 1;
	if (body.len > folding->left)
		return ERR_NOT_FOUND;
	folding->left -= body.len;
	if (parts_fold(folding->parts, folding->arena, body) == OK)
		return OK;
	log_error("journal_unreadable", "message=%" PRIu64 " seq=%u",
		folding->message_id, seq);
	return ERR_NOT_FOUND;
}

static enum err
load(struct db *db, struct folding *folding, const struct message *message)
{
	enum err err;

	folding->message_id = message->id;
	if (parts_load(folding->parts, folding->arena, message->parts,
		    message->metadata) != OK)
		log_error("parts_unreadable", "message=%" PRIu64, message->id);
	err = delta_each(db, folding->arena, message->id, 0, fold_row, folding);
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err
rebuild_load(struct db *db, struct arena *arena, const struct message *message,
	struct parts *parts, uint32_t *next_seq)
{
	struct folding folding = { arena, parts, 0, SIZE_MAX, 0 };

	TRY(load(db, &folding, message));
	if (next_seq != NULL)
		*next_seq = folding.next_seq;
	return OK;
}

void
rebuild_put_refusal(struct buf *out)
{
	struct json_writer w = json_writer(out);

	json_open(&w, '{');
	json_member_str(&w, "status", reply_status_word(REPLY_ERROR));
	json_key(&w, "error");
	json_open(&w, '{');
	json_member_str(&w, "code", llm_fault_word(LLM_UNSTORED));
	json_close(&w, '}');
	json_close(&w, '}');
}

static void
end_parts(struct parts *parts, enum rebuild_end how)
{
	struct buf metadata = BUF_INIT;

	reply_recover(parts);
	if (how != REBUILD_REFUSED)
		return;
	rebuild_put_refusal(&metadata);
	if (parts_merge_metadata(parts, buf_span(&metadata)) != OK)
		abort();
	buf_free(&metadata);
}

static enum err
store(struct db *db, uint64_t session_id, uint64_t id,
	const struct message_life *life, const struct parts *parts,
	enum rebuild_end how)
{
	struct buf text = BUF_INIT, metadata = BUF_INIT;
	struct message_end end = { .session_id = session_id,
		.id = id,
		.life = *life,
		.asks = parts_asks(parts),
		.status = reply_status_word(how == REBUILD_REFUSED
				? REPLY_ERROR
				: REPLY_INTERRUPTED),
		.now_ms = clock_wall_ms() };
	enum err err;
	bool done;

	parts_write(parts, &text);
	parts_write_metadata(parts, &metadata);
	end.parts = buf_span(&text);
	end.metadata = buf_span(&metadata);
	err = ending_store(db, &end, &done);
	buf_free(&text);
	buf_free(&metadata);
	return err;
}

/* Stores the reply with at most this much of its journal, or, if *bare*, with
 * nothing but its status. */
static enum err
try_store(struct db *db, uint64_t session_id, const struct message *message,
	bool bare, size_t limit, enum rebuild_end how)
{
	const struct message_life life = message_life(message);
	struct arena arena = ARENA_INIT;
	struct parts *parts = parts_open();
	struct folding folding = { &arena, parts, 0, limit, 0 };
	enum err err = OK;

	if (!bare)
		err = load(db, &folding, message);
	if (err == OK) {
		end_parts(parts, how);
		err = store(db, session_id, message->id, &life, parts, how);
	}
	parts_free(parts);
	arena_reset(&arena);
	return err;
}

static enum err
store_reduced(struct db *db, uint64_t session_id, const struct message *message)
{
	enum err err = ERR_INTERNAL;
	size_t i;

	for (i = 0; i < LENGTH(limits) && rebuild_is_refusal(err); i++)
		err = try_store(db, session_id, message, false, limits[i],
			REBUILD_REFUSED);
	if (rebuild_is_refusal(err))
		err = try_store(
			db, session_id, message, true, 0, REBUILD_REFUSED);
	if (err == OK)
		log_error("reply_reduced", "message=%" PRIu64 " tries=%zu",
			message->id, i);
	return err;
}

enum err
rebuild_store(struct db *db, uint64_t session_id, const struct message *message,
	enum rebuild_end how, bool reduced)
{
	return reduced
		? store_reduced(db, session_id, message)
		: try_store(db, session_id, message, false, SIZE_MAX, how);
}
