/* turn_test.c: placing a posted list into the stored tree. */

#include "chat/turn.h"

#include "../unit.h"
#include "base/buf.h"
#include "repo/session.h"
#include "turntest.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 8

static void
a_first_send_makes_a_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(
		t, "u1", "  Hello   world ") };
	struct turn_post post = turntest_post(t, list, 1);
	struct session session;
	struct message user, reply;
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.outcome, TURN_NEW);
	assert_int_equal(turn.n_user_ids, 1);
	assert_int_equal(session_find(t->db, &t->arena, post.user_id,
				 turn.session_id, &session),
		OK);
	assert_string_equal(session.title, "Hello world");
	assert_true(session.streaming);
	user = turntest_stored(t, turn.session_id, turn.user_ids[0]);
	reply = turntest_stored(t, turn.session_id, turn.reply_id);
	assert_true(span_equal(user.parts, list[0].parts));
	assert_int_equal(user.parent_id, 0);
	assert_string_equal(reply.status, "streaming");
	assert_int_equal(reply.parent_id, user.id);
	assert_true(turn.session_id < user.id && user.id < reply.id);
	/* The prompt need not read anything else. */
	assert_true(span_equal(turn.question, list[0].parts));
}

static void
a_repeated_send_is_stored_once(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "Hello") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first, second, third;

	assert_int_equal(turntest_place(t, &post, &first), OK);
	assert_int_equal(turntest_place(t, &post, &second), OK);
	assert_int_equal(second.outcome, TURN_REPEATED);
	assert_int_equal(second.session_id, first.session_id);
	assert_int_equal(second.reply_id, first.reply_id);
	assert_int_equal(second.user_ids[0], first.user_ids[0]);

	turntest_finish(t, &first);
	assert_int_equal(turntest_place(t, &post, &third), OK);
	assert_int_equal(third.outcome, TURN_REPEATED);
	assert_int_equal(third.reply_id, first.reply_id);
}

static void
the_same_id_with_another_text_is_refused(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "Hello") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	list[0].parts = turntest_parts(t, "Something else");
	assert_int_equal(turntest_place(t, &post, &turn), ERR_CONFLICT);
	assert_string_equal(turn.code, "message_conflict");
}

struct racer {
	struct testdb *t;
	struct turn_post post;
	struct turn turn;
	struct arena arena;
	enum err err;
	pthread_t thread;
};

static void *
race(void *arg)
{
	struct racer *racer = arg;
	struct db *db = db_new(&racer->t->conf.db);

	racer->err = turn_open(
		db, turntest_ids, &racer->arena, &racer->post, &racer->turn);
	db_free(db);
	return NULL;
}

static void
parallel_first_sends_make_one_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "Hello") };
	struct turn_post post = turntest_post(t, list, 1);
	struct racer racers[AT_ONCE] = { 0 };
	int n_new = 0;

	for (int i = 0; i < AT_ONCE; i++) {
		racers[i].t = t;
		racers[i].post = post;
		assert_int_equal(pthread_create(&racers[i].thread, NULL, race,
					 &racers[i]),
			0);
	}
	for (int i = 0; i < AT_ONCE; i++) {
		pthread_join(racers[i].thread, NULL);
		assert_int_equal(racers[i].err, OK);
		assert_int_equal(
			racers[i].turn.reply_id, racers[0].turn.reply_id);
		n_new += racers[i].turn.outcome == TURN_NEW;
		arena_reset(&racers[i].arena);
	}
	assert_int_equal(n_new, 1);
}

static void
a_second_send_goes_below_the_reply(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), second;

	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &second), OK);
	assert_int_equal(second.n_user_ids, 1);
	assert_int_equal(
		turntest_stored(t, first.session_id, second.user_ids[0])
			.parent_id,
		first.reply_id);

	/* The chat's id alone also finds the session. */
	turntest_finish(t, &second);
	post.session_id = 0;
	list[2] = turntest_user(t, "u3", "three");
	assert_int_equal(turntest_place(t, &post, &second), OK);
	assert_int_equal(second.session_id, first.session_id);
}

static void
a_client_that_posts_only_its_last_message_appends(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), second;

	list[0] = turntest_user(t, "u2", "two");
	assert_int_equal(turntest_place(t, &post, &second), OK);
	assert_int_equal(
		turntest_stored(t, first.session_id, second.user_ids[0])
			.parent_id,
		first.reply_id);
}

static void
only_a_client_that_knows_a_running_reply_stops_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first, second;

	assert_int_equal(turntest_place(t, &post, &first), OK);
	post.session_id = first.session_id;
	list[1] = turntest_user(t, "u2", "two");
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &second), OK);
	assert_int_equal(second.outcome, TURN_RUNNING);
	assert_int_equal(second.reply_id, first.reply_id);
	assert_int_equal(second.n_user_ids, 1);

	post.messages = &list[1];
	post.n = 1;
	assert_int_equal(turntest_place(t, &post, &second), ERR_RUNNING);
}

