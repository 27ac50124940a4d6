/* worker_test.c: leases of node numbers, also many at once. */

#include "workertest.h"

#include "repo/idgen.h"

#include <pthread.h>
#include <time.h>

static void
the_clock_is_the_databases(void **state)
{
	int64_t now_ms, wall_ms = (int64_t)time(NULL) * 1000;

	(void)state;
	assert_int_equal(worker_clock(workertest.db, &now_ms), OK);
	assert_in_range(now_ms, wall_ms - 60000, wall_ms + 60000);
}

static void
a_lease_is_of_one_node_and_reserves(void **state)
{
	int64_t after_ms = -1;
	struct lease a = workertest_take(RESERVED, &after_ms), b;

	(void)state;
	assert_int_equal(a.epoch, 1);
	assert_int_equal(after_ms, 0);
	assert_int_equal(workertest_last_ms(a), RESERVED);
	b = workertest_take(RESERVED, &after_ms);
	assert_int_not_equal(a.node, b.node);
}

static void
a_node_is_handed_on_above_what_was_reserved(void **state)
{
	int64_t after_ms;
	struct lease first, second;

	(void)state;
	workertest_leave_free(9, 9);
	first = workertest_take(RESERVED, &after_ms);
	assert_int_equal(first.node, 9);
	workertest_expire(first);
	second = workertest_take(RESERVED + 5, &after_ms);
	assert_int_equal(second.node, 9);
	assert_int_equal(second.epoch, first.epoch + 1);
	assert_int_equal(after_ms, RESERVED);
	assert_int_equal(workertest_last_ms(second), RESERVED + 5);
}

static void
reserving_less_or_nothing_takes_nothing_back(void **state)
{
	struct worker_terms less = workertest_terms(RESERVED - 1),
			    none = workertest_terms(0);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	lease = workertest_take(RESERVED, &after_ms);
	assert_int_equal(worker_renew(workertest.db, lease, &less), OK);
	assert_int_equal(worker_renew(workertest.db, lease, &none), OK);
	assert_int_equal(workertest_last_ms(lease), RESERVED);
}

static void
a_node_with_ids_in_the_future_is_taken_last(void **state)
{
	int64_t after_ms, now_ms = workertest_terms(0).now_ms;
	struct lease lease;

	(void)state;
	workertest_leave_free(3, 4);
	workertest_run(
		"INSERT INTO worker (id, epoch, holder, lease_until, last_ms) VALUES"
		" (3, 1, '', NOW(3) - INTERVAL 1 SECOND, 4000000000000),"
		" (4, 1, '', NOW(3) - INTERVAL 1 SECOND, 1700000000000)");
	lease = workertest_take(now_ms, &after_ms);
	assert_int_equal(lease.node, 4);
	lease = workertest_take(now_ms, &after_ms);
	assert_int_equal(lease.node, 3);
	assert_int_equal(after_ms, 4000000000000);
}

/* Wherever the search begins; node 0 is an ordinary node. */
static void
of_two_with_ids_in_the_future_the_nearer_one_is_taken(void **state)
{
	int64_t after_ms, now_ms = workertest_terms(0).now_ms;

	(void)state;
	workertest_leave_free(0, 3);
	workertest_run(
		"INSERT INTO worker (id, epoch, holder, lease_until, last_ms) VALUES"
		" (0, 1, '', NOW(3) - INTERVAL 1 SECOND, 3999999999999),"
		" (3, 1, '', NOW(3) - INTERVAL 1 SECOND, 4000000000000)");
	assert_int_equal(workertest_take(now_ms, &after_ms).node, 0);
	assert_int_equal(workertest_take(now_ms, &after_ms).node, 3);
}

static void
the_first_node_is_one_that_can_be_new(void **state)
{
	struct lease lease;
	int64_t after_ms;

	(void)state;
	workertest_leave_free(0, 0);
	lease = workertest_take(RESERVED, &after_ms);
	assert_int_equal(lease.node, 0);
	assert_int_equal(lease.epoch, 1);
	assert_int_equal(after_ms, 0);
}

