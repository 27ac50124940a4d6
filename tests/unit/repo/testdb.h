/*
 * testdb.h: the database that the environment provides to a test
 * (LAMPLIGHT_DB_*), with the current tables. Tests share it, so each uses ids
 * of its own.
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

/* An id that no other test uses. */
uint64_t testdb_id(void);

/* Creates a user with a new id. */
uint64_t testdb_user(struct testdb *t);

/* A session of the user's, last updated at *now_ms*. */
uint64_t testdb_session(struct testdb *t, uint64_t user_id, int64_t now_ms);

/* Adds a message without parts to it: a reply if it is "streaming", otherwise a
 * person's message. */
uint64_t testdb_message(struct testdb *t, uint64_t session_id,
	const char *status, int64_t now_ms);

/* The first column of the first row. */
uint64_t testdb_number(struct testdb *t, const char *sql, uint64_t id);

#endif
