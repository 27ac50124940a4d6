/*
 * saved.h: shared by assistant.h and saved_prompt.h: limits of what a user has
 * saved for reuse, which let all of it fit into one file.
 */

#ifndef REPO_SAVED_H
#define REPO_SAVED_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "repo/setting.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of text per owner; and for all published prompts together. */
#define SAVED_BYTES_MAX ((size_t)1 << 20)

/* State of a write that outlives repetitions of its transaction. */
struct saved_write {
	enum refusal why; /* set with ERR_CONFLICT */
	struct arena arena; /* reset at the end */
};

/* Like db_transaction(); *why* is REFUSED_NOT unless the result is
 * ERR_CONFLICT. */
MUST_USE enum err
saved_run(struct db *db, enum err (*body)(struct db *, void *), void *arg,
	struct saved_write *write, enum refusal *why);

/* Call it first in a transaction that adds something: it serialises the owner's
 * additions and keeps the owner from being deleted meanwhile. ERR_DENIED: the
 * owner no longer exists. */
MUST_USE enum err
saved_lock_owner(struct db *db, struct arena *arena, uint64_t owner_id);

/* Stores *reason* in *why*; returns ERR_CONFLICT. */
MUST_USE enum err saved_refuse(enum refusal *why, enum refusal reason);

/* Call it after writing, in a transaction that holds the owner's row. Sets
 * *why* to REFUSED_FULL with ERR_CONFLICT. */
MUST_USE enum err
saved_check_room(struct db *db, uint64_t owner_id, enum refusal *why);

#endif
