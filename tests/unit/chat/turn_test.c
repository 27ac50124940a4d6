/* turn_test.c: placing a posted list into the stored tree. */

#include "chat/prompt.h"
#include "chat/turn.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "base/clock.h"
#include "repo/session.h"
#include "repo/user.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AT_ONCE 8

static struct snowflake *ids;

static int
open_all(void **state)
{
	struct testdb *t;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	return snowflake_open(&t->conf, "turn_test", &ids) == OK ? 0 : -1;
}

static int
close_all(void **state)
{
	snowflake_close(ids);
	return testdb_close(state);
}

static struct span
text_parts(struct testdb *t, const char *text)
{
	return span_of(arena_printf(
		&t->arena, "[{\"type\":\"text\",\"text\":\"%s\"}]", text));
}

static struct turn_message
user_message(struct testdb *t, const char *id, const char *text)
{
	return (struct turn_message){
		.id = span_of(id), .is_user = true, .parts = text_parts(t, text)
	};
}

static struct turn_message
listed_reply(struct testdb *t, uint64_t id)
{
	return (struct turn_message){ .id = span_of(arena_printf(&t->arena,
					      "%llu", (unsigned long long)id)),
		.parts = span_of("[]") };
}

/* A fresh user's post of *n* messages from the chat "c". */
static struct turn_post
post_of(struct testdb *t, const struct turn_message *messages, size_t n)
{
	return (struct turn_post){ .user_id = testdb_user(t),
		.chat_id = span_of("c"),
		.messages = messages,
		.n = n,
		.model = "m" };
}

static enum err
open_turn(struct testdb *t, const struct turn_post *post, struct turn *turn)
{
	return turn_open(t->db, ids, &t->arena, post, turn);
}

static void
finish_reply(struct testdb *t, const struct turn *turn)
{
	const struct message_end end = { .session_id = turn->session_id,
		.id = turn->reply_id,
		.life = { turn->lease, turn->began_ms },
		.status = "complete",
		.parts = text_parts(t, "an answer"),
		.metadata = span_of("{}"),
		.now_ms = clock_wall_ms() };
	bool done;

	assert_int_equal(message_finish(t->db, &end, &done), OK);
	assert_true(done);
}

static struct message
stored(struct testdb *t, uint64_t session_id, uint64_t id)
{
	struct message message;

	assert_int_equal(
		message_find_id(t->db, &t->arena, session_id, id, &message),
		OK);
	return message;
}

static void
a_first_send_makes_a_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(
		t, "u1", "  Hello   world ") };
	struct turn_post post = post_of(t, list, 1);
	struct session session;
	struct message user, reply;
	struct turn turn;

	assert_int_equal(open_turn(t, &post, &turn), OK);
	assert_int_equal(turn.outcome, TURN_NEW);
	assert_int_equal(turn.n_user_ids, 1);
	assert_int_equal(session_find(t->db, &t->arena, post.user_id,
				 turn.session_id, &session),
		OK);
	assert_string_equal(session.title, "Hello world");
	assert_true(session.streaming);
	user = stored(t, turn.session_id, turn.user_ids[0]);
	reply = stored(t, turn.session_id, turn.reply_id);
	assert_true(span_equal(user.parts, list[0].parts));
	assert_int_equal(user.parent_id, 0);
	assert_string_equal(reply.status, "streaming");
	assert_int_equal(reply.parent_id, user.id);
	assert_true(turn.session_id < user.id && user.id < reply.id);
}

static void
a_repeated_send_is_stored_once(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "Hello") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first, second, third;

	assert_int_equal(open_turn(t, &post, &first), OK);
	assert_int_equal(open_turn(t, &post, &second), OK);
	assert_int_equal(second.outcome, TURN_REPEATED);
	assert_int_equal(second.session_id, first.session_id);
	assert_int_equal(second.reply_id, first.reply_id);
	assert_int_equal(second.user_ids[0], first.user_ids[0]);

	finish_reply(t, &first);
	assert_int_equal(open_turn(t, &post, &third), OK);
	assert_int_equal(third.outcome, TURN_REPEATED);
	assert_int_equal(third.reply_id, first.reply_id);
}

static void
the_same_id_with_another_text_is_refused(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "Hello") };
	struct turn_post post = post_of(t, list, 1);
	struct turn turn;

	assert_int_equal(open_turn(t, &post, &turn), OK);
	list[0].parts = text_parts(t, "Something else");
	assert_int_equal(open_turn(t, &post, &turn), ERR_CONFLICT);
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

	racer->err =
		turn_open(db, ids, &racer->arena, &racer->post, &racer->turn);
	db_free(db);
	return NULL;
}

static void
parallel_first_sends_make_one_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "Hello") };
	struct turn_post post = post_of(t, list, 1);
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

