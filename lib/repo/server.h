/*
 * server.h: checks whether a database server suits these programs: its version
 * and settings, its clock, the account's privileges, and the tables. It
 * describes each problem in a sentence with the setting and the remedy, before
 * the first user meets it.
 */

#ifndef REPO_SERVER_H
#define REPO_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>

enum server_for {
	SERVER_FOR_TABLES, /* before `migrate` creates tables */
	SERVER_FOR_WORK, /* quickly, what can change at any time */
	SERVER_FOR_ALL, /* and everything else */
};

/* A *fatal* problem keeps the programs from working; with others they work with
 * limitations. */
typedef void server_say(void *arg, bool fatal, const char *sentence);

/*
 * Reports the problems; then OK, or ERR_CONFLICT if one is fatal. ERR_BUSY: the
 * database is unreachable (db_reason()).
 */
MUST_USE enum err server_check(struct db *db, struct arena *arena,
	enum server_for what, server_say *say, void *arg);

/*
 * What prevents *program* from working with this database, in one sentence for
 * the operator: that it is unreachable and why, that its tables are not those
 * of this release, or what server_check() finds. NULL: nothing.
 */
const char *
server_trouble(struct db *db, struct arena *arena, const char *program);

#endif
