/*
 * running.h: how the thread of a request treats a running reply, in this
 * process or another one: stops, replaces or follows it.
 */

#ifndef CHAT_RUNNING_H
#define CHAT_RUNNING_H

#include "base/arena.h"
#include "base/err.h"
#include "chat/follower.h"
#include "chat/hub.h"
#include "chat/turn.h"
#include "db/db.h"
#include "repo/message.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Stops a reply, no matter where it runs, and waits until that is stored. OK
 * also if the reply has ended by itself. A reply that is committed but has not
 * begun yet is stopped by the same request as a reply in another process.
 * ERR_BUSY if that was not stored within 5 s; it is still stopped as soon as
 * its process can. If that process dies first, the reply is recovered as if
 * nobody had stopped it.
 */
MUST_USE enum err running_stop(
	struct hub *hub, struct db *db, uint64_t session_id, uint64_t reply_id);

/* Like turn_open(), but first stops a running reply that the turn replaces.
 * ERR_BUSY also if others keep starting replies. */
MUST_USE enum err
running_replace(struct hub *hub, struct db *db, struct snowflake *ids,
	struct arena *arena, const struct turn_post *post, struct turn *turn);

/* A reader of a reply; *preamble* is everything that precedes `start`. */
struct running_reader {
	uint64_t session_id, reply_id;
	struct peer peer;
	struct span preamble;
};

/*
 * Follows a running reply, here or through the journal of another process: sets
 * *followed* and takes ownership of the peer. If the reply does not run any
 * more, sets *stored* to the stored message (in *arena*). The row is read once,
 * or not at all if the reply runs here. ERR_NOT_FOUND if it was deleted.
 */
MUST_USE enum err running_follow(struct hub *hub, struct db *db,
	struct arena *arena, const struct running_reader *reader,
	struct message *stored, bool *followed);

#endif
