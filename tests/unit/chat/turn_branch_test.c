/* turn_branch_test.c: edits, regenerated answers, and continued replies. */

#include "chat/turn.h"

#include "../unit.h"
#include "turntest.h"

static void
an_edit_starts_a_branch(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), edited;

	list[0] = turntest_user(t, "u1", "one, edited");
	post.message_id = span_of("u1");
	assert_int_equal(turntest_place(t, &post, &edited), OK);
	assert_int_not_equal(edited.user_ids[0], first.user_ids[0]);
	assert_false(
		turntest_stored(t, first.session_id, first.user_ids[0]).active);
	assert_false(
		turntest_stored(t, first.session_id, first.reply_id).active);
	assert_int_equal(
		turntest_stored(t, first.session_id, edited.user_ids[0])
			.parent_id,
		0);

	/* The client's id stands for the new text now: sent again, it names the
	 * running reply's own message. */
	assert_int_equal(turntest_place(t, &post, &first), OK);
	assert_int_equal(first.outcome, TURN_REPEATED);
	assert_int_equal(first.reply_id, edited.reply_id);
}

/* The message's id may be as short as possible. An edit whose answer was lost
 * is sent again unchanged. */
static void
an_edit_that_is_sent_again_is_answered_again(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), edited, again;

	list[0] = turntest_user(t, "u", "one, edited");
	post.message_id = span_of("u");
	assert_int_equal(turntest_place(t, &post, &edited), OK);
	assert_int_equal(edited.outcome, TURN_NEW);
	assert_int_not_equal(edited.reply_id, first.reply_id);
	turntest_finish(t, &edited);
	assert_int_equal(turntest_place(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_NEW);
	assert_int_not_equal(again.reply_id, edited.reply_id);
	assert_int_equal(
		turntest_stored(t, again.session_id, again.reply_id).parent_id,
		edited.user_ids[0]);
}

static void
an_edit_further_down_keeps_what_is_above(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), second, edited;
	struct message message;

	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &second), OK);
	turntest_finish(t, &second);
	list[2] = turntest_user(t, "u2", "two, edited");
	post.message_id = span_of("u2");
	assert_int_equal(turntest_place(t, &post, &edited), OK);
	message = turntest_stored(t, edited.session_id, edited.user_ids[0]);
	assert_int_equal(message.parent_id, first.reply_id);
	assert_true(
		turntest_stored(t, first.session_id, first.reply_id).active);
}

static void
a_regenerated_reply_is_a_sibling(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), again;

	post.regenerate = true;
	assert_int_equal(turntest_place(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_NEW);
	assert_int_not_equal(again.reply_id, first.reply_id);
	assert_int_equal(
		turntest_stored(t, first.session_id, again.reply_id).parent_id,
		first.user_ids[0]);
	assert_false(
		turntest_stored(t, first.session_id, first.reply_id).active);
	turntest_assert_asked(
		t, &again, "[{\"role\":\"user\",\"content\":\"one\"}]");
}

static void
going_back_to_a_hidden_branch_shows_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), again, back;

	post.regenerate = true;
	assert_int_equal(turntest_place(t, &post, &again), OK);
	turntest_finish(t, &again);
	post.regenerate = false;
	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &back), OK);
	assert_true(
		turntest_stored(t, first.session_id, first.reply_id).active);
	assert_false(
		turntest_stored(t, first.session_id, again.reply_id).active);
	assert_true(
		turntest_stored(t, first.session_id, first.user_ids[0]).active);
}

static void
a_list_that_ends_with_a_reply_continues_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), more, again;

	list[1] = turntest_listed(t, first.reply_id);
	list[1].parts = turntest_parts(t, "an answer");
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &more), OK);
	assert_int_equal(more.outcome, TURN_NEW);
	assert_true(more.continued);
	assert_int_equal(more.reply_id, first.reply_id);
	assert_string_equal(
		turntest_stored(t, first.session_id, first.reply_id).status,
		"streaming");
	turntest_assert_asked(t, &more,
		"[{\"role\":\"user\",\"content\":\"one\"},"
		"{\"role\":\"assistant\",\"content\":\"an answer\"},"
		"{\"role\":\"user\",\"content\":\"[Your last message was cut off. "
		"Go on exactly where it ends: repeat nothing of it and do not "
		"mention this.]\"}]");

	/* Sent twice: while the reply runs, and after it has grown. */
	assert_int_equal(turntest_place(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_REPEATED);
	assert_int_equal(again.n_user_ids, 0);
	turntest_finish(t, &more);
	list[1].parts = span_of("[]");
	assert_int_equal(turntest_place(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_REPEATED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_starts_a_branch),
		cmocka_unit_test(an_edit_that_is_sent_again_is_answered_again),
		cmocka_unit_test(an_edit_further_down_keeps_what_is_above),
		cmocka_unit_test(a_regenerated_reply_is_a_sibling),
		cmocka_unit_test(going_back_to_a_hidden_branch_shows_it),
		cmocka_unit_test(a_list_that_ends_with_a_reply_continues_it),
	};

	return cmocka_run_group_tests(tests, turntest_open, turntest_close);
}
