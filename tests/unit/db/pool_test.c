/* pool_test.c: few connections for many threads, urgent handles, and a server
 * with fewer connections than configured. */

#include "dbtest.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#define THREADS 12
#define ROUNDS 15

struct crowd {
	struct dbtest *t;
	const char *sql;
	_Atomic unsigned failed;
};

/* ---- helpers */

static int
pool_up(void **state)
{
	struct dbtest *t = *state;

	db_pool_open(&t->conf.db);
	return 0;
}

static int
pool_down(void **state)
{
	struct dbtest *t = *state;

	db_pool_close(&t->conf.db);
	dbtest_root(t,
		"ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS 0");
	return 0;
}

static void *
ask_often(void *arg)
{
	struct crowd *crowd = arg;
	struct db *db = db_new(&crowd->t->conf.db);

	for (int i = 0; i < ROUNDS; i++)
		if (db_each(db, NULL, crowd->sql, NO_PARAMS, NULL, NULL) != OK)
			atomic_fetch_add(&crowd->failed, 1);
	db_free(db);
	return NULL;
}

/* Runs that many at once; returns the highest number of connections seen
 * meanwhile. */
static uint64_t
ask_together(struct crowd *crowd)
{
	pthread_t threads[THREADS];
	uint64_t most = 0;

	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, ask_often, crowd), 0);
	for (int i = 0; i < 20; i++) {
		uint64_t now = dbtest_connections(crowd->t);

		most = now > most ? now : most;
		usleep(10000);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return most;
}

/* Takes some time and returns no row. */
static const char SOME_TIME[] = "SELECT 1 FROM DUAL WHERE SLEEP(0.02) > 0";

static bool
comes_to(struct dbtest *t, uint64_t connections, int seconds)
{
	for (int i = 0; i < seconds * 10; i++) {
		if (dbtest_connections(t) == connections)
			return true;
		usleep(100000);
	}
	return false;
}

/* ---- tests */

static void
without_a_pool_nothing_is_counted(void **state)
{
	struct dbtest *t = *state;
	struct db_conf conf = t->conf.db;
	struct db_pool_counts counts;

	conf.pool = NULL;
	counts = db_pool_counts(&conf);
	assert_int_equal(counts.open + counts.used + counts.waiting, 0);
	assert_int_equal(counts.max, 0);
}

static void
many_threads_share_few_connections(void **state)
{
	struct crowd crowd = { .t = *state, .sql = SOME_TIME };
	uint64_t most = ask_together(&crowd);

	assert_int_equal(crowd.failed, 0);
	assert_in_range(most, 2, 4);
}

static void
spare_connections_are_closed(void **state)
{
	struct crowd crowd = { .t = *state, .sql = SOME_TIME };

	ask_together(&crowd);
	assert_true(dbtest_connections(crowd.t) > 1);
	assert_true(comes_to(crowd.t, 1, 60));
}

static void
a_server_that_has_fewer_is_waited_for(void **state)
{
	struct crowd crowd = { .t = *state, .sql = SOME_TIME };

	dbtest_root(crowd.t,
		"ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS 2");
	assert_true(ask_together(&crowd) <= 2);
	assert_int_equal(crowd.failed, 0);
}

/* Programs share the connections, so that each gets some whenever it starts. */
static void
a_limited_account_is_shared_by_the_programs(void **state)
{
	struct crowd crowd = { .t = *state, .sql = SOME_TIME };

	dbtest_root(crowd.t,
		"ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS 10");
	assert_true(ask_together(&crowd) <= 2);
	assert_int_equal(crowd.failed, 0);
}

static void
none_at_all_is_busy_and_says_why(void **state)
{
	struct dbtest *t = *state;
	struct db_conf other = t->conf.db;
	struct db *holder, *db = db_new(&t->conf.db);

	dbtest_root(t,
		"ALTER USER lamplight@localhost WITH MAX_USER_CONNECTIONS 1");
	other.pool = NULL;
	holder = db_new(&other);
	assert_int_equal(dbtest_number(holder, "SELECT 1"), 1);
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), ERR_BUSY);
	assert_non_null(strstr(db_reason(db), "MAX_USER_CONNECTIONS"));
	db_free(holder);
	assert_true(comes_to(t, 0, 60));
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), OK);
	db_free(db);
}

static enum err
hold(struct db *db, void *arg)
{
	_Atomic unsigned *held = arg;

	TRY(db_exec(db, "DO 1", NO_PARAMS));
	atomic_fetch_add(held, 1);
	while (atomic_load(held) < 100)
		usleep(1000);
	return OK;
}

struct holder {
	struct dbtest *t;
	_Atomic unsigned *held;
	enum err err;
};

