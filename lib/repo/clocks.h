/*
 * clocks.h: the time for deleting by age. Age-based deletion compares two
 * clocks, so a host with a wrong clock deletes nothing.
 */

#ifndef REPO_CLOCKS_H
#define REPO_CLOCKS_H

#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* The time by this host's clock or the database's, whichever is behind.
 * ERR_CONFLICT if they differ by more than SNOWFLAKE_SKEW_MAX_MS; the log then
 * says that *who* waits. */
MUST_USE enum err
clocks_behind(struct db *db, const char *who, int64_t *now_ms);

#endif
