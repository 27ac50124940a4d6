#include "chat/takeover.h"

#include "chat/rebuild.h"
#include "repo/delta.h"
#include "repo/session.h"
#include "repo/worker.h"
#include "json/json.h"

/* Marks the metadata of a reply that has been taken over. */
#define MARK "crashContinued"

#define CALL_CUT "The reply was interrupted before this call finished."

static bool
is_marked(struct arena *arena, struct span metadata)
{
	const struct json *json;

	return metadata.len > 0 && json_parse(arena, metadata, &json) == OK &&
		json_get(json, MARK) != NULL;
}

static enum err
write_row(struct db *db, const struct hub_start *start, struct span body)
{
	struct bulk bulk = { 0 };
	enum err err;

	delta_begin(&bulk);
	delta_add(&bulk, start->lease, start->message_id, start->seq, body);
	err = delta_insert(&bulk, db);
	bulk_free(&bulk);
	return err;
}

/* Closes open parts, in the journal and in the message. */
static enum err
close_parts(struct db *db, struct parts *parts, struct hub_start *start)
{
	struct buf closing = BUF_INIT;
	enum err err =
		parts_merge_metadata(parts, span_of("{\"" MARK "\":true}"));

	parts_close(parts, CALL_CUT, &closing);
	if (err == OK && closing.len > 0) {
		err = write_row(db, start, buf_span(&closing));
		start->seq++;
	}
	buf_free(&closing);
	return err;
}

static struct span
copy_of(struct arena *arena, const struct parts *parts,
	void (*write)(const struct parts *parts, struct buf *out))
{
	struct buf text = BUF_INIT;
	struct span copy;

	write(parts, &text);
	copy = arena_span(arena, buf_span(&text));
	buf_free(&text);
	return copy;
}

static enum err
take(struct db *db, struct arena *arena, struct parts *parts,
	const struct message *message, struct hub_start *start)
{
	TRY(rebuild_load(db, arena, message, parts, &start->seq));
	TRY(close_parts(db, parts, start));
	start->parts = copy_of(arena, parts, parts_write);
	start->metadata = copy_of(arena, parts, parts_write_metadata);
	/* The lease makes it another life, so followers of the journal read
	 * on. */
	start->began_ms = message->update_ms;
	return message_take_over(db, start->session_id, message->id,
		&(struct message_life){ start->lease, start->began_ms },
		start->metadata);
}

enum err
takeover_store(struct db *db, struct arena *arena, struct lease own,
	uint64_t session_id, const struct message *message,
	struct hub_start *start)
{
	struct parts *parts;
	enum err err;

	if (is_marked(arena, message->metadata))
		return ERR_NOT_FOUND;
	err = worker_fence(db, own);
	if (err != OK)
		return err == ERR_CONFLICT ? ERR_BUSY : err;
	*start = (struct hub_start){ .session_id = session_id,
		.message_id = message->id,
		.lease = own,
		.create_ms = message->create_ms,
		.peer = { .fd = -1 },
		.made = message_is_made(message),
		.untitled = true, /* as far as is known here */
		.goes_on = true };
	TRY(session_owner(db, arena, session_id, &start->user_id));
	parts = parts_open();
	err = take(db, arena, parts, message, start);
	parts_free(parts);
	return err;
}
