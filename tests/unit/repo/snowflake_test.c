/*
 * snowflake_test.c: ids under a lease from the real database, while leases end
 * and the database stalls.
 */

#include "base/clock.h"
#include "idtest.h"
#include "repo/idgen_private.h"

static const char HELD[] =
	"SELECT lease_until > NOW(3) FROM worker WHERE id = ?";
static const char RENEWED[] =
	"SELECT TIMESTAMPDIFF(MICROSECOND, '2020-01-01', lease_until)"
	" FROM worker WHERE id = ?";

static void
makes_ids_of_the_leased_node(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease lease = snowflake_lease(ids);
	uint64_t last = 0, id;

	(void)state;
	assert_true(snowflake_held(ids));
	assert_int_equal(worker_fence(idtest.db, lease), OK);
	for (int i = 0; i < 100000; i++) {
		id = idtest_next(ids);
		assert_int_equal(id_node(id), lease.node);
		assert_true(id > last);
		last = id;
	}
	assert_true(id_ms(last) <= idtest_number(IDTEST_LAST_MS, lease.node));
	assert_int_equal(snowflake_next(ids, last + 1000, &id), OK);
	assert_true(id > last + 1000);
	assert_in_range(
		id_ms(id), clock_wall_ms() - MINUTE, clock_wall_ms() + MINUTE);
	snowflake_close(ids);
}

static void
keeps_its_lease(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease lease = snowflake_lease(ids);
	int64_t renewed = idtest_number(RENEWED, lease.node);

	(void)state;
	while (idtest_number(RENEWED, lease.node) <
		renewed + 3 * LEASE_MS * 1000)
		idtest_pause_ms(10);
	assert_int_equal(snowflake_lease(ids).epoch, lease.epoch);
	assert_int_equal(id_node(idtest_next(ids)), lease.node);
	snowflake_close(ids);
}

static void
gives_its_lease_back(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease lease = snowflake_lease(ids);
	uint64_t id = idtest_next(ids);

	(void)state;
	snowflake_close(ids);
	assert_int_equal(idtest_number(HELD, lease.node), 0);
	assert_int_equal(idtest_number(IDTEST_LAST_MS, lease.node), id_ms(id));
	assert_int_equal(worker_fence(idtest.db, lease), ERR_CONFLICT);
}

static void
two_have_different_nodes(void **state)
{
	struct snowflake *a = idtest_open(), *b = idtest_open();

	(void)state;
	assert_int_not_equal(snowflake_lease(a).node, snowflake_lease(b).node);
	snowflake_close(a);
	snowflake_close(b);
}

static void
replaces_a_lease_that_was_ended(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease before = snowflake_lease(ids), after = before;
	uint64_t id;

	(void)state;
	idtest_run("UPDATE worker SET epoch = epoch + 1");
	while (after.epoch == 0 ||
		(after.node == before.node && after.epoch == before.epoch)) {
		idtest_pause_ms(10);
		after = snowflake_lease(ids);
	}
	id = idtest_next_at_last(ids);
	assert_int_equal(id_node(id), after.node);
	assert_int_equal(worker_fence(idtest.db, before), ERR_CONFLICT);
	assert_int_equal(worker_fence(idtest.db, after), OK);
	snowflake_close(ids);
}

/* The table is locked: nothing can be renewed. */
static void
refuses_while_the_lease_has_run_out(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease before = snowflake_lease(ids), after;

	(void)state;
	idtest_run("LOCK TABLES worker WRITE");
	idtest_wait_until_refused(ids);
	assert_false(snowflake_held(ids));
	/* The renewal that waits for the lock is too late as well. */
	idtest_pause_ms(2 * LEASE_MS);
	idtest_run("UNLOCK TABLES");
	idtest_next_at_last(ids);
	after = snowflake_lease(ids);
	assert_true(snowflake_held(ids));
	assert_int_equal(after.node, before.node);
	assert_int_equal(after.epoch, before.epoch);
	snowflake_close(ids);
}

/* The same, but another process has cleared up meanwhile. */
static void
takes_another_when_the_lease_was_retired(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease before = snowflake_lease(ids), after;

	(void)state;
	idtest_run("LOCK TABLES worker WRITE");
	idtest_wait_until_refused(ids);
	while (worker_retire(idtest.db, before) != OK)
		idtest_pause_ms(10);
	idtest_run("UNLOCK TABLES");
	idtest_next_at_last(ids);
	after = snowflake_lease(ids);
	assert_true(
		after.node != before.node || after.epoch > before.epoch + 1);
	assert_int_equal(worker_fence(idtest.db, before), ERR_CONFLICT);
	snowflake_close(ids);
}

static void
opening_needs_the_database(void **state)
{
	struct conf nowhere = *idtest.conf;
	struct snowflake *ids;

	(void)state;
	nowhere.db.socket = "/nowhere/mysql.sock";
	assert_int_equal(snowflake_open(&nowhere, "test", &ids), ERR_BUSY);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			makes_ids_of_the_leased_node, idtest_clear),
		cmocka_unit_test_setup(keeps_its_lease, idtest_clear),
		cmocka_unit_test_setup(gives_its_lease_back, idtest_clear),
		cmocka_unit_test_setup(two_have_different_nodes, idtest_clear),
		cmocka_unit_test_setup(
			replaces_a_lease_that_was_ended, idtest_clear),
		cmocka_unit_test_setup(
			refuses_while_the_lease_has_run_out, idtest_clear),
		cmocka_unit_test_setup(
			takes_another_when_the_lease_was_retired, idtest_clear),
		cmocka_unit_test_setup(
			opening_needs_the_database, idtest_clear),
	};

	return cmocka_run_group_tests(tests, idtest_setup, testdb_close);
}
