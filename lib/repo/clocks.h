/*
 * clocks.h: what is deleted by its age is deleted by two clocks: a host that
 * starts with a wrong one must not find everything old.
 */

#ifndef REPO_CLOCKS_H
#define REPO_CLOCKS_H

#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

/* The moment by this host's clock or by the database's, whichever is behind.
 * ERR_CONFLICT (logged, with *who* waits): they are more than
 * SNOWFLAKE_SKEW_MAX_MS apart. */
MUST_USE enum err
clocks_behind(struct db *db, const char *who, int64_t *now_ms);

#endif
