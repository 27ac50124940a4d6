/* hosts_test.c: several servers, one of which fails, freezes or refuses
 * changes. Each is the same server behind its own gate. */

#include "dbtest.h"

#include "base/attr.h"
#include "base/clock.h"
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define GATES 3

struct site {
	struct dbtest *t;
	char dir[64];
	struct gate gates[GATES];
	struct db_conf conf;
};

static struct site site;

static int
site_up(void **state)
{
	char list[512];

	site.t = *state;
	snprintf(site.dir, sizeof(site.dir), "/tmp/lamplight-gates-XXXXXX");
	if (mkdtemp(site.dir) == NULL)
		return -1;
	gate_open(&site.gates[0], site.dir, "a", site.t->conf.db.socket);
	gate_open(&site.gates[1], site.dir, "b", site.t->conf.db.socket);
	gate_open(&site.gates[2], site.dir, "c", site.t->conf.db.socket);
	site.conf = site.t->conf.db;
	snprintf(list, sizeof(list), "%s, %s,%s", site.gates[0].path,
		site.gates[1].path, site.gates[2].path);
	if (!hosts_parse(list, &site.conf.hosts))
		return -1;
	db_pool_open(&site.conf);
	return 0;
}

static int
site_down(void **state)
{
	(void)state;
	db_pool_close(&site.conf);
	for (int i = 0; i < GATES; i++)
		gate_close(&site.gates[i]);
	rmdir(site.dir);
	dbtest_set(site.t, "read_only", "0");
	dbtest_root(site.t, "DELETE FROM scratch");
	return 0;
}

static enum err
write_one(struct db *db)
{
	return db_exec(db,
		"INSERT INTO scratch (id) SELECT COALESCE(MAX(id), 0) + 1"
		" FROM scratch AS s",
		NO_PARAMS);
}

static enum err
look(struct db *db)
{
	uint64_t one;

	return db_one(db, NULL, "SELECT 1", NO_PARAMS, row_read_u64, &one);
}

static bool
comes_to(struct db *db, int gate, int64_t within_ms)
{
	int64_t until_ms = clock_mono_ms() + within_ms;

	while (clock_mono_ms() < until_ms) {
		(void)look(db);
		for (int i = 0; i < GATES; i++)
			if ((i == gate) != (site.gates[i].open > 0))
				goto not_yet;
		return true;
	not_yet:
		usleep(50000);
	}
	return false;
}

/* ---- tests */

static void
the_first_is_used_and_no_other(void **state)
{
	struct db *db = db_new(&site.conf);

	(void)state;
	for (int i = 0; i < 5; i++)
		assert_int_equal(write_one(db), OK);
	assert_true(site.gates[0].open > 0);
	assert_int_equal(site.gates[1].open + site.gates[2].open, 0);
	db_free(db);
}

static void
a_killed_server_is_left_at_once(void **state)
{
	struct db *db = db_new(&site.conf);
	int64_t began_ms;

	(void)state;
	assert_int_equal(write_one(db), OK);
	gate_set(&site.gates[0], GATE_GONE);
	began_ms = clock_mono_ms();
	assert_int_equal(look(db), OK);
	assert_int_equal(write_one(db), OK);
	assert_true(clock_mono_ms() - began_ms < 500);
	assert_true(site.gates[1].open > 0);
	assert_int_equal(site.gates[2].open, 0);
	db_free(db);
}

static void
two_that_are_away_leave_the_third(void **state)
{
	struct db *db = db_new(&site.conf);

	(void)state;
	gate_set(&site.gates[0], GATE_GONE);
	gate_set(&site.gates[1], GATE_GONE);
	assert_int_equal(write_one(db), OK);
	assert_true(site.gates[2].open > 0);
	gate_set(&site.gates[2], GATE_GONE);
	assert_int_equal(look(db), ERR_BUSY);
	assert_non_null(db_reason(db));
	/* Whichever server returns is found. */
	gate_set(&site.gates[1], GATE_OPEN);
	for (int i = 0; i < 60 && look(db) != OK; i++)
		usleep(50000);
	assert_int_equal(write_one(db), OK);
	assert_true(site.gates[1].open > 0);
	db_free(db);
}

