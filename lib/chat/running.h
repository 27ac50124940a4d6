/*
 * running.h: a reply that runs, in this process or in another, as a request's
 * thread meets it: it is stopped, replaced by another, or followed.
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
 * Stops a reply wherever it runs, and waits until that is stored; OK also when
 * it has ended by itself. One that is committed and not begun yet is asked to
 * stop like one that runs elsewhere. ERR_BUSY: not stored in 5 s.
 */
MUST_USE enum err running_stop(
	struct hub *hub, struct db *db, uint64_t session_id, uint64_t reply_id);

/* turn_open(); a running reply that it replaces is stopped first. ERR_BUSY also
 * when others begin one again and again. */
MUST_USE enum err
running_replace(struct hub *hub, struct db *db, struct snowflake *ids,
	struct arena *arena, const struct turn_post *post, struct turn *turn);

/* Who wants to read a reply; *preamble* is all that comes before `start`. */
struct running_reader {
	uint64_t session_id, reply_id;
	struct peer peer;
	struct span preamble;
};

/*
 * Joins a running reply, here or, by its journal, in another process:
 * *followed*, and the peer is taken over. Else it does not run any more, and
 * *stored* is what is stored of it (in *arena*). Its row is read once, or not
 * at all when it runs here. ERR_NOT_FOUND: it was deleted.
 */
MUST_USE enum err running_follow(struct hub *hub, struct db *db,
	struct arena *arena, const struct running_reader *reader,
	struct message *stored, bool *followed);

#endif
