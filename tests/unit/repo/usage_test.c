/* usage_test.c: a user's usage per day. */

#include "repo/usage.h"

#include "../unit.h"
#include "testdb.h"

#define DAY INT64_C(86400000)
#define NOON INT64_C(1763812800000) /* 2025-11-22 12:00 UTC */

static void
add(struct testdb *t, uint64_t user_id, int64_t now_ms, uint64_t input)
{
	struct usage usage = { .messages = 1,
		.input_tokens = input,
		.output_tokens = 10 * input };

	assert_int_equal(usage_add(t->db, user_id, now_ms, &usage), OK);
}

static struct usage_days
list(struct testdb *t, uint64_t user_id, unsigned days)
{
	struct usage_days found;

	assert_int_equal(
		usage_list(t->db, &t->arena, user_id, NOON, days, &found), OK);
	return found;
}

static void
a_day_adds_up(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id(), bob = testdb_id();
	struct usage_days found;

	assert_int_equal(list(t, ann, 30).n, 0);
	add(t, ann, NOON, 3);
	add(t, ann, NOON + DAY / 2 - 1, 4); /* the last moment of the day */
	add(t, ann, NOON - DAY / 2, 0); /* the first */
	add(t, ann, NOON - DAY / 2 - 1, 8); /* the day before */
	add(t, bob, NOON, 1);
	found = list(t, ann, 30);
	assert_int_equal(found.n, 2);
	assert_string_equal(found.list[0].day, "2025-11-21");
	assert_int_equal(found.list[0].messages, 1);
	assert_string_equal(found.list[1].day, "2025-11-22");
	assert_int_equal(found.list[1].messages, 3);
	assert_int_equal(found.list[1].input_tokens, 7);
	assert_int_equal(found.list[1].output_tokens, 70);
}

static void
as_many_days_as_asked_for(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_id();

	for (int i = -1; i < 40; i++) /* tomorrow is not included */
		add(t, ann, NOON - i * DAY, 1);
	assert_int_equal(list(t, ann, 1).n, 1);
	assert_string_equal(list(t, ann, 1).list[0].day, "2025-11-22");
	assert_int_equal(list(t, ann, 7).n, 7);
	assert_string_equal(list(t, ann, 7).list[0].day, "2025-11-16");
	assert_int_equal(list(t, ann, 366).n, 40);
	assert_int_equal(usage_delete(t->db, ann), OK);
	assert_int_equal(list(t, ann, 366).n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_adds_up),
		cmocka_unit_test(as_many_days_as_asked_for),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
