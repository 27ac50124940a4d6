/*
 * erase.h: deletes users and large sessions. The deleting transaction makes the
 * data inaccessible and notes it in `erasure`; the rows are then deleted in
 * small transactions, so that nobody waits for their locks. If the process is
 * killed meanwhile, the note remains and another process continues.
 */

#ifndef REPO_ERASE_H
#define REPO_ERASE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* Deletes the account with its logins, factors and counts, and notes the user's
 * data for deletion. Does nothing if there is no such user. */
MUST_USE enum err
erase_user(struct db *db, struct arena *arena, uint64_t user_id);

/* Notes, in the caller's transaction, that rows of this session remain or, with
 * ERASE_ALL, rows of the user. */
#define ERASE_ALL 0
MUST_USE enum err
erase_note(struct db *db, uint64_t user_id, uint64_t session_id);

/* Deletes some hundred rows of noted data. ERR_NOT_FOUND: there are no notes,
 * or other processes are working on them. */
MUST_USE enum err erase_some(struct db *db);

/* The same for one user, at most *times* times; waits for other processes that
 * are working on it. */
#define ERASE_TO_THE_END UINT64_MAX
MUST_USE enum err erase_rest(struct db *db, uint64_t user_id, uint64_t times);

#endif
