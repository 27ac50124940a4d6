/* idgen_test.c: the arithmetic of ids, with a controlled clock. */

#include "repo/idgen.h"

#include "../unit.h"
#include "base/attr.h"
#include "repo/idgen_private.h"

#include <stdlib.h>

#include <string.h>
#include <time.h>

#define NOW INT64_C(1780000000000) /* 2026-05-28 */
#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
#define NODE 7
#define SPAN (20 * SECOND)
#define PER_MS 4096

/* Granted at NOW, as if the node had last been used a second before. */
static void
grant(struct idgen *gen)
{
	memset(gen, 0, sizeof(*gen));
	idgen_grant(gen, NODE, NOW - SECOND, NOW + SPAN, SPAN);
}

static uint64_t
next(struct idgen *gen, int64_t wall_ms, uint64_t floor)
{
	uint64_t id = 0;

	assert_int_equal(idgen_next(gen, wall_ms, floor, &id), IDGEN_OK);
	assert_int_equal(id_node(id), NODE);
	assert_true(id > floor);
	return id;
}

static enum idgen_result
result(struct idgen *gen, int64_t wall_ms, uint64_t floor)
{
	uint64_t id;

	return idgen_next(gen, wall_ms, floor, &id);
}

static uint64_t
id_of(int64_t ms, uint64_t node, uint64_t sequence)
{
	return (uint64_t)(ms - ID_EPOCH_MS) << 22 | node << 12 | sequence;
}

static void
has_the_documented_layout(void **state)
{
	struct idgen gen;
	uint64_t id;

	(void)state;
	grant(&gen);
	id = next(&gen, NOW, 0);
	assert_int_equal(id, id_of(NOW, NODE, 0));
	assert_int_equal(id_ms(id), NOW);
	assert_int_equal(next(&gen, NOW, 0), id + 1);
	assert_int_equal(next(&gen, NOW + 5, 0), id_of(NOW + 5, NODE, 0));
	assert_int_equal(id_ms(UINT64_MAX >> 1), ID_EPOCH_MS + ID_MS_MAX);
	assert_int_equal(id_node(UINT64_MAX >> 1), ID_NODES - 1);
}

static void
makes_nothing_without_a_grant(void **state)
{
	struct idgen gen = { 0 };

	(void)state;
	assert_int_equal(result(&gen, NOW, 0), IDGEN_NO_GRANT);
	grant(&gen);
	assert_int_equal(id_ms(next(&gen, NOW, 0)), NOW);
	assert_int_equal(idgen_revoke(&gen), NOW);
	assert_int_equal(result(&gen, NOW, 0), IDGEN_NO_GRANT);
}

static void
runs_ahead_when_a_millisecond_is_full(void **state)
{
	struct idgen gen;
	uint64_t last = 0, id;

	(void)state;
	grant(&gen);
	for (int i = 0; i < 3 * PER_MS; i++) {
		id = next(&gen, NOW, 0);
		assert_true(id > last);
		assert_int_equal(id_ms(id), NOW + i / PER_MS);
		last = id;
	}
	assert_int_equal(idgen_ahead_ms(&gen, NOW), 2);
	assert_true(next(&gen, NOW + 1, 0) > last);
}

static void
small_steps_back_are_absorbed(void **state)
{
	static const int64_t steps[] = { 1, 999, SECOND, SPAN };
	struct idgen gen;
	uint64_t before, after;

	(void)state;
	for (size_t i = 0; i < LENGTH(steps); i++) {
		grant(&gen);
		before = next(&gen, NOW, 0);
		after = next(&gen, NOW - steps[i], 0);
		assert_int_equal(after, before + 1);
	}
}

static void
large_steps_back_are_refused_until_the_clock_is_right(void **state)
{
	static const int64_t clocks[] = { NOW - SPAN - 1, NOW - HOUR,
		ID_EPOCH_MS };
	struct idgen gen;
	uint64_t before;

	(void)state;
	for (size_t i = 0; i < LENGTH(clocks); i++) {
		grant(&gen);
		before = next(&gen, NOW, 0);
		assert_int_equal(result(&gen, clocks[i], 0), IDGEN_BEHIND);
		assert_int_equal(next(&gen, NOW, 0), before + 1);
	}
}

