/* history_around_test.c: pages around and after a message, and siblings. */

#include "repo/history.h"

#include "../unit.h"
#include "historytest.h"
#include "repo/message.h"
#include "repo/session.h"
#include "testdb.h"

static struct history
around(struct testdb *t, struct place place, uint64_t id, unsigned limit)
{
	struct history_range range = { place.user_id, place.session_id, id,
		limit };
	struct history history;

	assert_int_equal(
		history_around(t->db, &t->arena, &range, &history), OK);
	return history;
}

/* From any message in both directions to the ends, with pages of any size. */
static void
pages_around_a_message_lead_to_all(void **state)
{
	enum { N = 9 };
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	uint64_t ids[N];

	for (unsigned i = 0; i < N; i++)
		ids[i] = historytest_add_text(t, place);
	for (unsigned at = 0; at < N; at++) {
		for (unsigned limit = 1; limit <= N + 1; limit++) {
			struct history found = around(t, place, ids[at], limit);
			unsigned from = 0;

			while (ids[from] != found.list[0].id)
				from++;
			assert_in_range(found.n, 1, limit);
			assert_in_range(at, from, from + found.n - 1);
			for (unsigned i = 0; i < found.n; i++)
				assert_int_equal(
					found.list[i].id, ids[from + i]);
			assert_int_equal(found.older, from > 0);
			assert_int_equal(found.newer, from + found.n < N);
		}
	}
	assert_int_equal(around(t, place, ids[N - 1], 4).n, 4);
}

static void
pages_after_a_message(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t);
	uint64_t ids[5];
	struct history found;

	for (unsigned i = 0; i < 5; i++)
		ids[i] = historytest_add_text(t, place);
	for (unsigned at = 0; at < 5; at++) {
		struct history_range range = { place.user_id, place.session_id,
			ids[at], 2 };

		assert_int_equal(
			history_after(t->db, &t->arena, &range, &found), OK);
		assert_int_equal(found.n, MIN(2, 4 - at));
		assert_int_equal(found.newer, at < 2);
		for (unsigned i = 0; i < found.n; i++)
			assert_int_equal(found.list[i].id, ids[at + 1 + i]);
	}
}

static void
around_what_is_not_shown_is_nothing(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t),
		     other = historytest_make_session(t);
	struct message hidden =
		historytest_message("complete", true, span_of("[]"));
	struct message running =
		historytest_message("streaming", false, span_of("[]"));
	uint64_t shown = historytest_add_text(t, place),
		 theirs = historytest_add_text(t, other);
	uint64_t bad[] = { 0, theirs, shown + 1, UINT64_MAX, 0, 0 };
	struct history history;

	hidden.active = false;
	bad[4] = historytest_add(t, place, &hidden);
	bad[5] = historytest_add(t, place, &running);
	assert_int_equal(around(t, place, shown, 10).n, 1);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct history_range range = { place.user_id, place.session_id,
			bad[i], 10 };

		assert_int_equal(
			history_around(t->db, &t->arena, &range, &history),
			ERR_NOT_FOUND);
	}
}

static uint64_t
add_below(struct testdb *t, struct place place, uint64_t parent, bool active)
{
	struct message m = historytest_message("complete", true, span_of("[]"));

	m.parent_id = parent;
	m.active = active;
	return historytest_add(t, place, &m);
}

static void
siblings_are_those_of_one_parent(void **state)
{
	struct testdb *t = *state;
	struct place place = historytest_make_session(t),
		     other = historytest_make_session(t);
	uint64_t root = add_below(t, place, 0, true);
	uint64_t twin = add_below(t, place, 0, false);
	uint64_t only = add_below(t, place, root, true);
	uint64_t a = add_below(t, place, only, false);
	uint64_t b = add_below(t, place, only, true);
	uint64_t c = add_below(t, place, only, false);
	struct history found;

	add_below(t, place, twin, false);
	add_below(t, other, 0, true);
	for (unsigned limit = 1; limit <= 3; limit++) {
		found = historytest_page(t, place, 0, limit);
		assert_int_equal(history_siblings(t->db, &t->arena,
					 place.session_id, &found),
			OK);
		assert_int_equal(found.list[limit - 1].n_siblings, 3);
		assert_int_equal(found.list[limit - 1].siblings[0], a);
		assert_int_equal(found.list[limit - 1].siblings[1], b);
		assert_int_equal(found.list[limit - 1].siblings[2], c);
	}
	assert_int_equal(found.list[1].n_siblings, 0);
	assert_int_equal(found.list[0].n_siblings, 2);
	assert_int_equal(found.list[0].siblings[0], root);
	assert_int_equal(found.list[0].siblings[1], twin);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_around_a_message_lead_to_all),
		cmocka_unit_test(pages_after_a_message),
		cmocka_unit_test(around_what_is_not_shown_is_nothing),
		cmocka_unit_test(siblings_are_those_of_one_parent),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
