/*
 * ending.h: stores everything that the end of a reply changes, in one
 * transaction, for the journal and for the reaper.
 */

#ifndef CHAT_ENDING_H
#define CHAT_ENDING_H

#include "db/db.h"
#include "repo/message.h"
#include "repo/usage_model.h"

/*
 * Writes the end into the message (message_finish()), adds the reply's cost to
 * its user's usage of the day, notes that its text can be indexed for search,
 * updates the session's size and what the list says of it, and deletes the
 * journal. If this life has already ended or the reply was deleted, it writes
 * nothing and sets *done* to false. The caller holds the session
 * (session_hold()), so everyone locks in the order session, message, journal.
 */
MUST_USE enum err
ending_store(struct db *db, const struct message_end *end, bool *done);

/* Counts what was used, for the user and for the model, in one transaction. */
MUST_USE enum err ending_count(struct db *db, uint64_t user_id, int64_t now_ms,
	const struct usage_model *used);

#endif
