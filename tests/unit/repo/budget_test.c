/* budget_test.c: a user's budgets, counted where messages are stored. */

#include "repo/budget.h"

#include "../unit.h"
#include "repo/session.h"
#include "repo/usage.h"
#include "testdb.h"

#define DAY INT64_C(86400000)
#define NOON INT64_C(1763812800000) /* 2025-11-22 12:00 UTC */

static enum err
take(struct testdb *t, uint64_t user_id, int64_t now_ms, struct budget max,
	enum budget_kind *which)
{
	const struct budget_send send = { user_id, true, 100, now_ms };

	return budget_take(t->db, &t->arena, &send, &max, which);
}

static uint64_t
used(struct testdb *t, uint64_t user_id, enum budget_kind kind)
{
	struct budget found;

	assert_int_equal(
		budget_used(t->db, &t->arena, user_id, NOON, &found), OK);
	return found.of[kind];
}

static void
messages_of_a_day(void **state)
{
	struct budget max = { { [BUDGET_MESSAGES] = 2 } };
	uint64_t ann = testdb_id(), bob = testdb_id();
	struct testdb *t = *state;
	enum budget_kind which;

	assert_int_equal(take(t, ann, NOON, max, &which), OK);
	assert_int_equal(take(t, ann, NOON + DAY / 2 - 1, max, &which), OK);
	assert_int_equal(take(t, ann, NOON, max, &which), ERR_THROTTLED);
	assert_int_equal(which, BUDGET_MESSAGES);
	assert_int_equal(take(t, ann, NOON + DAY / 2, max, &which), OK);
	assert_int_equal(take(t, bob, NOON, max, &which), OK);
	assert_int_equal(budget_wait_ms(NOON), DAY / 2);
	assert_int_equal(budget_delete(t->db, ann), OK);
	assert_int_equal(used(t, ann, BUDGET_MESSAGES), 0);
	assert_int_equal(used(t, bob, BUDGET_MESSAGES), 1);
}

static void
tokens_of_a_day(void **state)
{
	struct budget max = { { [BUDGET_TOKENS] = 10 } };
	struct usage usage = {
		.messages = 1, .input_tokens = 4, .output_tokens = 5
	};
	struct testdb *t = *state;
	uint64_t ann = testdb_id();
	enum budget_kind which;

	assert_int_equal(usage_add(t->db, ann, NOON, &usage), OK);
	assert_int_equal(take(t, ann, NOON, max, &which), OK);
	assert_int_equal(usage_add(t->db, ann, NOON, &usage), OK);
	assert_int_equal(take(t, ann, NOON, max, &which), ERR_THROTTLED);
	assert_int_equal(which, BUDGET_TOKENS);
	assert_int_equal(used(t, ann, BUDGET_TOKENS), 18);
}

static void
what_is_stored(void **state)
{
	struct budget bytes = { { [BUDGET_BYTES] = 1000 } };
	struct budget sessions = { { [BUDGET_SESSIONS] = 2 } };
	struct testdb *t = *state;
	struct session_draft draft = { .user_id = testdb_user(t),
		.title = "t",
		.bytes = 600,
		.now_ms = NOON };
	enum budget_kind which;

	draft.id = testdb_id();
	assert_int_equal(session_insert(t->db, &draft), OK);
	assert_int_equal(take(t, draft.user_id, NOON, bytes, &which), OK);
	assert_int_equal(session_touch(t->db, draft.id, NOON, 301), OK);
	assert_int_equal(used(t, draft.user_id, BUDGET_BYTES), 901);
	assert_int_equal(
		take(t, draft.user_id, NOON, bytes, &which), ERR_FORBIDDEN);
	assert_int_equal(which, BUDGET_BYTES);
	assert_int_equal(session_touch(t->db, draft.id, NOON, -2000), OK);
	assert_int_equal(used(t, draft.user_id, BUDGET_BYTES), 0);

	assert_int_equal(take(t, draft.user_id, NOON, sessions, &which), OK);
	draft.id = testdb_id();
	assert_int_equal(session_insert(t->db, &draft), OK);
	assert_int_equal(
		take(t, draft.user_id, NOON, sessions, &which), ERR_FORBIDDEN);
	assert_int_equal(which, BUDGET_SESSIONS);
	assert_int_equal(used(t, draft.user_id, BUDGET_SESSIONS), 2);
}

static bool
is_ample(struct testdb *t, uint64_t user_id, struct budget max)
{
	const struct budget_send send = { user_id, true, 100, NOON };
	bool ample;

	assert_int_equal(
		budget_is_ample(t->db, &t->arena, &send, &max, &ample), OK);
	return ample;
}

