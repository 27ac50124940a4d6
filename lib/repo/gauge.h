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

struct gauges {
	uint64_t replies_running; /* of all chat processes */
	uint64_t nodes_leased; /* processes that make ids */
};

MUST_USE enum err gauge_read(
	struct db *db, struct arena *arena, int64_t now_ms, struct gauges *out);

#endif
