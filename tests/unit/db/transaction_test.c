/* transaction_test.c: what is repeated, and that nothing is kept of a transaction
 * that has failed, also where its body has not noticed. */

#include "dbtest.h"

#include <stdio.h>
#include <string.h>

static const char STORE[] = "INSERT INTO scratch (id, body) VALUES (?, 'x')";
static const char ROWS[] = "SELECT COUNT(*) FROM scratch";

/* As the server says it when another transaction had to win. */
static const char DEADLOCKS[] =
	"CREATE TRIGGER deadlocks BEFORE INSERT ON scratch FOR EACH ROW"
	" IF NEW.id = 2 THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213;"
	" END IF";

struct body {
	struct dbtest *t;
	int runs,
		fails; /* how often it has run; how often there is a deadlock */
	bool deaf; /* overlooks what failed */
};

static void
kill_connection(struct dbtest *t, struct db *db)
{
	char sql[64];

	snprintf(sql, sizeof(sql), "KILL %llu",
		(unsigned long long)dbtest_number(
			db, "SELECT CONNECTION_ID()"));
	dbtest_root(t, sql);
}

static enum err
store_two(struct db *db, void *arg)
{
	struct body *body = arg;

	if (body->runs++ == body->fails)
		dbtest_root(body->t, "DROP TRIGGER deadlocks");
	TRY(db_exec(db, STORE, PARAMS(U64(1))));
	return db_exec(db, STORE, PARAMS(U64(2)));
}

static int
clear(void **state)
{
	struct dbtest *t = *state;

	dbtest_root(t, "DROP TRIGGER IF EXISTS deadlocks");
	dbtest_root(t, "DELETE FROM scratch");
	return 0;
}

static void
a_deadlock_is_repeated_and_nothing_is_stored_twice(void **state)
{
	struct body body = { .t = *state, .fails = 3 };
	struct db *db = db_new(&body.t->conf.db);

	dbtest_root(body.t, DEADLOCKS);
	assert_int_equal(db_transaction(db, store_two, &body), OK);
	assert_int_equal(body.runs, 4);
	assert_int_equal(dbtest_number(db, ROWS), 2);
	db_free(db);
}

static void
after_five_deadlocks_it_gives_up_and_nothing_is_stored(void **state)
{
	struct body body = { .t = *state, .fails = 100 };
	struct db *db = db_new(&body.t->conf.db);

	dbtest_root(body.t, DEADLOCKS);
	assert_int_equal(db_transaction(db, store_two, &body), ERR_BUSY);
	assert_int_equal(body.runs, 5);
	assert_int_equal(dbtest_number(db, ROWS), 0);
	db_free(db);
}

/* What the server had of it is gone with the connection; the rest would be
 * stored alone. */
static enum err
store_around_a_cut(struct db *db, void *arg)
{
	struct body *body = arg;

	TRY(db_exec(db, STORE, PARAMS(U64(1))));
	kill_connection(body->t, db);
	assert_int_equal(db_exec(db, STORE, PARAMS(U64(2))), ERR_BUSY);
	if (!body->deaf)
		return ERR_BUSY;
	assert_int_equal(db_exec(db, STORE, PARAMS(U64(3))), ERR_BUSY);
	return OK;
}

static void
a_connection_that_is_lost_takes_all_of_it_along(void **state)
{
	struct body body = { .t = *state };
	struct db *db = db_new(&body.t->conf.db);

	assert_int_equal(
		db_transaction(db, store_around_a_cut, &body), ERR_BUSY);
	assert_int_equal(dbtest_number(db, ROWS), 0);
	body.deaf = true;
	assert_int_equal(
		db_transaction(db, store_around_a_cut, &body), ERR_BUSY);
	assert_int_equal(dbtest_number(db, ROWS), 0);
	db_free(db);
}

static enum err
store_and_fail(struct db *db, void *arg)
{
	struct body *body = arg;

	TRY(db_exec(db, STORE, PARAMS(U64(1))));
	if (body->runs++ == 0)
		kill_connection(body->t, db);
	return ERR_CONFLICT;
}

static void
a_rollback_that_fails_leaves_nothing_behind(void **state)
{
	struct body body = { .t = *state };
	struct db *db = db_new(&body.t->conf.db);

	for (int i = 0; i < 2; i++) {
		assert_int_equal(db_transaction(db, store_and_fail, &body),
			ERR_CONFLICT);
		assert_int_equal(dbtest_number(db, ROWS), 0);
	}
	assert_int_equal(body.runs, 2);
	db_free(db);
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_deadlock_is_repeated_and_nothing_is_stored_twice),
		TEST(after_five_deadlocks_it_gives_up_and_nothing_is_stored),
		TEST(a_connection_that_is_lost_takes_all_of_it_along),
		TEST(a_rollback_that_fails_leaves_nothing_behind),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, dbtest_open, dbtest_close);
}
