/*
 * retention.h: chats that nobody has used for too long (chat.keep_days), and
 * temporary ones for a shorter time (chat.temporary_hours). They
 * are found by walking through all sessions in the order of their ids, some
 * hundred at a time, and deleted as their users would delete them
 * (session_drop()): what is left of large ones is noted for erase.h. Any number
 * of processes may be at it.
 */

#ifndef REPO_RETENTION_H
#define REPO_RETENTION_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define RETENTION_LOOK 500 /* sessions in one look */

/* Zeroed but for the first three: a walk that begins. */
struct retention {
	int64_t keep_ms, temporary_ms; /* 0: for good */
	bool keep_pinned;
	uint64_t after_id; /* how far it has come */
	bool over;
	unsigned n; /* to be deleted, from *at* on */
	unsigned at;
	struct {
		uint64_t user_id, id;
	} found[RETENTION_LOOK];
};

/*
 * Goes on: looks at the next sessions, or deletes one of those that were found
 * to be too old, unless it has been used or pinned meanwhile. ERR_NOT_FOUND:
 * the walk is over. ERR_CONFLICT (logged): the clocks of this host and of the
 * database are too far apart, and by one of them everything may look old.
 */
MUST_USE enum err
retention_step(struct db *db, struct retention *retention, uint64_t *deleted);

#endif
