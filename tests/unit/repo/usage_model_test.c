/* usage_model_test.c: users' usage of models, and its sums. */

#include "repo/usage_model.h"

#include "../unit.h"
#include "testdb.h"

#include <string.h>

/* Days that no other test uses. */
#define DAY INT64_C(86400000)
#define NOON (INT64_C(10957) * DAY + DAY / 2) /* 2000-01-01 */

static void
add(struct testdb *t, uint64_t user_id, int64_t now_ms, struct usage_model used)
{
	assert_int_equal(usage_model_add(t->db, user_id, now_ms, &used), OK);
}

static struct usage_sums
sums(struct testdb *t, enum usage_by by, struct usage_place after,
	unsigned limit)
{
	const struct usage_ask ask = { by, "2000-01-01", "2000-01-31", after,
		limit };
	struct usage_sums found;

	assert_int_equal(usage_model_sums(t->db, &t->arena, &ask, &found), OK);
	return found;
}

static const struct usage_sum *
of(const struct usage_sums *sums, uint64_t id)
{
	for (unsigned i = 0; i < sums->n; i++)
		if (sums->list[i].id == id)
			return &sums->list[i];
	return NULL;
}

static void
what_was_used_adds_up(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t), bob = testdb_id(), model = testdb_id();
	struct usage_model one = { .model_id = model,
		.name = span_of("m-1"),
		.replies = 1,
		.input_tokens = 10,
		.cached_tokens = 4,
		.output_tokens = 2,
		.cost = USAGE_COST_UNKNOWN };
	const struct usage_sum *sum;
	struct usage_sums found;

	add(t, ann, NOON, one);
	found = sums(t, USAGE_BY_MODEL, USAGE_FIRST, 200);
	assert_int_equal(of(&found, model)->used.cost, USAGE_COST_UNKNOWN);
	one.cost = 0; /* known to be 0 */
	add(t, ann, NOON + 1, one);
	one.cost = 7;
	one.name = span_of("m-2");
	add(t, ann, NOON + DAY, one);
	add(t, bob, NOON, one);
	found = sums(t, USAGE_BY_MODEL, USAGE_FIRST, 200);
	sum = of(&found, model);
	assert_string_equal(sum->name, "m-2");
	assert_int_equal(sum->used.replies, 4);
	assert_int_equal(sum->used.input_tokens, 40);
	assert_int_equal(sum->used.cached_tokens, 16);
	assert_int_equal(sum->used.output_tokens, 8);
	assert_int_equal(sum->used.cost, 14);
	found = sums(t, USAGE_BY_USER, USAGE_FIRST, 200);
	assert_int_equal(of(&found, ann)->used.cost, 7);
	assert_non_null(of(&found, ann)->name);
	assert_null(of(&found, bob)->name);
	found = sums(t, USAGE_BY_DAY, USAGE_FIRST, 200);
	assert_string_equal(found.list[0].name, "2000-01-01");
	assert_int_equal(usage_model_delete(t->db, ann), OK);
	assert_int_equal(usage_model_delete(t->db, bob), OK);
	found = sums(t, USAGE_BY_MODEL, USAGE_FIRST, 200);
	assert_null(of(&found, model));
}

/* The model's name as in the settings: of any length, or none. */
static void
any_name_is_taken(void **state)
{
	static char long_name[4000];
	struct testdb *t = *state;
	uint64_t ann = testdb_id();
	struct usage_model used = { .cost = USAGE_COST_UNKNOWN };

	for (size_t i = 0; i + 2 < sizeof(long_name); i += 2)
		memcpy(long_name + i, "\xc3\xa4", 2);
	add(t, ann, NOON, used);
	used.name = span_of(long_name);
	add(t, ann, NOON, used);
	assert_int_equal(usage_model_delete(t->db, ann), OK);
}

/* Equal sums are ordered by id, also at the edge of a page. */
static void
equal_sums_are_paged_by_id(void **state)
{
	struct testdb *t = *state;
	uint64_t users[9];
	struct usage_place after = USAGE_FIRST;
	unsigned seen = 0, rounds = 0;
	struct usage_sums found;

	for (unsigned i = 0; i < LENGTH(users); i++) {
		users[i] = testdb_id();
		add(t, users[i], NOON,
			(struct usage_model){ .input_tokens = i / 4,
				.cost = i % 2 == 0 ? USAGE_COST_UNKNOWN : 0 });
	}
	do {
		found = sums(t, USAGE_BY_USER, after, 2);
		for (unsigned i = 0; i < found.n; i++)
			for (unsigned j = 0; j < LENGTH(users); j++)
				seen += found.list[i].id == users[j];
		if (found.n > 0)
			after = usage_place_of(&found.list[found.n - 1]);
	} while (found.n == 2 && ++rounds < 100);
	assert_int_equal(seen, LENGTH(users));
	for (unsigned i = 0; i < LENGTH(users); i++)
		assert_int_equal(usage_model_delete(t->db, users[i]), OK);
}

static void
days_are_days(void **state)
{
	static const char *const good[] = { "1970-01-01", "2024-02-29",
		"2026-12-31" };
	static const char *const bad[] = { "", "2026-02-29", "2026-1-1",
		"2026-13-01", "2026-01-01 ", "1969-12-31", "0000-00-00",
		"2026-01-32", "x", "+026-01-01" };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_true(usage_is_day(good[i]));
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_false(usage_is_day(bad[i]));
	assert_int_equal(usage_day_ms("2000-01-02"), NOON + DAY / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_used_adds_up),
		cmocka_unit_test(any_name_is_taken),
		cmocka_unit_test(equal_sums_are_paged_by_id),
		cmocka_unit_test(days_are_days),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
