/*
 * server.h: whether a database server suits these programs: its version and
 * settings, its clock, the account's rights, the tables as they are. What does not is
 * said in a sentence that names the setting and the remedy, before the first
 * user meets it.
 */

#ifndef REPO_SERVER_H
#define REPO_SERVER_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>

enum server_for {
	SERVER_FOR_TABLES, /* `migrate` is about to make tables */
	SERVER_FOR_WORK, /* a quick look at what can change any time */
	SERVER_FOR_ALL, /* and at everything else */
};

/* One that is *fatal* keeps the programs from working; others work with less
 * than was asked for. */
typedef void server_say(void *arg, bool fatal, const char *sentence);

/*
 * Says what it finds, then OK, or ERR_CONFLICT when something is fatal.
 * ERR_BUSY: the database is away (db_reason()).
 */
MUST_USE enum err server_check(struct db *db, struct arena *arena,
	enum server_for what, server_say *say, void *arg);

/*
 * What keeps *program* from working on this database, in one sentence for the
 * operator: that it is away, and why; that its tables are not those of this
 * release; or what server_check() finds. NULL: nothing does.
 */
const char *
server_trouble(struct db *db, struct arena *arena, const char *program);

#endif
