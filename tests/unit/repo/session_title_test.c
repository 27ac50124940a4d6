/* session_title_test.c: who may request a title, how often, and whose title
 * remains. */

#include "repo/session_title.h"

#include "../unit.h"
#include "repo/instructions.h"
#include "repo/session.h"
#include "testdb.h"

#include <string.h>

#define NOW INT64_C(1750000000123)
#define FOR_MS 1000

static const char COUNT_NOTES[] =
	"SELECT COUNT(*) FROM search_pending WHERE session_id = ?";

struct place {
	struct testdb *t;
	uint64_t user_id, id;
};

static struct place
make(void **state)
{
	struct testdb *t = *state;
	struct place place = { t, testdb_user(t), testdb_id() };
	struct session_draft draft = { .id = place.id,
		.user_id = place.user_id,
		.title = "As it begins",
		.now_ms = NOW };

	assert_int_equal(session_insert(t->db, &draft), OK);
	return place;
}

/* Claims a title while the database's time is *now_ms*; this process's time
 * does not matter. */
static bool
claim(struct place place, uint64_t user_id, int64_t now_ms)
{
	int64_t until_ms;
	bool claimed;

	assert_int_equal(db_script(place.t->db,
				 span_of(arena_printf(&place.t->arena,
					 "SET timestamp = %lld.%03d",
					 (long long)(now_ms / 1000),
					 (int)(now_ms % 1000)))),
		OK);
	assert_int_equal(session_title_claim(place.t->db, user_id, place.id,
				 FOR_MS, &until_ms, &claimed),
		OK);
	assert_int_equal(until_ms, now_ms + FOR_MS);
	return claimed;
}

static void
put(struct place place, int64_t until_ms, const char *title)
{
	assert_int_equal(session_title_put(place.t->db, place.id, until_ms,
				 span_of(title)),
		OK);
}

static void
assert_title(struct place place, const char *expected)
{
	struct session session;

	assert_int_equal(session_find(place.t->db, &place.t->arena,
				 place.user_id, place.id, &session),
		OK);
	assert_string_equal(session.title, expected);
}

static void
assert_untitled(struct place place, bool expected)
{
	struct instructions told;

	assert_int_equal(instructions_find(
				 place.t->db, &place.t->arena, place.id, &told),
		OK);
	assert_int_equal(told.untitled, expected);
}

static void
one_asks_at_a_time(void **state)
{
	struct place place = make(state);

	assert_true(claim(place, place.user_id, NOW));
	assert_false(claim(place, place.user_id, NOW + 1));
	assert_false(claim(place, place.user_id, NOW + FOR_MS));
	assert_true(claim(place, place.user_id, NOW + FOR_MS + 1));
	put(place, NOW + FOR_MS, "Too late");
	assert_title(place, "As it begins");
	put(place, NOW + 2 * FOR_MS + 1, "By the model");
	assert_title(place, "By the model");
	assert_int_equal(testdb_number(place.t, COUNT_NOTES, place.id), 1);
	assert_untitled(place, false);
	assert_false(claim(place, place.user_id, NOW + 10 * FOR_MS));
}

static void
three_times_at_most(void **state)
{
	struct place place = make(state);

	assert_untitled(place, true);
	for (int i = 0; i < 3; i++) {
		assert_true(claim(place, place.user_id, NOW + i));
		assert_int_equal(session_title_release(place.t->db, place.id,
					 NOW + i + FOR_MS),
			OK);
	}
	assert_untitled(place, false);
	assert_false(claim(place, place.user_id, NOW + 9));
	assert_title(place, "As it begins");
}

static void
a_persons_title_is_final(void **state)
{
	const struct session_change change = { .title = "Mine" };
	struct place place = make(state);

	assert_true(claim(place, place.user_id, NOW));
	assert_int_equal(session_change(place.t->db, &place.t->arena,
				 place.user_id, place.id, &change),
		OK);
	put(place, NOW + FOR_MS, "By the model");
	assert_title(place, "Mine");
	assert_false(claim(place, place.user_id, NOW + 9 * FOR_MS));
}

static void
another_change_leaves_it_open(void **state)
{
	const bool yes = true;
	const struct session_change change = { .pinned = &yes };
	struct place place = make(state);

	assert_true(claim(place, place.user_id, NOW));
	assert_int_equal(session_change(place.t->db, &place.t->arena,
				 place.user_id, place.id, &change),
		OK);
	put(place, NOW + FOR_MS, "By the model");
	assert_title(place, "By the model");
}

static void
nobody_asks_for_another(void **state)
{
	struct place place = make(state);

	assert_false(claim(place, testdb_user(place.t), NOW));
	assert_untitled(place, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_asks_at_a_time),
		cmocka_unit_test(three_times_at_most),
		cmocka_unit_test(a_persons_title_is_final),
		cmocka_unit_test(another_change_leaves_it_open),
		cmocka_unit_test(nobody_asks_for_another),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