static void
a_row_of_no_node_is_passed_over(void **state)
{
	int64_t after_ms;

	(void)state;
	workertest_leave_free(9, 9);
	workertest_run(
		"INSERT INTO worker (id, epoch, holder, lease_until, last_ms) VALUES"
		" (1024, 1, '', NOW(3) - INTERVAL 1 SECOND, 0)");
	assert_int_equal(workertest_take(RESERVED, &after_ms).node, 9);
}

static int64_t
left_us(struct lease lease)
{
	int64_t us;

	assert_int_equal(
		db_one(workertest.db, NULL,
			"SELECT TIMESTAMPDIFF(MICROSECOND, NOW(3), lease_until)"
			" FROM worker WHERE id = ?",
			PARAMS(U64(lease.node)), workertest_read_i64, &us),
		OK);
	return us;
}

/* For exactly as long as requested. */
static void
a_lease_lasts_as_long_as_was_asked(void **state)
{
	struct worker_terms terms = workertest_terms(RESERVED);
	struct lease lease, again;
	int64_t after_ms;

	(void)state;
	workertest_leave_free(8, 9);
	lease = workertest_take(RESERVED, &after_ms);
	assert_in_range(left_us(lease), 1, LEASE_MS * INT64_C(1000));
	assert_int_equal(worker_renew(workertest.db, lease, &terms), OK);
	assert_in_range(left_us(lease), 1, LEASE_MS * INT64_C(1000));
	workertest_run("UPDATE worker SET lease_until = NOW(3), last_ms = 0"
		       " WHERE id = 8 OR id = 9");
	again = workertest_take(RESERVED, &after_ms);
	assert_in_range(left_us(again), 1, LEASE_MS * INT64_C(1000));
}

static void
says_so_when_every_node_is_taken(void **state)
{
	struct worker_terms wanted = workertest_terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	workertest_leave_free(-1, -1);
	assert_int_equal(worker_take(workertest.db, &wanted, &lease, &after_ms),
		ERR_BUSY);
}

/* As if the database had been unreachable for longer than the lease lasts. */
static void
a_lease_that_is_over_is_renewed_while_nobody_has_touched_it(void **state)
{
	struct worker_terms wanted = workertest_terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	workertest_leave_free(9, 9);
	lease = workertest_take(RESERVED, &after_ms);
	workertest_expire(lease);
	assert_int_equal(worker_renew(workertest.db, lease, &wanted), OK);
	assert_int_equal(worker_fence(workertest.db, lease), OK);
	assert_int_equal(worker_take(workertest.db, &wanted, &lease, &after_ms),
		ERR_BUSY);
}

static void
a_lease_that_was_handed_on_is_not_renewed(void **state)
{
	struct worker_terms wanted = workertest_terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	workertest_leave_free(9, 9);
	lease = workertest_take(RESERVED, &after_ms);
	workertest_expire(lease);
	assert_int_equal(workertest_take(RESERVED, &after_ms).node, lease.node);
	assert_int_equal(
		worker_renew(workertest.db, lease, &wanted), ERR_CONFLICT);
	assert_int_equal(worker_fence(workertest.db, lease), ERR_CONFLICT);
	/* nor after the next holder's lease has ended, too */
	workertest_expire(lease);
	assert_int_equal(
		worker_renew(workertest.db, lease, &wanted), ERR_CONFLICT);
}

