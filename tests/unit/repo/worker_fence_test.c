/* worker_fence_test.c: the fence and its other side: leases that have ended,
 * belong to dead processes, or are retired. */

#include "workertest.h"

#include "db/row.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void
the_fence_lets_only_the_holder_through(void **state)
{
	struct lease lease, none = { 0 };
	int64_t after_ms;

	(void)state;
	lease = workertest_take(RESERVED, &after_ms);
	assert_int_equal(worker_fence(workertest.db, lease), OK);
	assert_int_equal(worker_fence(workertest.db, none), ERR_CONFLICT);
	lease.epoch++;
	assert_int_equal(worker_fence(workertest.db, lease), ERR_CONFLICT);
	lease.epoch--;
	workertest_expire(lease);
	assert_int_equal(worker_fence(workertest.db, lease), ERR_BUSY);
	assert_int_equal(worker_retire(workertest.db, lease), OK);
	assert_int_equal(worker_fence(workertest.db, lease), ERR_CONFLICT);
}

static void
retiring_needs_a_lease_that_is_over(void **state)
{
	struct lease lease, unknown = { 77, 1 };
	int64_t after_ms;

	(void)state;
	workertest_leave_free(9, 9);
	lease = workertest_take(RESERVED, &after_ms);
	assert_int_equal(worker_retire(workertest.db, lease), ERR_CONFLICT);
	workertest_expire(lease);
	assert_int_equal(worker_retire(workertest.db, lease), OK);
	assert_int_equal(
		worker_retire(workertest.db, lease), OK); /* and again */
	assert_int_equal(
		workertest_take(RESERVED, &after_ms).epoch, lease.epoch + 2);
	assert_int_equal(
		/* Taken by another holder. */
		worker_retire(workertest.db, lease), OK);
	workertest_run("DELETE FROM worker");
	assert_int_equal(worker_retire(workertest.db, unknown), OK);
}

/* Even if the database's clock goes back, so that the lease seems to last. */
static void
what_is_retired_stays_retired(void **state)
{
	struct worker_terms wanted = workertest_terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	lease = workertest_take(RESERVED, &after_ms);
	workertest_expire(lease);
	assert_int_equal(worker_retire(workertest.db, lease), OK);
	workertest_run(
		"UPDATE worker SET lease_until = NOW(3) + INTERVAL 1 HOUR");
	assert_int_equal(worker_fence(workertest.db, lease), ERR_CONFLICT);
	assert_int_equal(
		worker_renew(workertest.db, lease, &wanted), ERR_CONFLICT);
}

struct race {
	struct lease lease;
	pthread_t thread;
	_Atomic int step; /* position of the next event */
	int n_waits;
	int retired_at;
};

static void *
retire(void *arg)
{
	struct race *race = arg;
	enum err err;

	while ((err = worker_retire(workertest.other, race->lease)) ==
		ERR_NOT_FOUND)
		race->n_waits++;
	if (err == OK)
		race->retired_at = ++race->step;
	return NULL;
}

/* The lease ends while the fenced transaction runs; then another process clears
 * up. */
static enum err
write_slowly(struct db *same, void *arg)
{
	struct race *race = arg;
	struct timespec pause = { 0, 200000000 };

	TRY(worker_fence(same, race->lease));
	nanosleep(&pause, NULL);
	pthread_create(&race->thread, NULL, retire, race);
	nanosleep(&pause, NULL);
	race->step++;
	return OK;
}

static void
retiring_waits_for_the_commit_behind_the_fence(void **state)
{
	struct worker_terms brief = workertest_terms(RESERVED);
	struct race race = { .step = 0 };
	int64_t after_ms;

	(void)state;
	brief.lease_ms = 100;
	assert_int_equal(
		worker_take(workertest.db, &brief, &race.lease, &after_ms), OK);
	assert_int_equal(
		db_transaction(workertest.db, write_slowly, &race), OK);
	pthread_join(race.thread, NULL);
	assert_int_equal(race.retired_at, 2);
	assert_true(race.n_waits > 0); /* and continues with other leases */
	assert_int_equal(worker_fence(workertest.db, race.lease), ERR_CONFLICT);
}

