/* workertest.c: takes, ends and inspects leases. */

#include "workertest.h"

#include "repo/idgen.h"

#include <stdio.h>

struct workertest workertest;

int
workertest_setup(void **state)
{
	struct testdb *t;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	workertest.conf = &t->conf.db;
	workertest.db = t->db;
	workertest.other = db_new(workertest.conf);
	return 0;
}

int
workertest_teardown(void **state)
{
	db_free(workertest.other);
	return testdb_close(state);
}

void
workertest_run(const char *sql)
{
	assert_int_equal(db_script(workertest.db, span_of(sql)), OK);
}

int
workertest_clear(void **state)
{
	(void)state;
	workertest_run("DELETE FROM worker");
	return 0;
}

struct worker_terms
workertest_terms(int64_t reserved_ms)
{
	struct worker_terms terms = { .holder = "test",
		.alive = "",
		.lease_ms = LEASE_MS,
		.reserved_ms = reserved_ms };

	assert_int_equal(worker_clock(workertest.db, &terms.now_ms), OK);
	return terms;
}

struct lease
workertest_take(int64_t reserved_ms, int64_t *after_ms)
{
	struct worker_terms wanted = workertest_terms(reserved_ms);
	struct lease lease;

	assert_int_equal(
		worker_take(workertest.db, &wanted, &lease, after_ms), OK);
	assert_true(lease.node < ID_NODES);
	assert_true(lease.epoch > 0);
	return lease;
}

void
workertest_expire(struct lease lease)
{
	char sql[128];

	snprintf(sql, sizeof(sql),
		"UPDATE worker SET lease_until = NOW(3) WHERE id = %d",
		(int)lease.node);
	workertest_run(sql);
}

void
workertest_read_i64(struct row *row, void *out)
{
	*(int64_t *)out = row_i64(row);
}

int64_t
workertest_last_ms(struct lease lease)
{
	int64_t value;

	assert_int_equal(
		db_one(workertest.db, NULL,
			"SELECT last_ms FROM worker WHERE id = ?",
			PARAMS(U64(lease.node)), workertest_read_i64, &value),
		OK);
	return value;
}

/* Leases all nodes but these. */
void
workertest_leave_free(int a, int b)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
		"INSERT IGNORE INTO worker (id, epoch, holder, lease_until, last_ms) SELECT seq, 5, 'others',"
		" NOW(3) + INTERVAL 1 HOUR, 0 FROM " WORKERTEST_NODES
		" WHERE seq NOT IN (%d, %d)",
		a, b);
	workertest_run(sql);
}
