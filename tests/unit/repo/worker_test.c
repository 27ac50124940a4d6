/* worker_test.c: leases of node numbers, the fence and its other side. */

#include "repo/worker.h"

#include "../unit.h"
#include "repo/idgen.h"
#include "testdb.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LEASE_MS 60000
#define RESERVED 1800000000000

static const struct db_conf *conf;
static struct db *db, *other;

static int
setup(void **state)
{
	struct testdb *t;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	conf = &t->conf.db;
	db = t->db;
	other = db_new(conf);
	return 0;
}

static int
teardown(void **state)
{
	db_free(other);
	return testdb_close(state);
}

static void
run(const char *sql)
{
	assert_int_equal(db_script(db, span_of(sql)), OK);
}

static int
clear(void **state)
{
	(void)state;
	run("DELETE FROM worker");
	return 0;
}

static struct worker_terms
terms(int64_t reserved_ms)
{
	struct worker_terms terms = { .holder = "test",
		.alive = "",
		.lease_ms = LEASE_MS,
		.reserved_ms = reserved_ms };

	assert_int_equal(worker_clock(db, &terms.now_ms), OK);
	return terms;
}

static struct lease
take(int64_t reserved_ms, int64_t *after_ms)
{
	struct worker_terms wanted = terms(reserved_ms);
	struct lease lease;

	assert_int_equal(worker_take(db, &wanted, &lease, after_ms), OK);
	assert_true(lease.node < ID_NODES);
	assert_true(lease.epoch > 0);
	return lease;
}

static void
expire(struct lease lease)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		"UPDATE worker SET lease_until = NOW(3) WHERE id = %d",
		(int)lease.node);
	run(sql);
}

static void
read_i64(struct row *row, void *out)
{
	*(int64_t *)out = row_i64(row);
}

static int64_t
last_ms(struct lease lease)
{
	int64_t value;

	assert_int_equal(
		db_one(db, NULL, "SELECT last_ms FROM worker WHERE id = ?",
			PARAMS(U64(lease.node)), read_i64, &value),
		OK);
	return value;
}

/* The numbers from 0 to 1023 as seq. */
#define NODES                                          \
	"(WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL" \
	" SELECT i + 1 FROM n WHERE i < 31)"           \
	" SELECT a.i * 32 + b.i AS seq FROM n a JOIN n b) nodes"

/* All nodes but these are held by others. */
static void
leave_free(int a, int b)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		"INSERT IGNORE INTO worker (id, epoch, holder, lease_until, last_ms) SELECT seq, 5, 'others',"
		" NOW(3) + INTERVAL 1 HOUR, 0 FROM " NODES
		" WHERE seq NOT IN (%d, %d)",
		a, b);
	run(sql);
}

static void
the_clock_is_the_databases(void **state)
{
	int64_t now_ms, wall_ms = (int64_t)time(NULL) * 1000;

	(void)state;
	assert_int_equal(worker_clock(db, &now_ms), OK);
	assert_in_range(now_ms, wall_ms - 60000, wall_ms + 60000);
}

static void
a_lease_is_of_one_node_and_reserves(void **state)
{
	int64_t after_ms = -1;
	struct lease a = take(RESERVED, &after_ms), b;

	(void)state;
	assert_int_equal(a.epoch, 1);
	assert_int_equal(after_ms, 0);
	assert_int_equal(last_ms(a), RESERVED);
	b = take(RESERVED, &after_ms);
	assert_int_not_equal(a.node, b.node);
}

static void
a_node_is_handed_on_above_what_was_reserved(void **state)
{
	int64_t after_ms;
	struct lease first, second;

	(void)state;
	leave_free(9, 9);
	first = take(RESERVED, &after_ms);
	assert_int_equal(first.node, 9);
	expire(first);
	second = take(RESERVED + 5, &after_ms);
	assert_int_equal(second.node, 9);
	assert_int_equal(second.epoch, first.epoch + 1);
	assert_int_equal(after_ms, RESERVED);
	assert_int_equal(last_ms(second), RESERVED + 5);
}

static void
reserving_less_or_nothing_takes_nothing_back(void **state)
{
	struct worker_terms less = terms(RESERVED - 1), none = terms(0);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	lease = take(RESERVED, &after_ms);
	assert_int_equal(worker_renew(db, lease, &less), OK);
	assert_int_equal(worker_renew(db, lease, &none), OK);
	assert_int_equal(last_ms(lease), RESERVED);
}

