/*
 * ending.h: what is stored when a reply ends, in one transaction, whether the
 * journal ends it or the reaper.
 */

#ifndef CHAT_ENDING_H
#define CHAT_ENDING_H

#include "db/db.h"
#include "repo/message.h"

/*
 * The end in the message (message_finish()); what the reply cost, with its
 * user's usage of the day; a note that its text can be searched. Of a reply that has ended
 * already, or is deleted, nothing: *done* is false.
 */
MUST_USE enum err
ending_store(struct db *db, const struct message_end *end, bool *done);

#endif