static void
a_lease_given_back_says_where_the_ids_ended(void **state)
{
	struct lease lease;
	int64_t after_ms;

	(void)state;
	workertest_leave_free(9, 9);
	lease = workertest_take(RESERVED, &after_ms);
	assert_int_equal(
		worker_release(workertest.db, lease, RESERVED - 1000), OK);
	assert_int_equal(worker_fence(workertest.db, lease), ERR_CONFLICT);
	assert_int_equal(
		workertest_take(RESERVED, &after_ms).epoch, lease.epoch + 2);
	assert_int_equal(after_ms, RESERVED - 1000);
	/* A process that has lost the lease cannot release it. */
	assert_int_equal(worker_release(workertest.db, lease, 5), OK);
	assert_int_equal(workertest_last_ms(lease), RESERVED);
}

/* ---- many at once */

#define TAKERS 8
#define TAKES 20

static void *
take_many(void *arg)
{
	struct lease *leases = arg;
	struct db *own = db_new(workertest.conf);
	struct worker_terms wanted = { .holder = "taker",
		.alive = "",
		.lease_ms = LEASE_MS,
		.reserved_ms = RESERVED };
	int64_t after_ms;

	for (int i = 0; i < TAKES; i++)
		if (worker_take(own, &wanted, &leases[i], &after_ms) != OK)
			leases[i].epoch = 0;
	db_free(own);
	return NULL;
}

static void
no_two_hold_the_same_node(void **state)
{
	static struct lease leases[TAKERS][TAKES];
	bool held[ID_NODES] = { false };
	pthread_t threads[TAKERS];
	int taken = 0;

	(void)state;
	/* Few nodes are left, so that the takers collide. */
	workertest_run(
		"INSERT INTO worker (id, epoch, holder, lease_until, last_ms) SELECT seq, 5, 'others',"
		" NOW(3) + INTERVAL IF(seq < 200, 0, 1) HOUR, 0"
		" FROM " WORKERTEST_NODES);
	for (int i = 0; i < TAKERS; i++)
		pthread_create(&threads[i], NULL, take_many, leases[i]);
	for (int i = 0; i < TAKERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < TAKERS * TAKES; i++) {
		struct lease lease = leases[i / TAKES][i % TAKES];

		if (lease.epoch == 0)
			continue; /* overtaken too often, as reported */
		assert_int_equal(lease.epoch, 6);
		assert_true(lease.node < 200);
		assert_false(held[lease.node]);
		held[lease.node] = true;
		taken++;
	}
	assert_true(taken > TAKERS * TAKES / 2);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			the_clock_is_the_databases, workertest_clear),
		cmocka_unit_test_setup(
			a_lease_is_of_one_node_and_reserves, workertest_clear),
		cmocka_unit_test_setup(
			a_node_is_handed_on_above_what_was_reserved,
			workertest_clear),
		cmocka_unit_test_setup(
			reserving_less_or_nothing_takes_nothing_back,
			workertest_clear),
		cmocka_unit_test_setup(
			a_node_with_ids_in_the_future_is_taken_last,
			workertest_clear),
		cmocka_unit_test_setup(
			of_two_with_ids_in_the_future_the_nearer_one_is_taken,
			workertest_clear),
		cmocka_unit_test_setup(the_first_node_is_one_that_can_be_new,
			workertest_clear),
		cmocka_unit_test_setup(
			a_row_of_no_node_is_passed_over, workertest_clear),
		cmocka_unit_test_setup(
			a_lease_lasts_as_long_as_was_asked, workertest_clear),
		cmocka_unit_test_setup(
			says_so_when_every_node_is_taken, workertest_clear),
		cmocka_unit_test_setup(
			a_lease_that_is_over_is_renewed_while_nobody_has_touched_it,
			workertest_clear),
		cmocka_unit_test_setup(
			a_lease_that_was_handed_on_is_not_renewed,
			workertest_clear),
		cmocka_unit_test_setup(
			a_lease_given_back_says_where_the_ids_ended,
			workertest_clear),
		cmocka_unit_test_setup(
			no_two_hold_the_same_node, workertest_clear),
	};

	return cmocka_run_group_tests(
		tests, workertest_setup, workertest_teardown);
}