static void
a_node_with_ids_in_the_future_is_taken_last(void **state)
{
	int64_t after_ms, now_ms = terms(0).now_ms;
	struct lease lease;

	(void)state;
	leave_free(3, 4);
	run("INSERT INTO worker (id, epoch, holder, lease_until, last_ms) VALUES"
	    " (3, 1, '', NOW(3) - INTERVAL 1 SECOND, 4000000000000),"
	    " (4, 1, '', NOW(3) - INTERVAL 1 SECOND, 1700000000000)");
	lease = take(now_ms, &after_ms);
	assert_int_equal(lease.node, 4);
	lease = take(now_ms, &after_ms);
	assert_int_equal(lease.node, 3);
	assert_int_equal(after_ms, 4000000000000);
}

static void
says_so_when_every_node_is_taken(void **state)
{
	struct worker_terms wanted = terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	leave_free(-1, -1);
	assert_int_equal(worker_take(db, &wanted, &lease, &after_ms), ERR_BUSY);
}

/* As when the database was away for longer than it lasts. */
static void
a_lease_that_is_over_is_renewed_while_nobody_has_touched_it(void **state)
{
	struct worker_terms wanted = terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	leave_free(9, 9);
	lease = take(RESERVED, &after_ms);
	expire(lease);
	assert_int_equal(worker_renew(db, lease, &wanted), OK);
	assert_int_equal(worker_fence(db, lease), OK);
	assert_int_equal(worker_take(db, &wanted, &lease, &after_ms), ERR_BUSY);
}

static void
a_lease_that_was_handed_on_is_not_renewed(void **state)
{
	struct worker_terms wanted = terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	leave_free(9, 9);
	lease = take(RESERVED, &after_ms);
	expire(lease);
	assert_int_equal(take(RESERVED, &after_ms).node, lease.node);
	assert_int_equal(worker_renew(db, lease, &wanted), ERR_CONFLICT);
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
	/* nor when the next holder's is over too */
	expire(lease);
	assert_int_equal(worker_renew(db, lease, &wanted), ERR_CONFLICT);
}

static void
a_lease_given_back_says_where_the_ids_ended(void **state)
{
	struct lease lease;
	int64_t after_ms;

	(void)state;
	leave_free(9, 9);
	lease = take(RESERVED, &after_ms);
	assert_int_equal(worker_release(db, lease, RESERVED - 1000), OK);
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
	assert_int_equal(take(RESERVED, &after_ms).epoch, lease.epoch + 2);
	assert_int_equal(after_ms, RESERVED - 1000);
	/* Not by one who has lost it. */
	assert_int_equal(worker_release(db, lease, 5), OK);
	assert_int_equal(last_ms(lease), RESERVED);
}

/* ---- the fence */

static void
the_fence_lets_only_the_holder_through(void **state)
{
	struct lease lease, none = { 0 };
	int64_t after_ms;

	(void)state;
	lease = take(RESERVED, &after_ms);
	assert_int_equal(worker_fence(db, lease), OK);
	assert_int_equal(worker_fence(db, none), ERR_CONFLICT);
	lease.epoch++;
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
	lease.epoch--;
	expire(lease);
	assert_int_equal(worker_fence(db, lease), ERR_BUSY);
	assert_int_equal(worker_retire(db, lease), OK);
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
}

static void
retiring_needs_a_lease_that_is_over(void **state)
{
	struct lease lease, unknown = { 77, 1 };
	int64_t after_ms;

	(void)state;
	leave_free(9, 9);
	lease = take(RESERVED, &after_ms);
	assert_int_equal(worker_retire(db, lease), ERR_CONFLICT);
	expire(lease);
	assert_int_equal(worker_retire(db, lease), OK);
	assert_int_equal(worker_retire(db, lease), OK); /* and again */
	assert_int_equal(take(RESERVED, &after_ms).epoch, lease.epoch + 2);
	assert_int_equal(worker_retire(db, lease), OK); /* handed on */
	run("DELETE FROM worker");
	assert_int_equal(worker_retire(db, unknown), OK);
}

/* Even when the database's clock goes back, so that it seems to last. */
static void
what_is_retired_stays_retired(void **state)
{
	struct worker_terms wanted = terms(RESERVED);
	struct lease lease;
	int64_t after_ms;

	(void)state;
	lease = take(RESERVED, &after_ms);
	expire(lease);
	assert_int_equal(worker_retire(db, lease), OK);
	run("UPDATE worker SET lease_until = NOW(3) + INTERVAL 1 HOUR");
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
	assert_int_equal(worker_renew(db, lease, &wanted), ERR_CONFLICT);
}

