/*
 * schema_foreign.h: finds tables of another application that shares the
 * database and uses names of tables still to be created.
 */

#ifndef REPO_SCHEMA_FOREIGN_H
#define REPO_SCHEMA_FOREIGN_H

#include "db/db.h"
#include "repo/schema_step.h"

#include <stdint.h>

struct schema_progress {
	uint64_t applied; /* the last step that was applied */
	uint64_t done; /* statements of the next step done or sent */
};

/* Their names as "user, session" in *arena*, or NULL. */
MUST_USE enum err schema_foreign(struct db *db, struct arena *arena,
	const struct schema_step *steps, size_t n,
	const struct schema_progress *progress, const char **names);

#endif