/* A 64th of the room that is left covers the send. */
static void
what_is_ample(void **state)
{
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t);

	assert_true(is_ample(t, ann, (struct budget){ { 0 } }));
	assert_true(is_ample(t, ann,
		(struct budget){
			{ [BUDGET_BYTES] = 6400, [BUDGET_SESSIONS] = 64 } }));
	assert_false(
		is_ample(t, ann, (struct budget){ { [BUDGET_BYTES] = 6399 } }));
	assert_false(is_ample(
		t, ann, (struct budget){ { [BUDGET_SESSIONS] = 63 } }));
	assert_false(is_ample(
		t, ann, (struct budget){ { [BUDGET_MESSAGES] = 100000 } }));
	assert_false(is_ample(
		t, ann, (struct budget){ { [BUDGET_TOKENS] = 100000 } }));
}

/* What others store meanwhile is seen when the share is used up, and at once
 * if the limit is another. */
static void
a_share_is_given_away_without_looking(void **state)
{
	struct budget max = { { [BUDGET_BYTES] = 64000 } };
	struct budget other = { { [BUDGET_BYTES] = 64064 } };
	struct testdb *t = *state;
	struct session_draft draft = {
		.user_id = testdb_user(t), .title = "t", .now_ms = NOON
	};
	uint64_t bob = testdb_user(t);

	assert_true(is_ample(t, draft.user_id, max));
	draft.id = testdb_id();
	draft.bytes = 64000;
	assert_int_equal(session_insert(t->db, &draft), OK);
	for (int i = 0; i < 9; i++)
		assert_true(is_ample(t, draft.user_id, max));
	assert_false(is_ample(t, draft.user_id, max));
	assert_true(is_ample(t, bob, max));
	assert_false(is_ample(t, draft.user_id, other));
}

/* All that a 64th does not cover is counted one by one, to the last. */
static void
the_end_of_a_limit_is_exact(void **state)
{
	struct budget max = { { [BUDGET_SESSIONS] = 70 } };
	struct testdb *t = *state;
	struct session_draft draft = {
		.user_id = testdb_user(t), .title = "t", .now_ms = NOON
	};
	enum budget_kind which;

	for (int i = 0; i < 70; i++) {
		assert_int_equal(take(t, draft.user_id, NOON, max, &which), OK);
		draft.id = testdb_id();
		assert_int_equal(session_insert(t->db, &draft), OK);
	}
	assert_int_equal(
		take(t, draft.user_id, NOON, max, &which), ERR_FORBIDDEN);
	assert_int_equal(which, BUDGET_SESSIONS);
}

/* Stores what the budget allows. */
static enum err
store(struct testdb *t, uint64_t user_id, uint64_t bytes, struct budget max)
{
	const struct budget_send send = { user_id, true, bytes, NOON };
	struct session_draft draft = { .user_id = user_id,
		.id = testdb_id(),
		.title = "t",
		.bytes = bytes,
		.now_ms = NOON };
	enum budget_kind which;

	TRY(budget_take(t->db, &t->arena, &send, &max, &which));
	assert_int_equal(session_insert(t->db, &draft), OK);
	return OK;
}

static void
what_a_large_send_takes_is_not_given_away_again(void **state)
{
	struct budget max = { { [BUDGET_BYTES] = 64000 } };
	struct testdb *t = *state;
	uint64_t ann = testdb_user(t);

	assert_int_equal(store(t, ann, 100, max), OK);
	assert_int_equal(store(t, ann, 63900, max), OK);
	assert_int_equal(store(t, ann, 100, max), ERR_FORBIDDEN);
	assert_int_equal(used(t, ann, BUDGET_BYTES), 64000);
}

static void
without_bounds_nothing_is_counted(void **state)
{
	struct budget none = { { 0 } };
	struct testdb *t = *state;
	uint64_t ann = testdb_id();
	enum budget_kind which;

	assert_int_equal(take(t, ann, NOON, none, &which), OK);
	assert_int_equal(used(t, ann, BUDGET_MESSAGES), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_of_a_day),
		cmocka_unit_test(tokens_of_a_day),
		cmocka_unit_test(what_is_stored),
		cmocka_unit_test(what_is_ample),
		cmocka_unit_test(a_share_is_given_away_without_looking),
		cmocka_unit_test(the_end_of_a_limit_is_exact),
		cmocka_unit_test(
			what_a_large_send_takes_is_not_given_away_again),
		cmocka_unit_test(without_bounds_nothing_is_counted),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
