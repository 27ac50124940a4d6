/*
 * throttle.h: the table `throttle`: failures counted in buckets, shared by all
 * workers. A window begins with the first failure and ends after a fixed time,
 * so continued attempts cannot prolong the lock.
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

/* ERR_THROTTLED if the bucket is full, with the time until the window ends in
 * *wait_ms*. Writes nothing. */
MUST_USE enum err throttle_look(struct db *db, struct arena *arena,
	const struct throttle *throttle, int64_t now_ms, int64_t *wait_ms);

MUST_USE enum err
throttle_count(struct db *db, const struct throttle *throttle, int64_t now_ms);

/* Counts a failure unless the bucket is full, in a single statement: however
 * many requests arrive at once, at most *limit* succeed. ERR_THROTTLED: it is
 * full. */
MUST_USE enum err
throttle_take(struct db *db, const struct throttle *throttle, int64_t now_ms);

/* Reverts one count. */
MUST_USE enum err throttle_uncount(struct db *db, struct span bucket);

/* Empties the bucket. */
MUST_USE enum err throttle_clear(struct db *db, struct span bucket);

/* Removes at most 1000 rows whose window has ended; *n* receives their
 * number. */
MUST_USE enum err throttle_sweep(struct db *db, int64_t now_ms, uint64_t *n);

#endif
