/*
 * ending.h: what is stored when a reply ends, in one transaction, whether the
 * journal ends it or the reaper.
 */

#ifndef CHAT_ENDING_H
#define CHAT_ENDING_H

#include "db/db.h"
#include "repo/message.h"
#include "repo/usage_model.h"

/*
 * The end in the message (message_finish()); what the reply cost, with its
 * user's usage of the day; a note that its text can be searched; what the list
 * says of its session, and its bytes; its journal goes. Of a life that has ended
 * already, or a reply that is deleted, nothing: *done* is false. The caller
 * holds the session (session_hold()): so all lock in the order session,
 * message, journal.
 */
MUST_USE enum err
ending_store(struct db *db, const struct message_end *end, bool *done);

/* What was used is counted for its user and for its model, in a transaction. */
MUST_USE enum err ending_count(struct db *db, uint64_t user_id, int64_t now_ms,
	const struct usage_model *used);

#endif
