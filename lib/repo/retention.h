/*
 * retention.h: deletes chats that nobody has used for too long
 * (chat.keep_days), and temporary ones after a shorter time
 * (chat.temporary_hours). It walks through all sessions by id, some hundred at
 * a time, and deletes them as their users would (session_drop()), with a note
 * for erase.h about the rest of large ones. Any number of processes may do this
 * at the same time.
 */

#ifndef REPO_RETENTION_H
#define REPO_RETENTION_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define RETENTION_LOOK 500 /* sessions per look */

/* To begin a walk, set the first three members and zero the rest. */
struct retention {
	int64_t keep_ms, temporary_ms; /* 0: keep for ever */
	bool keep_pinned;
	uint64_t after_id; /* the last session examined */
	bool over;
	unsigned n; /* still to delete, from *at* on */
	unsigned at;
	struct {
		uint64_t user_id, id;
	} found[RETENTION_LOOK];
};

/*
 * Performs one step: examines the next sessions, or deletes one of those found
 * too old, unless it has been used or pinned meanwhile. ERR_NOT_FOUND: the walk
 * is finished. ERR_CONFLICT (logged): the clocks of this host and the database
 * differ too much, and by one of them everything may look old.
 */
MUST_USE enum err
retention_step(struct db *db, struct retention *retention, uint64_t *deleted);

#endif
