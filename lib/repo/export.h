/*
 * export.h: all that a session holds, for who takes their data along: the
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

/* Where a message is in the tree of its session. */
struct export_place {
	uint64_t parent_id; /* 0: the first */
	bool shown; /* on the path that is shown */
};

struct export_run {
	uint64_t user_id, session_id;
	uint64_t after; /* ids above this one */
	unsigned limit; /* messages; few, since all are sent by the server */
	size_t len_max; /* of all parts and metadata; the first may have more */
	struct history history; /* out, ascending; *newer*: there are more */
	struct export_place *places; /* out, of each of them */
	size_t len; /* out */
};

/* Reads on, in *arena*, texts that are large included. A session that is not
 * the user's has none. ERR_BUSY also when one has changed meanwhile. */
MUST_USE enum err
export_read(struct db *db, struct arena *arena, struct export_run *run);

#endif
