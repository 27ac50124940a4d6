/*
 * schema_foreign.h: tables that are in the database under names of tables that
 * are still to be made: another application's, in a database that is shared
 * with it.
 */

#ifndef REPO_SCHEMA_FOREIGN_H
#define REPO_SCHEMA_FOREIGN_H

#include "db/db.h"
#include "repo/schema_step.h"

#include <stdint.h>

struct schema_progress {
	uint64_t applied; /* the last step that is */
	uint64_t done; /* so many statements of the next, or sent */
};

/* "user, session" in *arena*, or NULL. */
MUST_USE enum err schema_foreign(struct db *db, struct arena *arena,
	const struct schema_step *steps, size_t n,
	const struct schema_progress *progress, const char **names);

#endif
