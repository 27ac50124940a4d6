/*
 * export.h: reads everything in a session for users who export their data: the
 * messages of all branches, without a reply that is still running.
 */

#ifndef REPO_EXPORT_H
#define REPO_EXPORT_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "repo/history.h"

#include <stdbool.h>
#include <stdint.h>

/* The position of a message in its session's tree. */
struct export_place {
	uint64_t parent_id; /* 0: it is a first message */
	bool shown; /* on the path that is shown */
};

struct export_run {
	uint64_t user_id, session_id;
	uint64_t after; /* read messages with higher ids */
	/* Number of messages; few, since the server sends all at once. */
	unsigned limit;
	/* For all parts and metadata; the first may exceed it. */
	size_t len_max;
	struct history history; /* out: ascending; *newer*: there are more */
	struct export_place *places; /* out: one per message */
	size_t len; /* out */
};

/* Reads the next messages into *arena*, including large texts. A session of
 * another user yields none. ERR_BUSY also if a message has changed
 * meanwhile. */
MUST_USE enum err
export_read(struct db *db, struct arena *arena, struct export_run *run);

#endif