/* A session of one question and its stored answer. */
static struct turn
one_turn(struct testdb *t, struct turn_post *post)
{
	struct turn turn;

	assert_int_equal(open_turn(t, post, &turn), OK);
	finish_reply(t, &turn);
	post->session_id = turn.session_id;
	return turn;
}

static void
a_second_send_goes_below_the_reply(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first = one_turn(t, &post), second;

	list[1] = listed_reply(t, first.reply_id);
	list[2] = user_message(t, "u2", "two");
	post.n = 3;
	assert_int_equal(open_turn(t, &post, &second), OK);
	assert_int_equal(second.n_user_ids, 1);
	assert_int_equal(
		stored(t, first.session_id, second.user_ids[0]).parent_id,
		first.reply_id);

	/* The chat's id alone finds the session too. */
	finish_reply(t, &second);
	post.session_id = 0;
	list[2] = user_message(t, "u3", "three");
	assert_int_equal(open_turn(t, &post, &second), OK);
	assert_int_equal(second.session_id, first.session_id);
}

static void
a_client_that_posts_only_its_last_message_appends(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first = one_turn(t, &post), second;

	list[0] = user_message(t, "u2", "two");
	assert_int_equal(open_turn(t, &post, &second), OK);
	assert_int_equal(
		stored(t, first.session_id, second.user_ids[0]).parent_id,
		first.reply_id);
}

static void
a_running_reply_is_stopped_only_by_who_knows_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first, second;

	assert_int_equal(open_turn(t, &post, &first), OK);
	post.session_id = first.session_id;
	list[1] = user_message(t, "u2", "two");
	post.n = 2;
	assert_int_equal(open_turn(t, &post, &second), OK);
	assert_int_equal(second.outcome, TURN_RUNNING);
	assert_int_equal(second.reply_id, first.reply_id);

	post.messages = &list[1];
	post.n = 1;
	assert_int_equal(open_turn(t, &post, &second), ERR_RUNNING);
}

static void
an_edit_starts_a_branch(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first = one_turn(t, &post), edited;

	list[0] = user_message(t, "u1", "one, edited");
	post.message_id = span_of("u1");
	assert_int_equal(open_turn(t, &post, &edited), OK);
	assert_int_not_equal(edited.user_ids[0], first.user_ids[0]);
	assert_false(stored(t, first.session_id, first.user_ids[0]).active);
	assert_false(stored(t, first.session_id, first.reply_id).active);
	assert_int_equal(
		stored(t, first.session_id, edited.user_ids[0]).parent_id, 0);

	/* The client's id stands for the new text now: sent again, it is the
	 * running reply's own message. */
	assert_int_equal(open_turn(t, &post, &first), OK);
	assert_int_equal(first.outcome, TURN_REPEATED);
	assert_int_equal(first.reply_id, edited.reply_id);
}

/* The messages of the request for this turn's reply. */
static void
assert_asked(struct testdb *t, const struct turn *turn, const char *messages)
{
	const struct llm_settings settings = { .model = "m",
		.base_url = "http://model",
		.takes_words = "",
		.system_prompt = "",
		.context_tokens = 4096,
		.context_max = 1 << 20 };
	struct prompt_ask ask = { .session_id = turn->session_id,
		.reply_id = turn->reply_id,
		.steps_max = 5 };
	struct buf body = BUF_INIT;
	struct llm_asked asked;
	struct span sent;

	if (turn->continued)
		ask.parts = turn->parts;
	assert_int_equal(
		prompt_write(t->db, &t->arena, &settings, &ask, &body, &asked),
		OK);
	sent = json_raw_get(buf_span(&body), "messages");
	assert_string_equal(
		arena_str(&t->arena, sent.data, sent.len), messages);
	buf_free(&body);
}

static void
a_regenerated_reply_is_a_sibling(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first = one_turn(t, &post), again;

	post.regenerate = true;
	assert_int_equal(open_turn(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_NEW);
	assert_int_not_equal(again.reply_id, first.reply_id);
	assert_int_equal(stored(t, first.session_id, again.reply_id).parent_id,
		first.user_ids[0]);
	assert_false(stored(t, first.session_id, first.reply_id).active);
	assert_asked(t, &again, "[{\"role\":\"user\",\"content\":\"one\"}]");
}

static void
going_back_to_a_hidden_branch_shows_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first = one_turn(t, &post), again, back;

	post.regenerate = true;
	assert_int_equal(open_turn(t, &post, &again), OK);
	finish_reply(t, &again);
	post.regenerate = false;
	list[1] = listed_reply(t, first.reply_id);
	list[2] = user_message(t, "u2", "two");
	post.n = 3;
	assert_int_equal(open_turn(t, &post, &back), OK);
	assert_true(stored(t, first.session_id, first.reply_id).active);
	assert_false(stored(t, first.session_id, again.reply_id).active);
	assert_true(stored(t, first.session_id, first.user_ids[0]).active);
}

