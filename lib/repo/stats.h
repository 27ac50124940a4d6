/*
 * stats.h: the size and the use of a whole installation, for its operator.
 * Every statement has a time limit, and the server only estimates the size of
 * tables that grow without end.
 */

#ifndef REPO_STATS_H
#define REPO_STATS_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* The value of a number that the database could not count in time. */
#define STATS_UNKNOWN INT64_C(-1)

/* Use on the last days up to now, UTC. */
struct stats_use {
	int64_t users; /* users who had a reply */
	int64_t replies, input_tokens, output_tokens;
};

struct stats {
	int64_t users, logins; /* logins: browsers that are logged in */
	int64_t sessions, messages; /* approximate */
	int64_t bytes; /* tables with indexes, approximate */
	struct stats_use today, week; /* week: seven days, today included */
};

/* ERR_BUSY: the database is unreachable. */
MUST_USE enum err stats_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct stats *out);

#endif