static void
impossible_years_are_refused(void **state)
{
	static const int64_t clocks[] = { INT64_MIN, -1, 0, 86400000,
		ID_EPOCH_MS - 1, ID_EPOCH_MS + ID_MS_MAX + 1, INT64_MAX };
	struct idgen gen;
	uint64_t before;

	(void)state;
	grant(&gen);
	before = next(&gen, NOW, 0);
	for (size_t i = 0; i < LENGTH(clocks); i++)
		assert_int_equal(result(&gen, clocks[i], 0), IDGEN_ABSURD);
	assert_int_equal(next(&gen, NOW, 0), before + 1);
}

/* The clock goes an hour ahead and back again without any effect. */
static void
a_step_beyond_what_is_reserved_is_not_followed(void **state)
{
	struct idgen gen;
	uint64_t before;

	(void)state;
	grant(&gen);
	before = next(&gen, NOW, 0);
	assert_int_equal(next(&gen, NOW + HOUR, 0), before + 1);
	assert_int_equal(next(&gen, NOW, 0), before + 2);
}

/* Also for a node that has generated no id for long, or ever: its last id says
 * nothing about the time. */
static void
a_wrong_clock_makes_no_ids_of_the_past(void **state)
{
	static const int64_t wrong[] = { NOW + HOUR, NOW - SPAN, NOW - 1 };
	struct idgen gen = { 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		idgen_grant(&gen, NODE, 0, NOW + SPAN, SPAN);
		assert_int_equal(next(&gen, wrong[i], 0), id_of(NOW, NODE, 0));
	}
	idgen_grant(&gen, NODE, 0, NOW + SPAN, SPAN);
	assert_int_equal(result(&gen, NOW - HOUR, 0), IDGEN_BEHIND);
}

static void
a_step_within_what_is_reserved_is_absorbed_on_its_way_back(void **state)
{
	struct idgen gen;
	uint64_t ahead;

	(void)state;
	grant(&gen);
	ahead = next(&gen, NOW + SPAN, 0);
	assert_int_equal(id_ms(ahead), NOW + SPAN);
	assert_int_equal(next(&gen, NOW, 0), ahead + 1);
}

static void
never_makes_more_than_is_reserved(void **state)
{
	struct idgen gen = { 0 };

	(void)state;
	idgen_grant(&gen, NODE, NOW - 1, NOW + 1, SPAN);
	for (int i = 0; i < 2 * PER_MS; i++)
		assert_true(id_ms(next(&gen, NOW, 0)) <= NOW + 1);
	assert_int_equal(result(&gen, NOW, 0), IDGEN_EXHAUSTED);
	assert_int_equal(result(&gen, NOW + 2, 0), IDGEN_EXHAUSTED);
	idgen_reserve(&gen, NOW + 2);
	assert_int_equal(next(&gen, NOW, 0), id_of(NOW + 2, NODE, 0));
}

static void
a_reservation_never_shrinks(void **state)
{
	struct idgen gen;

	(void)state;
	grant(&gen);
	idgen_reserve(&gen, 0);
	idgen_reserve(&gen, NOW - SECOND);
	assert_int_equal(id_ms(next(&gen, NOW + SPAN, 0)), NOW + SPAN);
}

static void
the_next_holder_starts_above_the_last(void **state)
{
	struct idgen first, second = { 0 };
	uint64_t id;

	(void)state;
	grant(&first);
	next(&first, NOW + SPAN, 0); /* any id up to NOW + SPAN may exist */
	idgen_grant(&second, NODE, NOW + SPAN, NOW + 2 * SPAN, SPAN);
	id = next(&second, NOW + SECOND, 0);
	assert_int_equal(id, id_of(NOW + SPAN + 1, NODE, 0));
}

/* Restarted with a clock an hour behind: refuses ids until the clock has caught
 * up. */
static void
a_restart_does_not_forget_where_the_ids_are(void **state)
{
	struct idgen gen = { 0 };

	(void)state;
	idgen_grant(&gen, NODE, NOW + HOUR, NOW + HOUR + SPAN, SPAN);
	assert_int_equal(result(&gen, NOW, 0), IDGEN_BEHIND);
	assert_int_equal(
		next(&gen, NOW + HOUR, 0), id_of(NOW + HOUR + 1, NODE, 0));
}

