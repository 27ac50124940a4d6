/* snowflake_clock_test.c: ids while the wall clock steps. */

#include "base/clock.h"
#include "idtest.h"
#include "repo/idgen_private.h"

#include <stdio.h>
#include <time.h>

/* ---- clock.h with an adjustable wall clock, linked instead of
 * lib/base/clock.c */

static _Atomic int64_t wall_offset_ms;

static int64_t
read_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
	return read_ms(CLOCK_REALTIME) + wall_offset_ms;
}

int64_t
clock_mono_ms(void)
{
	return read_ms(CLOCK_MONOTONIC);
}

void
clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN])
{
	snprintf(out, CLOCK_ISO_LEN, "%lld", (long long)wall_ms);
}

static int
clear(void **state)
{
	wall_offset_ms = 0;
	return idtest_clear(state);
}

/* ---- the tests */

static void
small_steps_are_not_noticed(void **state)
{
	static const int64_t steps[] = { -1, -1000, -9000, 1, 1000, 9000 };
	struct snowflake *ids = idtest_open();
	uint64_t last = idtest_next(ids), id;

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		wall_offset_ms = steps[i];
		id = idtest_next(ids);
		assert_true(id > last);
		wall_offset_ms = 0;
		last = idtest_next(ids);
		assert_true(last > id);
	}
	snowflake_close(ids);
}

static void
large_steps_back_are_refused_and_heal(void **state)
{
	int64_t to_1970 = -clock_wall_ms();
	int64_t steps[] = { -HOUR, to_1970, to_1970 - HOUR };
	struct snowflake *ids = idtest_open();
	uint64_t last = idtest_next(ids), id;

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		wall_offset_ms = steps[i];
		assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
		idtest_pause_ms(LEASE_MS); /* until the keeper has noticed */
		assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
		assert_true(snowflake_held(ids));
		wall_offset_ms = 0;
		id = idtest_next(ids);
		assert_true(id > last);
		last = id;
	}
	snowflake_close(ids);
}

static void
an_hour_forward_and_back_does_no_harm(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease lease = snowflake_lease(ids);
	uint64_t last = idtest_next(ids), id;

	(void)state;
	wall_offset_ms = HOUR;
	for (int i = 0; i < 20; i++) {
		id = idtest_next(ids);
		assert_true(id > last);
		last = id;
		idtest_pause_ms(LEASE_MS / 10);
	}
	wall_offset_ms = 0;
	id = idtest_next(ids);
	assert_true(id > last);
	assert_true(id_ms(id) < clock_wall_ms() + MINUTE);
	assert_true(idtest_number(IDTEST_LAST_MS, lease.node) <
		clock_wall_ms() + MINUTE);
	snowflake_close(ids);
}

/* Within the tolerance the wrong clock is trusted, so ids run ahead; when it is
 * corrected, another node generates them. */
static void
ids_far_ahead_are_left_behind_with_their_node(void **state)
{
	struct snowflake *ids = idtest_open();
	struct lease before = snowflake_lease(ids);
	uint64_t id = idtest_next(ids);

	(void)state;
	wall_offset_ms = 4 * MINUTE;
	while (id_ms(id) < clock_wall_ms() - MINUTE) {
		idtest_pause_ms(10);
		id = idtest_next(ids);
	}
	wall_offset_ms = 0;
	assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
	id = idtest_next_at_last(ids);
	assert_int_not_equal(id_node(id), before.node);
	assert_true(id_ms(id) < clock_wall_ms() + MINUTE);
	snowflake_close(ids);
}

/* A process that starts with a wrong clock generates nothing, does no damage,
 * and works as soon as the clock is right. */
static void
starting_with_a_wrong_clock(void **state)
{
	static const int64_t offsets[] = { -HOUR, HOUR, -50 * 365 * 24 * HOUR,
		50 * 365 * 24 * HOUR, 100 * 365 * 24 * HOUR };
	uint64_t id, last = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(offsets); i++) {
		struct snowflake *ids;

		wall_offset_ms = offsets[i];
		ids = idtest_open();
		assert_int_equal(snowflake_next(ids, 0, &id), ERR_BUSY);
		wall_offset_ms = 0;
		id = idtest_next_at_last(ids);
		assert_true(id > last);
		assert_true(id_ms(id) < clock_wall_ms() + MINUTE);
		last = id;
		snowflake_close(ids);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(small_steps_are_not_noticed, clear),
		cmocka_unit_test_setup(
			large_steps_back_are_refused_and_heal, clear),
		cmocka_unit_test_setup(
			an_hour_forward_and_back_does_no_harm, clear),
		cmocka_unit_test_setup(
			ids_far_ahead_are_left_behind_with_their_node, clear),
		cmocka_unit_test_setup(starting_with_a_wrong_clock, clear),
	};

	return cmocka_run_group_tests(tests, idtest_setup, testdb_close);
}
