/*
 * rebuild.h: puts a reply together from what is stored of it, its message and
 * its journal, and ends it there: when its worker has died, or when the
 * database refuses what its worker has to store. What readers were shown is in
 * the journal, so it stays.
 */

#ifndef CHAT_REBUILD_H
#define CHAT_REBUILD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"
#include "message/parts.h"
#include "repo/message.h"

/* Merged into the metadata, and the status in it. */
enum rebuild_end {
	REBUILD_INTERRUPTED, /* its worker is gone */
	REBUILD_REFUSED, /* the database did not take it: `error` */
};

/* Appends the metadata of a refused reply: {status, error: {code}}. */
void rebuild_put_refusal(struct buf *out);

/* Into *parts*, which are empty: the stored parts, then the journal's rows, as
 * far as both can be read. *next_seq* is the journal's next; may be NULL. */
MUST_USE enum err rebuild_load(struct db *db, struct arena *arena,
	const struct message *message, struct parts *parts, uint32_t *next_seq);

/*
 * Ends a streaming reply, *message*, which the caller's transaction has locked,
 * and its session before it.
 * Refused: any other error than ERR_BUSY. *reduced*: then it is stored with
 * less and less of its end, at last with nothing but its status: a session is
 * not locked for ever.
 */
MUST_USE enum err rebuild_store(struct db *db, uint64_t session_id,
	const struct message *message, enum rebuild_end how, bool reduced);

/* Whether this is for ever: the database takes others, but not this. */
bool rebuild_is_refusal(enum err err);

#endif