/* Whether the fence of a statement holds. */
static bool
is_guarded_through(struct lease lease)
{
	char guard[WORKER_GUARD_LEN], sql[WORKER_GUARD_LEN + 16];
	struct db *db = db_new(workertest.conf);
	uint64_t one;
	enum err err;

	worker_guard(lease, guard);
	snprintf(sql, sizeof(sql), "SELECT 1%s", guard);
	err = db_one(db, NULL, sql, NO_PARAMS, row_read_u64, &one);
	db_free(db);
	assert_true(err == OK || err == ERR_NOT_FOUND);
	return err == OK;
}

static void
a_guard_lets_only_the_holder_through(void **state)
{
	struct lease lease;
	int64_t after_ms;

	(void)state;
	lease = workertest_take(RESERVED, &after_ms);
	assert_true(is_guarded_through(lease));
	lease.epoch++;
	assert_false(is_guarded_through(lease));
	lease.epoch--;
	workertest_expire(lease);
	assert_false(is_guarded_through(lease));
}

static bool
is_said_to_be_dead(const char *alive, void *arg)
{
	return strcmp(alive, arg) == 0;
}

/* Its lease has not expired; nevertheless nothing may be written under it, and
 * the node is free. */
static void
a_lease_ends_with_its_holder(void **state)
{
	struct worker_terms wanted = workertest_terms(RESERVED),
			    others = workertest_terms(RESERVED);
	struct lease lease, living, next;
	int64_t after_ms;
	char dead[] = "dead";
	size_t n;

	(void)state;
	wanted.alive = "dead";
	others.alive = "living";
	assert_int_equal(
		worker_take(workertest.db, &wanted, &lease, &after_ms), OK);
	assert_int_equal(
		worker_take(workertest.db, &others, &living, &after_ms), OK);
	assert_int_equal(worker_retire(workertest.db, lease), ERR_CONFLICT);
	assert_int_equal(
		worker_end_dead(workertest.db, is_said_to_be_dead, dead, &n),
		OK);
	assert_int_equal(n, 1);
	assert_int_equal(worker_fence(workertest.db, lease), ERR_CONFLICT);
	assert_int_equal(
		worker_renew(workertest.db, lease, &wanted), ERR_CONFLICT);
	assert_int_equal(worker_retire(workertest.db, lease), OK);
	assert_int_equal(worker_fence(workertest.db, living), OK);
	assert_int_equal(
		worker_end_dead(workertest.db, is_said_to_be_dead, dead, &n),
		OK);
	assert_int_equal(n, 0);
	next = workertest_take(RESERVED, &after_ms);
	assert_true(next.node != lease.node || next.epoch > lease.epoch);
}

static void
without_the_database_nobody_is_let_through(void **state)
{
	struct db_conf nowhere = *workertest.conf;
	struct lease lease = { 9, 1 };
	struct db *db;

	(void)state;
	nowhere.socket = "/nonexistent/mysql.sock";
	db = db_new(&nowhere);
	assert_int_equal(worker_fence(db, lease), ERR_BUSY);
	assert_int_equal(worker_retire(db, lease), ERR_BUSY);
	db_free(db);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_fence_lets_only_the_holder_through,
			workertest_clear),
		cmocka_unit_test_setup(
			a_guard_lets_only_the_holder_through, workertest_clear),
		cmocka_unit_test(without_the_database_nobody_is_let_through),
		cmocka_unit_test_setup(
			retiring_needs_a_lease_that_is_over, workertest_clear),
		cmocka_unit_test_setup(
			what_is_retired_stays_retired, workertest_clear),
		cmocka_unit_test_setup(
			retiring_waits_for_the_commit_behind_the_fence,
			workertest_clear),
		cmocka_unit_test_setup(
			a_lease_ends_with_its_holder, workertest_clear),
	};

	return cmocka_run_group_tests(
		tests, workertest_setup, workertest_teardown);
}
