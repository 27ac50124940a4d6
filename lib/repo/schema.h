/*
 * schema.h: the numbered steps of sql/ and the table `schema_version`, which
 * records those that a database has. Steps only go forward; an applied step
 * never changes again (its checksum is kept).
 *
 * A step is a list of statements. Schema changes are not transactional, so each
 * statement is recorded before it is sent and after it has finished: when a
 * failed step is run again, it continues with the statement that failed. If
 * this program or the server was killed before the answer arrived, nobody knows
 * whether the statement was executed: it is sent again, and "exists already",
 * or "does not exist", then means that it was. Statements that change rows must
 * therefore be repeatable.
 */

#ifndef REPO_SCHEMA_H
#define REPO_SCHEMA_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

/* The last step of sql/, for which these programs are written. */
#define SCHEMA_VERSION 32

struct schema_run {
	struct db *db;
	struct arena *arena;
	const char *dir; /* holds 0001_name.sql, 0002_name.sql, ... */
	/* Receives every event, and every reason for a refusal, as a
	 * sentence. */
	void (*say)(void *arg, const char *sentence);
	void *arg;
};

/*
 * Applies the missing steps, one process at a time. ERR_BUSY: the database is
 * unreachable, or another migration has been running for too long;
 * ERR_CONFLICT: the files and the database contradict each other; ERR_INVALID:
 * the files are faulty, or a statement failed. It undoes nothing; run it again
 * after fixing the reason.
 */
MUST_USE enum err schema_migrate(const struct schema_run *run);

/*
 * Whether the database is at SCHEMA_VERSION. ERR_BUSY: it is unreachable;
 * ERR_CONFLICT: it is at another version; the log says what to do.
 */
MUST_USE enum err schema_check(struct db *db, const char *program);

#endif
