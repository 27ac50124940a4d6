/*
 * erase.h: the end of users and large sessions. What is deleted is out of
 * reach with the transaction that says so, and noted in `erasure`; then its
 * rows go in small transactions, so that nobody waits for their locks. Who is
 * killed in between leaves the note, and the next goes on.
 */

#ifndef REPO_ERASE_H
#define REPO_ERASE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* The account with its logins, factors and counts is gone, and what was the
 * user's is noted. Nothing when there is no such user. */
MUST_USE enum err
erase_user(struct db *db, struct arena *arena, uint64_t user_id);

/* In the caller's transaction: there is something left of this session, or,
 * ERASE_ALL, of the user. */
#define ERASE_ALL 0
MUST_USE enum err
erase_note(struct db *db, uint64_t user_id, uint64_t session_id);

/* Deletes some hundred rows of what is noted. ERR_NOT_FOUND: nothing is, or
 * others are at it. */
MUST_USE enum err erase_some(struct db *db);

/* The same of one user's, at most so often; waits for others who are at it. */
#define ERASE_TO_THE_END UINT64_MAX
MUST_USE enum err erase_rest(struct db *db, uint64_t user_id, uint64_t times);

#endif
