/*
 * schema.h: the numbered steps of sql/ and the table `schema_version` that
 * says which of them a database has. Steps only go forward; one that has been
 * applied never changes again (its checksum is kept).
 *
 * A step is a list of statements. Schema changes are no transactions, so each is
 * recorded before it is sent and when it is done: a step that failed goes on
 * with the statement that failed when it is run again. Whether one was done
 * whose answer never came, because this program or the server was killed, is
 * not known: it is sent again, and "that is there already", or "gone already",
 * then means that it was. What changes rows must be repeatable.
 */

#ifndef REPO_SCHEMA_H
#define REPO_SCHEMA_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

/* The last step of sql/, which these programs are written for. */
#define SCHEMA_VERSION 32

struct schema_run {
	struct db *db;
	struct arena *arena;
	const char *dir; /* holds 0001_name.sql, 0002_name.sql, ... */
	/* Gets every event, and every reason for a refusal, as a sentence. */
	void (*say)(void *arg, const char *sentence);
	void *arg;
};

/*
 * Applies the steps that are missing, one process at a time. ERR_BUSY: the
 * database is away, or another migration has been running for too long;
 * ERR_CONFLICT: the files and the database contradict each other;
 * ERR_INVALID: the files are not as they should be, or a statement failed.
 * Nothing is undone; run it again when the reason is gone.
 */
MUST_USE enum err schema_migrate(const struct schema_run *run);

/*
 * Whether the database is at SCHEMA_VERSION. ERR_BUSY: it is away;
 * ERR_CONFLICT: it is at another one, logged with what to do.
 */
MUST_USE enum err schema_check(struct db *db, const char *program);

#endif