static enum err
write_in_pieces(struct db *db, void *arg)
{
	int *runs = arg;

	TRY(db_exec(db, "INSERT INTO scratch (id) VALUES (1000)", NO_PARAMS));
	if ((*runs)++ == 0)
		gate_set(&site.gates[0], GATE_GONE);
	return db_exec(db, "INSERT INTO scratch (id) VALUES (1001)", NO_PARAMS);
}

static void
a_transaction_that_was_not_committed_runs_again_elsewhere(void **state)
{
	struct db *db = db_new(&site.conf);
	int runs = 0;

	(void)state;
	assert_int_equal(write_one(db), OK);
	assert_int_equal(db_transaction(db, write_in_pieces, &runs), OK);
	assert_int_equal(runs, 2);
	assert_int_equal(dbtest_number(site.t->root,
				 "SELECT COUNT(*) FROM scratch"
				 " WHERE id >= 1000"),
		2);
	assert_true(site.gates[1].open > 0);
	db_free(db);
}

static void
a_frozen_server_is_left_within_seconds(void **state)
{
	struct db *db = db_new(&site.conf);
	int64_t began_ms;

	(void)state;
	assert_int_equal(write_one(db), OK);
	gate_set(&site.gates[0], GATE_STILL);
	began_ms = clock_mono_ms();
	/* The statement times out, and is then run elsewhere. */
	assert_int_equal(look(db), OK);
	assert_true(clock_mono_ms() - began_ms < 8000);
	assert_true(site.gates[1].open > 0);
	db_free(db);
}

static void
the_first_server_is_used_again(void **state)
{
	struct db *db = db_new(&site.conf);

	(void)state;
	gate_set(&site.gates[0], GATE_GONE);
	assert_int_equal(write_one(db), OK);
	assert_true(site.gates[1].open > 0);
	gate_set(&site.gates[0], GATE_OPEN);
	assert_true(comes_to(db, 0, 20000));
	assert_int_equal(write_one(db), OK);
	db_free(db);
}

/* Without a better server it is used for reading, and for everything once it
 * accepts changes again. */
static void
a_read_only_server_is_used_if_no_other_answers(void **state)
{
	struct db *db = db_new(&site.conf);
	enum err err = ERR_BUSY;

	(void)state;
	dbtest_set(site.t, "read_only", "1");
	assert_int_equal(look(db), OK);
	assert_int_equal(write_one(db), ERR_BUSY);
	assert_non_null(db_reason(db));
	assert_int_equal(look(db), OK);
	dbtest_set(site.t, "read_only", "0");
	for (int i = 0; i < 100 && err != OK; i++) {
		err = write_one(db);
		usleep(50000);
	}
	assert_int_equal(err, OK);
	db_free(db);
}

/* The pool's threads end, whatever they are waiting for. */
static void
a_pool_closes_while_all_stand_still(void **state)
{
	struct db *db = db_new(&site.conf);

	(void)state;
	assert_int_equal(write_one(db), OK);
	db_free(db);
	for (int i = 0; i < GATES; i++)
		gate_set(&site.gates[i], GATE_STILL);
	usleep(1500000);
}

static void
a_handle_of_its_own_finds_them_too(void **state)
{
	struct db_conf conf = site.conf;
	struct db *db;

	(void)state;
	conf.pool = NULL;
	gate_set(&site.gates[0], GATE_GONE);
	db = db_new_patient(&conf);
	assert_int_equal(write_one(db), OK);
	assert_true(site.gates[1].open > 0);
	db_free(db);
}

int
main(void)
{
#define HERE(test) cmocka_unit_test_setup_teardown(test, site_up, site_down)
	const struct CMUnitTest tests[] = {
		HERE(the_first_is_used_and_no_other),
		HERE(a_killed_server_is_left_at_once),
		HERE(two_that_are_away_leave_the_third),
		HERE(a_transaction_that_was_not_committed_runs_again_elsewhere),
		HERE(a_frozen_server_is_left_within_seconds),
		HERE(the_first_server_is_used_again),
		HERE(a_read_only_server_is_used_if_no_other_answers),
		HERE(a_pool_closes_while_all_stand_still),
		HERE(a_handle_of_its_own_finds_them_too),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, dbtest_open, dbtest_close);
}
