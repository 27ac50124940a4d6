/* idtest.c: waits with generous limits, and reads the table. */

#include "idtest.h"

#include <time.h>

struct idtest idtest;

int
idtest_setup(void **state)
{
	struct testdb *t;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	idtest.conf = &t->conf;
	idtest.conf->worker_lease_ms = LEASE_MS;
	idtest.db = t->db;
	return 0;
}

void
idtest_run(const char *sql)
{
	assert_int_equal(db_script(idtest.db, span_of(sql)), OK);
}

int
idtest_clear(void **state)
{
	(void)state;
	idtest_run("DELETE FROM worker");
	return 0;
}

struct snowflake *
idtest_open(void)
{
	struct snowflake *ids;

	assert_int_equal(snowflake_open(idtest.conf, "test", &ids), OK);
	return ids;
}

uint64_t
idtest_next(struct snowflake *ids)
{
	uint64_t id;

	assert_int_equal(snowflake_next(ids, 0, &id), OK);
	return id;
}

void
idtest_pause_ms(int64_t ms)
{
	struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Waits until ids are available again, for very long if necessary. */
uint64_t
idtest_next_at_last(struct snowflake *ids)
{
	uint64_t id;

	for (int i = 0; i < 3000; i++) {
		if (snowflake_next(ids, 0, &id) == OK)
			return id;
		idtest_pause_ms(10);
	}
	fail_msg("%s", "no ids after 30 seconds");
	return 0;
}

void
idtest_wait_until_refused(struct snowflake *ids)
{
	uint64_t id;

	for (int i = 0; i < 3000; i++) {
		if (snowflake_next(ids, 0, &id) == ERR_BUSY)
			return;
		idtest_pause_ms(10);
	}
	fail_msg("%s", "ids were not refused for 30 seconds");
}

static void
read_i64(struct row *row, void *out)
{
	*(int64_t *)out = row_i64(row);
}

int64_t
idtest_number(const char *sql, uint64_t node)
{
	int64_t value;

	assert_int_equal(db_one(idtest.db, NULL, sql, PARAMS(U64(node)),
				 read_i64, &value),
		OK);
	return value;
}
