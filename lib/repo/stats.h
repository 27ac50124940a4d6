/*
 * stats.h: how much a whole installation holds and does, for its operator.
 * Every statement has a time limit, and tables that grow without end are not
 * counted but estimated by the server.
 */

#ifndef REPO_STATS_H
#define REPO_STATS_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* Of what the database could not count in time. */
#define STATS_UNKNOWN INT64_C(-1)

/* Of some days until now, UTC. */
struct stats_use {
	int64_t users; /* that had a reply */
	int64_t replies, input_tokens, output_tokens;
};

struct stats {
	int64_t users, logins; /* logins: browsers that are logged in */
	int64_t sessions, messages; /* about */
	int64_t bytes; /* tables and their indexes, about */
	struct stats_use today, week; /* week: seven days with today */
};

/* ERR_BUSY: the database is away. */
MUST_USE enum err stats_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct stats *out);

#endif
