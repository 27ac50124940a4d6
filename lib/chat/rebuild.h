/*
 * rebuild.h: rebuilds a reply from its stored message and its journal, and ends
 * it: when its worker has died, or when the database refuses what its worker
 * wants to store. Everything that readers were shown is in the journal, so it
 * is kept.
 */

#ifndef CHAT_REBUILD_H
#define CHAT_REBUILD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "db/db.h"
#include "message/parts.h"
#include "repo/message.h"

/* The status that the reply ends with, which is also merged into its
 * metadata. */
enum rebuild_end {
	REBUILD_INTERRUPTED, /* the worker has died */
	REBUILD_REFUSED, /* the database refused the reply: `error` */
};

/* Appends the metadata of a refused reply: {status, error: {code}}. */
void rebuild_put_refusal(struct buf *out);

/* Loads the stored parts and then the journal's rows into *parts*, which must
 * be empty, as far as both can be read. Sets *next_seq*, which may be NULL, to
 * the number of the journal's next row. */
MUST_USE enum err rebuild_load(struct db *db, struct arena *arena,
	const struct message *message, struct parts *parts, uint32_t *next_seq);

/*
 * Ends the streaming reply *message*. The caller's transaction has locked the
 * session first and then the message. If the database refuses the reply, the
 * error is any but ERR_BUSY. A *reduced* reply is stored with less and less of
 * its end, at last with nothing but its status, so that the session does not
 * stay locked.
 */
MUST_USE enum err rebuild_store(struct db *db, uint64_t session_id,
	const struct message *message, enum rebuild_end how, bool reduced);

/* Whether the error is permanent: the database works, but refuses this. */
bool rebuild_is_refusal(enum err err);

#endif
