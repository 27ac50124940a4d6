/* turn_refused_test.c: users that are refused, and lists that cannot be
 * placed. */

#include "chat/turn.h"

#include "../unit.h"
#include "repo/user.h"
#include "turntest.h"

static uint64_t
sessions_of(struct testdb *t, uint64_t user_id)
{
	return testdb_number(
		t, "SELECT COUNT(*) FROM session WHERE user_id = ?", user_id);
}

/* The send was admitted before its user was deleted or disabled. With a budget,
 * more is read before anything is stored. */
static void
a_disabled_or_deleted_user_gets_no_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "hello") };
	struct turn_post post = turntest_post(t, list, 1), counted;
	struct turn turn;

	counted = post;
	counted.budget.of[BUDGET_MESSAGES] = 5;
	assert_int_equal(
		user_set_disabled(t->db, post.user_id, 1000, 1000), OK);
	assert_int_equal(turntest_place(t, &post, &turn), ERR_DENIED);
	assert_int_equal(turntest_place(t, &counted, &turn), ERR_DENIED);
	assert_int_equal(user_delete(t->db, post.user_id), OK);
	assert_int_equal(turntest_place(t, &post, &turn), ERR_DENIED);
	assert_int_equal(turntest_place(t, &counted, &turn), ERR_DENIED);
	assert_int_equal(sessions_of(t, post.user_id), 0);
}

/* A user whose budget has room is admitted. */
static void
a_user_within_the_budget_gets_a_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "hello") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn;

	post.budget.of[BUDGET_MESSAGES] = 5;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(sessions_of(t, post.user_id), 1);
}

static void
a_session_keeps_its_assistant(void **state)
{
	static const char BEGUN[] =
		"UPDATE session SET assistant_id = 5, assistant_version = 1"
		" WHERE id = ?";
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), turn;

	assert_int_equal(
		db_exec(t->db, BEGUN, PARAMS(U64(first.session_id))), OK);
	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	post.assistant_id = 6;
	assert_int_equal(turntest_place(t, &post, &turn), ERR_CONFLICT);
	assert_string_equal(turn.code, "assistant_fixed");
	post.assistant_id = 5;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	turntest_finish(t, &turn);
	post.assistant_id = 0; /* names no assistant */
	post.regenerate = true;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
}

/* ---- a chat without a session id */

/* No other model is asked in its place. */
static void
a_session_found_by_its_chat_is_asked_of_its_model(void **state)
{
	static const char CHOSEN[] =
		"UPDATE session SET model_id = 999 WHERE id = ?";
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), turn;

	assert_int_equal(
		db_exec(t->db, CHOSEN, PARAMS(U64(first.session_id))), OK);
	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	post.session_id = 0;
	assert_int_equal(turntest_place(t, &post, &turn), ERR_NO_MODEL);
}

static void
a_chat_that_lists_nothing_known_begins_anew(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), turn;

	list[0] = turntest_user(t, "u2", "two");
	post.session_id = 0;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_not_equal(turn.session_id, first.session_id);
	assert_int_equal(sessions_of(t, post.user_id), 2);
}

/* ---- the lease */

/* Another process has the lease, and this one has not noticed. */
static struct lease
lose_lease(struct testdb *t)
{
	struct lease lease;

	do
		lease = snowflake_lease(turntest_ids);
	while (lease.epoch == 0);
	assert_int_equal(
		db_exec(t->db,
			"UPDATE worker SET epoch = epoch + 1 WHERE id = ?",
			PARAMS(U64(lease.node))),
		OK);
	return lease;
}

static bool
is_of(const struct turn *turn, struct lease lease)
{
	return turn->lease.node == lease.node &&
		turn->lease.epoch == lease.epoch;
}

/* Each attempt fails in the same way, as often as somebody else notices
 * first. */
static void
assert_not_placed(struct testdb *t, const struct turn_post *post)
{
	struct lease lease;
	struct turn turn;
	enum err err;

	do {
		lease = lose_lease(t);
		err = turntest_place(t, post, &turn);
	} while (!is_of(&turn, lease));
	assert_int_equal(err, ERR_BUSY);
}

static void
nothing_is_placed_under_a_lost_lease(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn_post first = turntest_post(t, list, 1);
	struct turn turn = turntest_one(t, &post);

	list[1] = turntest_listed(t, turn.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_not_placed(t, &post);
	assert_int_equal(
		testdb_number(t,
			"SELECT COUNT(*) FROM message WHERE session_id = ?",
			turn.session_id),
		2);
	assert_not_placed(t, &first);
	assert_int_equal(sessions_of(t, first.user_id), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disabled_or_deleted_user_gets_no_session),
		cmocka_unit_test(a_user_within_the_budget_gets_a_session),
		cmocka_unit_test(a_session_keeps_its_assistant),
		cmocka_unit_test(
			a_session_found_by_its_chat_is_asked_of_its_model),
		cmocka_unit_test(a_chat_that_lists_nothing_known_begins_anew),
		cmocka_unit_test(nothing_is_placed_under_a_lost_lease),
	};

	return cmocka_run_group_tests(tests, turntest_open, turntest_close);
}