static void
goes_above_the_floor(void **state)
{
	struct idgen gen;
	uint64_t id;

	(void)state;
	grant(&gen);
	/* its own floor: the next id in the same millisecond */
	id = next(&gen, NOW, 0);
	assert_int_equal(next(&gen, NOW, id), id + 1);
	/* another node's floor in the same millisecond, lower and higher */
	assert_int_equal(next(&gen, NOW + 9, id_of(NOW + 9, NODE - 1, 99)),
		id_of(NOW + 9, NODE, 0));
	assert_int_equal(next(&gen, NOW + 9, id_of(NOW + 9, NODE + 1, 0)),
		id_of(NOW + 10, NODE, 0));
	/* ahead of this clock; no later id is below it */
	id = next(&gen, NOW + 9, id_of(NOW + SECOND, 3, 4095));
	assert_int_equal(id, id_of(NOW + SECOND + 1, NODE, 0));
	assert_int_equal(next(&gen, NOW + 10, 0), id + 1);
}

static void
refuses_an_absurd_floor(void **state)
{
	static const uint64_t floors[] = { UINT64_MAX, UINT64_MAX >> 1,
		UINT64_C(1) << 63, UINT64_C(1) << 62 };
	struct idgen gen;

	(void)state;
	grant(&gen);
	for (size_t i = 0; i < LENGTH(floors); i++)
		assert_int_equal(result(&gen, NOW, floors[i]), IDGEN_BEHIND);
	assert_int_equal(
		result(&gen, NOW, id_of(NOW + SPAN + 1, 0, 0)), IDGEN_BEHIND);
	/* The refusals had no effect. */
	assert_int_equal(next(&gen, NOW, 0), id_of(NOW, NODE, 0));
}

static void
ends_with_the_41_bits(void **state)
{
	int64_t end = ID_EPOCH_MS + ID_MS_MAX;
	struct idgen gen = { 0 };

	(void)state;
	idgen_grant(&gen, NODE, end - 1, end + HOUR, SPAN);
	for (int i = 0; i < PER_MS; i++)
		assert_int_equal(id_ms(next(&gen, end, 0)), end);
	assert_int_equal(result(&gen, end, 0), IDGEN_EXHAUSTED);
	idgen_grant(&gen, NODE, INT64_MAX, INT64_MAX, SPAN);
	assert_int_equal(result(&gen, end, 0), IDGEN_EXHAUSTED);
}

/* The clock goes wrong and is corrected, with grants made by a keeper that
 * knows the right time: every id is above the previous one of its node, and
 * within the reservation. */
static void
a_drunken_clock_makes_no_id_twice(void **state)
{
	uint64_t last[4] = { 0 }, id;
	int64_t reserved[4] = { 0 }, truth = NOW, error = 0;
	struct idgen gen = { 0 };
	unsigned seed = 3, node = 0, made = 0;

	(void)state;
	for (int i = 0; i < 200000; i++, truth++) {
		if (i % 1000 == 0) {
			int64_t after;

			node = (unsigned)rand_r(&seed) % 4;
			after = reserved[node];
			reserved[node] = MAX(after, truth + SPAN);
			idgen_grant(&gen, node, after, reserved[node], SPAN);
		}
		if (rand_r(&seed) % 100 == 0)
			error = rand_r(&seed) % (2 * SPAN) - SPAN;
		if (rand_r(&seed) % 1000 == 0)
			error = rand_r(&seed) % 2 ? HOUR : -HOUR;
		if (idgen_next(&gen, truth + error, 0, &id) != IDGEN_OK)
			continue;
		made++;
		assert_true(id > last[node]);
		assert_true(id_ms(id) <= reserved[node]);
		assert_int_equal(id_node(id), node);
		last[node] = id;
	}
	assert_true(made > 50000);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_documented_layout),
		cmocka_unit_test(makes_nothing_without_a_grant),
		cmocka_unit_test(runs_ahead_when_a_millisecond_is_full),
		cmocka_unit_test(small_steps_back_are_absorbed),
		cmocka_unit_test(
			large_steps_back_are_refused_until_the_clock_is_right),
		cmocka_unit_test(impossible_years_are_refused),
		cmocka_unit_test(
			a_step_beyond_what_is_reserved_is_not_followed),
		cmocka_unit_test(a_wrong_clock_makes_no_ids_of_the_past),
		cmocka_unit_test(
			a_step_within_what_is_reserved_is_absorbed_on_its_way_back),
		cmocka_unit_test(never_makes_more_than_is_reserved),
		cmocka_unit_test(a_reservation_never_shrinks),
		cmocka_unit_test(the_next_holder_starts_above_the_last),
		cmocka_unit_test(a_restart_does_not_forget_where_the_ids_are),
		cmocka_unit_test(goes_above_the_floor),
		cmocka_unit_test(refuses_an_absurd_floor),
		cmocka_unit_test(ends_with_the_41_bits),
		cmocka_unit_test(a_drunken_clock_makes_no_id_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
