/*
 * saved.h: what assistant.h and saved_prompt.h have in common: what a user has
 * saved to use it again, and how much of it there may be. So all of it fits
 * into one file.
 */

#ifndef REPO_SAVED_H
#define REPO_SAVED_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "repo/setting.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes of text, of one owner's; and of all prompts that are published. */
#define SAVED_BYTES_MAX ((size_t)1 << 20)

/* What a write keeps from one run of its transaction to the next. */
struct saved_write {
	enum refusal why; /* set with ERR_CONFLICT */
	struct arena arena; /* reset at the end */
};

/* db_transaction(); *why* is REFUSED_NOT unless its result is ERR_CONFLICT. */
MUST_USE enum err
saved_run(struct db *db, enum err (*body)(struct db *, void *), void *arg,
	struct saved_write *write, enum refusal *why);

/* First in a transaction that adds: who adds takes turns with themselves, and is
 * not deleted meanwhile. ERR_DENIED: they are not there any more. */
MUST_USE enum err
saved_lock_owner(struct db *db, struct arena *arena, uint64_t owner_id);

/* ERR_CONFLICT, with *reason* in *why*. */
MUST_USE enum err saved_refuse(enum refusal *why, enum refusal reason);

/* In the transaction that has written, which holds the owner's row. *why* is
 * REFUSED_FULL with ERR_CONFLICT. */
MUST_USE enum err
saved_check_room(struct db *db, uint64_t owner_id, enum refusal *why);

#endif
