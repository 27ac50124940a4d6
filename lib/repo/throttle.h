/*
 * throttle.h: the table `throttle`: failures counted in a bucket, for all
 * workers together. A window begins with the first failure and ends at a fixed
 * moment, so somebody who keeps trying cannot lock a bucket for longer.
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
	unsigned limit; /* failures in one window */
	int64_t window_ms;
};

/* Whether the bucket is full: ERR_THROTTLED, and *wait_ms* until the window
 * ends. Writes nothing. */
MUST_USE enum err throttle_look(struct db *db, struct arena *arena,
	const struct throttle *throttle, int64_t now_ms, int64_t *wait_ms);

MUST_USE enum err
throttle_count(struct db *db, const struct throttle *throttle, int64_t now_ms);

/* Counts one unless the bucket is full, in the statement that looks: however
 * many come at once, no more than *limit* are taken. ERR_THROTTLED: full. */
MUST_USE enum err
throttle_take(struct db *db, const struct throttle *throttle, int64_t now_ms);

/* Takes one back. */
MUST_USE enum err throttle_uncount(struct db *db, struct span bucket);

/* Empties the bucket. */
MUST_USE enum err throttle_clear(struct db *db, struct span bucket);

/* Removes at most 1000 rows whose window is over; *n* is how many. */
MUST_USE enum err throttle_sweep(struct db *db, int64_t now_ms, uint64_t *n);

#endif
