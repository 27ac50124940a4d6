/*
 * gauge.h: what the tables say about the whole service at this moment, for
 * /api/health/metrics. Its cost does not grow with what is stored.
 */

#ifndef REPO_GAUGE_H
#define REPO_GAUGE_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

#define GAUGE_MAX 10000

struct gauges {
	uint64_t replies_running; /* of all chat processes */
	uint64_t nodes_leased; /* processes that make ids */
	/* Notes of texts whose words are not searchable yet, and of what is
	 * deleted and still has rows; at most GAUGE_MAX. */
	uint64_t search_pending, erasures;
	uint64_t user_limits; /* users with limits of their own, likewise */
};

MUST_USE enum err gauge_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct gauges *out);

#endif