static void
a_list_that_ends_with_a_reply_continues_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn first = one_turn(t, &post), more, again;

	list[1] = listed_reply(t, first.reply_id);
	list[1].parts = text_parts(t, "an answer");
	post.n = 2;
	assert_int_equal(open_turn(t, &post, &more), OK);
	assert_int_equal(more.outcome, TURN_NEW);
	assert_true(more.continued);
	assert_int_equal(more.reply_id, first.reply_id);
	assert_string_equal(stored(t, first.session_id, first.reply_id).status,
		"streaming");
	assert_asked(t, &more,
		"[{\"role\":\"user\",\"content\":\"one\"},"
		"{\"role\":\"assistant\",\"content\":\"an answer\"},"
		"{\"role\":\"user\",\"content\":\"[Your last message was cut off. "
		"Go on exactly where it ends: repeat nothing of it and do not "
		"mention this.]\"}]");

	/* Sent twice, while it runs and after it has gone on. */
	assert_int_equal(open_turn(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_REPEATED);
	finish_reply(t, &more);
	list[1].parts = span_of("[]");
	assert_int_equal(open_turn(t, &post, &again), OK);
	assert_int_equal(again.outcome, TURN_REPEATED);
}

static void
a_new_session_stores_the_list_as_given(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "one"),
		{ .id = span_of("a1"), .parts = span_of("[]") },
		user_message(t, "u2", "two") };
	struct turn_post post = post_of(t, list, 3);
	struct turn turn;

	assert_int_equal(open_turn(t, &post, &turn), OK);
	assert_int_equal(turn.n_user_ids, 2);
	/* The reply in between has no words: nobody takes such a message. */
	assert_asked(
		t, &turn, "[{\"role\":\"user\",\"content\":\"one\\n\\ntwo\"}]");
}

static void
a_stranger_finds_nothing(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "one") };
	struct turn_post post = post_of(t, list, 1);
	struct turn turn;

	one_turn(t, &post);
	post.user_id = testdb_user(t);
	assert_int_equal(open_turn(t, &post, &turn), ERR_NOT_FOUND);
	post.session_id = testdb_id();
	assert_int_equal(open_turn(t, &post, &turn), ERR_NOT_FOUND);
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
	title = turn_title(&t->arena, text_parts(t, buf_str(&text)));
	assert_int_equal(title.len, 50 * strlen(family) + strlen("…"));
	buf_free(&text);

	title = turn_title(
		&t->arena, text_parts(t, "a\\u0000b\\n\\n c\\ud83d"));
	assert_string_equal(
		title.data, "a b c\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
	title = turn_title(&t->arena,
		span_of("[{\"type\":\"file\","
			"\"filename\":\"cat.png\"}]"));
	assert_string_equal(title.data, "cat.png");
	title = turn_title(&t->arena, span_of("[]"));
	assert_string_equal(title.data, "New session");
}

/* A send that was let in before its user was deleted, or disabled. */
static void
nobody_gets_a_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { user_message(t, "u1", "hello") };
	struct turn_post post = post_of(t, list, 1);
	struct turn turn;

	assert_int_equal(
		user_set_disabled(t->db, post.user_id, 1000, 1000), OK);
	assert_int_equal(open_turn(t, &post, &turn), ERR_DENIED);
	assert_int_equal(user_delete(t->db, post.user_id), OK);
	assert_int_equal(open_turn(t, &post, &turn), ERR_DENIED);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM session WHERE user_id = "
				 "?",
				 post.user_id),
		0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_first_send_makes_a_session),
		cmocka_unit_test(nobody_gets_a_session),
		cmocka_unit_test(a_repeated_send_is_stored_once),
		cmocka_unit_test(the_same_id_with_another_text_is_refused),
		cmocka_unit_test(parallel_first_sends_make_one_session),
		cmocka_unit_test(a_second_send_goes_below_the_reply),
		cmocka_unit_test(
			a_client_that_posts_only_its_last_message_appends),
		cmocka_unit_test(
			a_running_reply_is_stopped_only_by_who_knows_it),
		cmocka_unit_test(an_edit_starts_a_branch),
		cmocka_unit_test(a_regenerated_reply_is_a_sibling),
		cmocka_unit_test(going_back_to_a_hidden_branch_shows_it),
		cmocka_unit_test(a_list_that_ends_with_a_reply_continues_it),
		cmocka_unit_test(a_new_session_stores_the_list_as_given),
		cmocka_unit_test(a_stranger_finds_nothing),
		cmocka_unit_test(titles_are_whole_characters),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