/* Another window of the same chat has asked something else. */
static void
a_client_with_an_older_list_does_not_stop_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[4] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), second, other;

	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &second), OK);
	list[2] = turntest_user(t, "u3", "three");
	assert_int_equal(turntest_place(t, &post, &other), ERR_RUNNING);

	/* A client that knows the reply itself does stop it, */
	list[2] = turntest_listed(t, second.reply_id);
	list[3] = turntest_user(t, "u3", "three");
	post.n = 4;
	assert_int_equal(turntest_place(t, &post, &other), OK);
	assert_int_equal(other.outcome, TURN_RUNNING);
	assert_int_equal(other.reply_id, second.reply_id);

	/* and one that repeats a question answered before gets that answer. */
	post.n = 1;
	assert_int_equal(turntest_place(t, &post, &other), OK);
	assert_int_equal(other.outcome, TURN_REPEATED);
	assert_int_equal(other.reply_id, first.reply_id);
}

static void
a_new_session_stores_the_list_as_given(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one"),
		{ .id = span_of("a1"), .parts = span_of("[]") },
		turntest_user(t, "u2", "two") };
	struct turn_post post = turntest_post(t, list, 3);
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.n_user_ids, 2);
	/* The reply in between has no text, and no model accepts an empty
	 * message. */
	turntest_assert_asked(
		t, &turn, "[{\"role\":\"user\",\"content\":\"one\\n\\ntwo\"}]");
}

static void
a_session_without_messages_takes_its_first(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn;

	post.chat_id = (struct span){ NULL, 0 };
	post.session_id = testdb_session(t, post.user_id, 1750000000000);
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.session_id, post.session_id);
	assert_int_equal(
		turntest_stored(t, turn.session_id, turn.user_ids[0]).parent_id,
		0);
}

/* An existing session also counts. */
static void
a_budget_counts_every_turn(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first, second;

	post.budget.of[BUDGET_MESSAGES] = 1;
	first = turntest_one(t, &post);
	list[1] = turntest_listed(t, first.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &second), ERR_THROTTLED);
	assert_string_equal(second.code, "messages_used_up");
	assert_int_equal(second.spent, BUDGET_MESSAGES);
	post.budget.of[BUDGET_MESSAGES] = 2;
	assert_int_equal(turntest_place(t, &post, &second), OK);
}

static void
another_user_finds_nothing(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn;

	turntest_one(t, &post);
	post.user_id = testdb_user(t);
	assert_int_equal(turntest_place(t, &post, &turn), ERR_NOT_FOUND);
	post.session_id = testdb_id();
	assert_int_equal(turntest_place(t, &post, &turn), ERR_NOT_FOUND);
}

static void
titles_are_whole_characters(void **state)
{
	static const char family[] =
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7";
	struct testdb *t = *state;
	struct buf text = BUF_INIT;
	struct span title;

	for (int i = 0; i < 60; i++)
		buf_puts(&text, family);
	title = turn_title(&t->arena, turntest_parts(t, buf_str(&text)));
	assert_int_equal(title.len, 50 * strlen(family) + strlen("…"));
	buf_free(&text);

	title = turn_title(
		&t->arena, turntest_parts(t, "a\\u0000b\\n\\n c\\ud83d"));
	assert_string_equal(
		title.data, "a b c\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	title = turn_title(&t->arena,
		span_of("[{\"type\":\"file\","
			"\"filename\":\"cat.png\"}]"));
	assert_string_equal(title.data, "cat.png");
	title = turn_title(&t->arena, span_of("[]"));
	assert_string_equal(title.data, "New session");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_send_makes_a_session),
		cmocka_unit_test(a_repeated_send_is_stored_once),
		cmocka_unit_test(the_same_id_with_another_text_is_refused),
		cmocka_unit_test(parallel_first_sends_make_one_session),
		cmocka_unit_test(a_second_send_goes_below_the_reply),
		cmocka_unit_test(a_new_session_stores_the_list_as_given),
		cmocka_unit_test(a_session_without_messages_takes_its_first),
		cmocka_unit_test(a_budget_counts_every_turn),
		cmocka_unit_test(another_user_finds_nothing),
		cmocka_unit_test(titles_are_whole_characters),
		cmocka_unit_test(
			a_client_that_posts_only_its_last_message_appends),
		cmocka_unit_test(
			only_a_client_that_knows_a_running_reply_stops_it),
		cmocka_unit_test(a_client_with_an_older_list_does_not_stop_it),
	};

	return cmocka_run_group_tests(tests, turntest_open, turntest_close);
}
