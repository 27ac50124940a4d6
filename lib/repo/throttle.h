/*
 * throttle.h: the table `throttle`: tries counted in a bucket, for all workers
 * together. A window begins with the first try and ends at a fixed moment, so
 * somebody who keeps trying cannot lock a bucket for longer.
 */

#ifndef REPO_THROTTLE_H
#define REPO_THROTTLE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

struct throttle {
	struct span bucket; /* 1 to 64 bytes */
	unsigned limit; /* tries in one window */
	int64_t window_ms;
};

/* Counts a try before it is made, so that many at once cannot slip through.
 * ERR_THROTTLED: it is above the limit; *wait_ms* until the window ends. */
MUST_USE enum err throttle_try(struct db *db, struct arena *arena,
	const struct throttle *throttle, int64_t now_ms, int64_t *wait_ms);

/* The try that was counted last turned out to be none. */
MUST_USE enum err throttle_undo(struct db *db, struct span bucket);

/* Empties the bucket. */
MUST_USE enum err throttle_clear(struct db *db, struct span bucket);

/* Removes a few rows whose window is over. */
MUST_USE enum err throttle_sweep(struct db *db, int64_t now_ms);

#endif
