/*
 * dbtest.h: a server whose settings a test may change: the one in the
 * environment (LAMPLIGHT_DB_*), where root has no password. Without one the
 * program says so and ends.
 */

#ifndef UNIT_DB_DBTEST_H
#define UNIT_DB_DBTEST_H

#include "../unit.h"
#include "conf/conf.h"
#include "db/db.h"

struct dbtest {
	struct arena arena;
	struct conf conf;
	struct db *root;
};

int dbtest_open(void **state);
int dbtest_close(void **state);

/* Runs statements as root. */
void dbtest_root(struct dbtest *t, const char *sql);

/* The first column of the first row. */
uint64_t dbtest_number(struct db *db, const char *sql);
const char *dbtest_text(struct db *db, struct arena *arena, const char *sql);

/* Ends all connections of this account. */
void dbtest_kill_all(struct dbtest *t);

/* How many connections this account has at the moment. */
uint64_t dbtest_connections(struct dbtest *t);

/* Sets a variable of the server until the end of the test. */
void dbtest_set(struct dbtest *t, const char *name, const char *value);

#endif
