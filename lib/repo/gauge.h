/*
 * gauge.h: the current state of the whole service according to the tables, for
 * /api/health/metrics. Its cost does not grow with the amount of data.
 */

#ifndef REPO_GAUGE_H
#define REPO_GAUGE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

#define GAUGE_MAX 10000

struct gauges {
	uint64_t replies_running; /* in all chat processes */
	uint64_t nodes_leased; /* processes that generate ids */
	/* The number of texts not yet indexed for the search, and of deletions
	 * with rows left; counted up to GAUGE_MAX. */
	uint64_t search_pending, erasures;
	/* Users with limits of their own; counted up to GAUGE_MAX. */
	uint64_t user_limits;
};

MUST_USE enum err gauge_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct gauges *out);

#endif
