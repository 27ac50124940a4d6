/*
 * testdb.h: the private database that tests/unit/run starts for the unit
 * tests. Every test program begins by emptying it.
 */

#ifndef UNIT_TESTDB_H
#define UNIT_TESTDB_H

#include "base/conf.h"
#include "db/db.h"

/* The defaults with the test database in their place; lives for ever. */
struct conf *testdb_conf(void);

/* Drops every table; then makes those of sql/. For a group's setup: 0 or -1,
 * with a sentence when there is no such database. */
int testdb_empty(void);
int testdb_migrate(void);

/* Runs one statement that must succeed. */
void testdb_run(struct db *db, const char *sql);

#endif