struct race {
	struct lease lease;
	pthread_t thread;
	_Atomic int step; /* of what happened, in order */
	int n_waits;
	int retired_at;
};

static void *
retire(void *arg)
{
	struct race *race = arg;
	enum err err;

	while ((err = worker_retire(other, race->lease)) == ERR_NOT_FOUND)
		race->n_waits++;
	if (err == OK)
		race->retired_at = ++race->step;
	return NULL;
}

/* The lease ends while the fenced transaction runs; then somebody clears up. */
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
	struct worker_terms brief = terms(RESERVED);
	struct race race = { .step = 0 };
	int64_t after_ms;

	(void)state;
	brief.lease_ms = 100;
	assert_int_equal(worker_take(db, &brief, &race.lease, &after_ms), OK);
	assert_int_equal(db_transaction(db, write_slowly, &race), OK);
	pthread_join(race.thread, NULL);
	assert_int_equal(race.retired_at, 2);
	assert_true(race.n_waits > 0); /* and others are looked after */
	assert_int_equal(worker_fence(db, race.lease), ERR_CONFLICT);
}

/* ---- many at once */

#define TAKERS 8
#define TAKES 20

static void *
take_many(void *arg)
{
	struct lease *leases = arg;
	struct db *own = db_new(conf);
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
	/* Few are left, so that they get into each other's way. */
	run("INSERT INTO worker (id, epoch, holder, lease_until, last_ms) SELECT seq, 5, 'others',"
	    " NOW(3) + INTERVAL IF(seq < 200, 0, 1) HOUR, 0"
	    " FROM " NODES);
	for (int i = 0; i < TAKERS; i++)
		pthread_create(&threads[i], NULL, take_many, leases[i]);
	for (int i = 0; i < TAKERS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < TAKERS * TAKES; i++) {
		struct lease lease = leases[i / TAKES][i % TAKES];

		if (lease.epoch == 0)
			continue; /* overtaken too often, and said so */
		assert_int_equal(lease.epoch, 6);
		assert_true(lease.node < 200);
		assert_false(held[lease.node]);
		held[lease.node] = true;
		taken++;
	}
	assert_true(taken > TAKERS * TAKES / 2);
}

#define TEST(name) cmocka_unit_test_setup(name, clear)

static bool
is_said_to_be_dead(const char *alive, void *arg)
{
	return strcmp(alive, arg) == 0;
}

/* Its lease has not run out: nothing may be written under it all the same, and
 * the node is free. */
static void
a_lease_ends_with_its_holder(void **state)
{
	struct worker_terms wanted = terms(RESERVED), others = terms(RESERVED);
	struct lease lease, living, next;
	int64_t after_ms;
	char dead[] = "dead";
	size_t n;

	(void)state;
	wanted.alive = "dead";
	others.alive = "living";
	assert_int_equal(worker_take(db, &wanted, &lease, &after_ms), OK);
	assert_int_equal(worker_take(db, &others, &living, &after_ms), OK);
	assert_int_equal(worker_retire(db, lease), ERR_CONFLICT);
	assert_int_equal(worker_end_dead(db, is_said_to_be_dead, dead, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(worker_fence(db, lease), ERR_CONFLICT);
	assert_int_equal(worker_renew(db, lease, &wanted), ERR_CONFLICT);
	assert_int_equal(worker_retire(db, lease), OK);
	assert_int_equal(worker_fence(db, living), OK);
	assert_int_equal(worker_end_dead(db, is_said_to_be_dead, dead, &n), OK);
	assert_int_equal(n, 0);
	next = take(RESERVED, &after_ms);
	assert_true(next.node != lease.node || next.epoch > lease.epoch);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_lease_ends_with_its_holder),
		TEST(the_clock_is_the_databases),
		TEST(a_lease_is_of_one_node_and_reserves),
		TEST(a_node_is_handed_on_above_what_was_reserved),
		TEST(reserving_less_or_nothing_takes_nothing_back),
		TEST(a_node_with_ids_in_the_future_is_taken_last),
		TEST(says_so_when_every_node_is_taken),
		TEST(a_lease_that_is_over_is_renewed_while_nobody_has_touched_it),
		TEST(a_lease_that_was_handed_on_is_not_renewed),
		TEST(a_lease_given_back_says_where_the_ids_ended),
		TEST(the_fence_lets_only_the_holder_through),
		TEST(retiring_needs_a_lease_that_is_over),
		TEST(what_is_retired_stays_retired),
		TEST(retiring_waits_for_the_commit_behind_the_fence),
		TEST(no_two_hold_the_same_node),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
