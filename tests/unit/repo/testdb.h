/*
 * testdb.h: the database that the surroundings give to a test
 * (LAMPLIGHT_DB_*), with today's tables. Tests share it, so each makes ids of
 * its own.
 */

#ifndef UNIT_REPO_TESTDB_H
#define UNIT_REPO_TESTDB_H

#include "base/arena.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stdint.h>

struct testdb {
	struct arena arena;
	struct conf conf;
	struct db *db;
};

/* cmocka's group setup and teardown; *state is a struct testdb. Without a
 * configured database the program says so and ends. */
int testdb_open(void **state);
int testdb_close(void **state);

/* An id that no other test has. */
uint64_t testdb_id(void);

/* A user of that kind. */
uint64_t testdb_user(struct testdb *t);

/* A session of the user's, last updated at *now_ms*. */
uint64_t testdb_session(struct testdb *t, uint64_t user_id, int64_t now_ms);

/* A message of it without parts: a reply while it is "streaming", else what a
 * person has said. */
uint64_t testdb_message(struct testdb *t, uint64_t session_id,
	const char *status, int64_t now_ms);

/* The first number of the first row. */
uint64_t testdb_number(struct testdb *t, const char *sql, uint64_t id);

#endif