static void *
hold_one(void *arg)
{
	struct holder *holder = arg;
	struct db *db = db_new(&holder->t->conf.db);

	holder->err = db_transaction(db, hold, holder->held);
	db_free(db);
	return NULL;
}

/* Three transactions hold all connections for normal handles; a fourth
 * waits. */
static void
the_last_connection_is_reserved_for_urgent_work(void **state)
{
	struct dbtest *t = *state;
	_Atomic unsigned held = 0;
	struct holder holders[3];
	pthread_t threads[3];
	struct db *db = db_new(&t->conf.db),
		  *urgent = db_new_urgent(&t->conf.db);

	for (int i = 0; i < 3; i++) {
		holders[i] = (struct holder){ t, &held, ERR_INTERNAL };
		pthread_create(&threads[i], NULL, hold_one, &holders[i]);
	}
	while (atomic_load(&held) < 3)
		usleep(1000);
	assert_int_equal(db_pool_counts(&t->conf.db).used, 3);
	assert_int_equal(db_pool_counts(&t->conf.db).max, 4);
	for (int i = 0; i < 10; i++)
		assert_int_equal(db_exec(urgent, "DO 1", NO_PARAMS), OK);
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), ERR_BUSY);
	assert_non_null(strstr(db_reason(db), "in use"));
	atomic_store(&held, 100);
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], NULL);
		assert_int_equal(holders[i].err, OK);
	}
	assert_int_equal(db_pool_counts(&t->conf.db).used, 0);
	assert_true(db_pool_counts(&t->conf.db).open >= 3);
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), OK);
	db_free(urgent);
	db_free(db);
}

static void
slow_statements_leave_connections_to_others(void **state)
{
	struct dbtest *t = *state;
	struct db *db = db_new(&t->conf.db);

	assert_int_equal(db_slow_enter(db), OK);
	assert_int_equal(db_slow_enter(db), OK);
	assert_int_equal(db_slow_enter(db), ERR_BUSY);
	db_slow_leave(db);
	assert_int_equal(db_slow_enter(db), OK);
	db_slow_leave(db);
	db_slow_leave(db);
	db_free(db);
}

static void
one_connection_is_enough(void **state)
{
	struct crowd crowd = { .t = *state, .sql = "SELECT 1 LIMIT 0" };
	struct db *urgent = db_new_urgent(&crowd.t->conf.db);

	crowd.t->conf.db.connections = 1;
	assert_true(ask_together(&crowd) <= 1);
	assert_int_equal(db_exec(urgent, "DO 1", NO_PARAMS), OK);
	assert_int_equal(crowd.failed, 0);
	crowd.t->conf.db.connections = 4;
	db_free(urgent);
}

static void
connections_that_were_killed_are_replaced(void **state)
{
	struct crowd crowd = { .t = *state, .sql = "SELECT 1 LIMIT 0" };

	ask_together(&crowd);
	dbtest_kill_all(crowd.t);
	ask_together(&crowd);
	assert_int_equal(crowd.failed, 0);
}

/* Each connection keeps the limit with which it began. */
static void
connections_with_too_small_packets_are_replaced(void **state)
{
	static char body[4096];
	struct crowd crowd = { .t = *state, .sql = SOME_TIME };
	struct db *db = db_new(&crowd.t->conf.db);
	struct params params =
		PARAMS(SPAN(((struct span){ body, sizeof(body) })));

	dbtest_set(crowd.t, "max_allowed_packet", "1024");
	assert_in_range(ask_together(&crowd), 2, 4);
	dbtest_set(crowd.t, "max_allowed_packet", "67108864");
	assert_int_equal(db_exec(db, "DO LENGTH(?)", params), ERR_TOO_BIG);
	for (int i = 0; i < 4; i++)
		assert_int_equal(db_exec(db, "DO LENGTH(?)", params), OK);
	db_free(db);
}

int
main(void)
{
#define POOLED(test) cmocka_unit_test_setup_teardown(test, pool_up, pool_down)
	const struct CMUnitTest tests[] = {
		POOLED(without_a_pool_nothing_is_counted),
		POOLED(many_threads_share_few_connections),
		POOLED(spare_connections_are_closed),
		POOLED(a_server_that_has_fewer_is_waited_for),
		POOLED(a_limited_account_is_shared_by_the_programs),
		POOLED(none_at_all_is_busy_and_says_why),
		POOLED(the_last_connection_is_reserved_for_urgent_work),
		POOLED(slow_statements_leave_connections_to_others),
		POOLED(one_connection_is_enough),
		POOLED(connections_that_were_killed_are_replaced),
		POOLED(connections_with_too_small_packets_are_replaced),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, dbtest_open, dbtest_close);
}
