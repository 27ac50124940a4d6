/* turn_stored_test.c: what a turn writes, and what it leaves alone. */

#include "chat/turn.h"

#include "../unit.h"
#include "repo/delta.h"
#include "repo/stop_request.h"
#include "tool/set.h"
#include "turntest.h"
#include "wire/made_id.h"
#include "json/json.h"

#include <string.h>

static bool
has(struct span text, const char *part)
{
	return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

static uint64_t
bytes_of(struct testdb *t, uint64_t session_id)
{
	return testdb_number(
		t, "SELECT bytes FROM session WHERE id = ?", session_id);
}

/* The size of a user message without metadata. */
static uint64_t
size_of(const struct turn_message *message)
{
	return message->parts.len + BUDGET_ROW_BYTES;
}

/* ---- messages */

static struct turn_message
reply_of(const char *id, const char *parts)
{
	return (struct turn_message){ .id = span_of(id),
		.parts = span_of(parts) };
}

#define SIGNED                                                       \
	"{\"type\":\"text\",\"text\":\"said\",\"providerMetadata\":" \
	"{\"google\":{\"model\":\"m\",\"thoughtSignature\":\"secret\"}}}"
#define OURS                                                              \
	"{\"type\":\"tool-current_time\",\"toolCallId\":\"c\",\"state\":" \
	"\"output-available\",\"input\":{},\"output\":\"noon\"}"

/* Its claims about the server's tools and about the model are not believed. */
static void
a_posted_reply_is_never_taken_for_one_made_here(void **state)
{
	struct testdb *t = *state;
	struct llm_settings settings = { 0 };
	struct tool_set tools;
	struct turn_message list[] = { turntest_user(t, "u1", "one"),
		reply_of("", "[" SIGNED "," OURS "]"),
		turntest_user(t, "u2", "two") };
	struct turn_post post = turntest_post(t, list, 3);
	struct message reply;
	struct turn turn;

	t->conf.tools.time = CONF_ON;
	assert_int_equal(
		tool_set_load(&t->arena, &t->conf, &settings, &tools), OK);
	post.tools = &tools;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	reply = turntest_stored(t, turn.session_id,
		turntest_stored(t, turn.session_id, turn.user_ids[1])
			.parent_id);
	assert_false(reply.is_user);
	assert_false(message_is_made(&reply));
	assert_int_equal(reply.client_id.len, MADE_ID_LEN - 1);
	assert_true(has(reply.parts, "said"));
	assert_false(has(reply.parts, "secret"));
	assert_false(has(reply.parts, "noon"));
}

/* The id may be as short as possible. */
static void
a_posted_message_keeps_the_id_that_its_client_gave_it(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u", "one"),
		reply_of("a", "[]"), turntest_user(t, "v", "two") };
	struct turn_post post = turntest_post(t, list, 3);
	struct message user, reply;
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	user = turntest_stored(t, turn.session_id, turn.user_ids[1]);
	reply = turntest_stored(t, turn.session_id, user.parent_id);
	assert_true(span_is(user.client_id, "v"));
	assert_true(span_is(reply.client_id, "a"));
}

static void
a_reply_that_the_session_does_not_have_is_left_out(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), second;

	list[1] = reply_of("a1", "[]");
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &second), OK);
	assert_int_equal(
		turntest_stored(t, first.session_id, second.user_ids[0])
			.parent_id,
		first.user_ids[0]);
}

static void
what_is_said_is_noted_for_the_search(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM search_pending"
				 " WHERE message_id = ?",
				 turn.user_ids[0]),
		1);
}

/* ---- the reply */

static void
a_reply_says_who_is_asked_and_how(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct span metadata;
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	metadata = turntest_stored(t, turn.session_id, turn.reply_id).metadata;
	assert_int_equal(json_check(metadata, JSON_DEPTH_MAX), OK);
	assert_non_null(json_raw_get(metadata, "createTime").data);
	assert_true(span_is(json_raw_get(metadata, "model"), "\"m\""));
	assert_null(json_raw_get(metadata, LLM_STYLE_MEMBER).data);

	turntest_finish(t, &turn);
	post.regenerate = true;
	post.style = LLM_STYLE_SHORTER;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	metadata = turntest_stored(t, turn.session_id, turn.reply_id).metadata;
	assert_true(span_is(
		json_raw_get(metadata, LLM_STYLE_MEMBER), "\"shorter\""));
}

/* ---- the session */

static void
a_session_counts_the_bytes_of_all_its_messages(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[5] = { turntest_user(t, "u1", "one"),
		reply_of("a1", "[]"), turntest_user(t, "u2", "two") };
	struct turn_post post = turntest_post(t, list, 3);
	struct turn turn = turntest_one(t, &post);
	uint64_t bytes =
		size_of(&list[0]) + size_of(&list[1]) + size_of(&list[2]);

	assert_int_equal(bytes_of(t, turn.session_id), bytes);
	list[3] = turntest_user(t, "u3", "three");
	list[4] = turntest_user(t, "u4", "four");
	post.n = 5;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	bytes += size_of(&list[3]) + size_of(&list[4]);
	assert_int_equal(bytes_of(t, turn.session_id), bytes);
}

/* The end of the reply counts it again. */
static void
a_reply_that_goes_on_is_not_counted_meanwhile(void **state)
{
	static const char BYTES[] =
		"UPDATE session SET bytes = 100000 WHERE id = ?";
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn = turntest_one(t, &post);
	struct message reply;

	assert_int_equal(
		db_exec(t->db, BYTES, PARAMS(U64(turn.session_id))), OK);
	reply = turntest_stored(t, turn.session_id, turn.reply_id);
	list[1] = turntest_listed(t, turn.reply_id);
	list[1].parts = reply.parts;
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_true(turn.continued);
	assert_true(reply.metadata.len > 0);
	assert_int_equal(bytes_of(t, turn.session_id),
		100000 - reply.parts.len - reply.metadata.len -
			BUDGET_ROW_BYTES);
}

static uint64_t
is_branched(struct testdb *t, uint64_t session_id)
{
	return testdb_number(
		t, "SELECT branched FROM session WHERE id = ?", session_id);
}

static void
a_session_with_siblings_is_marked(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[3] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn = turntest_one(t, &post);

	list[1] = turntest_listed(t, turn.reply_id);
	list[2] = turntest_user(t, "u2", "two");
	post.n = 3;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	turntest_finish(t, &turn);
	assert_int_equal(is_branched(t, turn.session_id), 0);
	post.regenerate = true;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(is_branched(t, turn.session_id), 1);
}

/* A process with a fast clock has made the newest id. */
static void
ids_rise_above_the_newest_of_the_session(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn = turntest_one(t, &post);
	struct message ahead = { .parent_id = turn.reply_id,
		.is_user = true,
		.active = true,
		.status = STATUS_COMPLETE,
		.client_id = span_of("u2"),
		.parts = turntest_parts(t, "two"),
		.create_ms = turn.create_ms };

	assert_int_equal(snowflake_next(turntest_ids, 0, &ahead.id), OK);
	ahead.id += UINT64_C(300) << 22; /* milliseconds */
	assert_int_equal(message_insert(t->db, turn.session_id, &ahead), OK);
	list[0] = turntest_user(t, "u2", "two");
	list[1] = turntest_user(t, "u3", "three");
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_true(turn.user_ids[0] > ahead.id);
}

/* ---- a continued reply */

#define CALL(state)                                                      \
	"[{\"type\":\"tool-pick\",\"toolCallId\":\"c\",\"state\":" state \
	",\"input\":{}"

static void
end_with(struct testdb *t, const struct turn *turn, const char *parts)
{
	const struct message_end end = { .session_id = turn->session_id,
		.id = turn->reply_id,
		.life = { turn->lease, turn->began_ms },
		.status = STATUS_COMPLETE,
		.parts = span_of(parts),
		.metadata = span_of("{}"),
		.now_ms = turn->create_ms };
	bool done;

	assert_int_equal(message_finish(t->db, &end, &done), OK);
	assert_true(done);
}

static void
a_reply_goes_on_with_what_was_answered(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn;

	assert_int_equal(turntest_place(t, &post, &turn), OK);
	end_with(t, &turn, CALL("\"input-available\"") "}]");
	list[1] = turntest_listed(t, turn.reply_id);
	list[1].parts =
		span_of(CALL("\"output-available\"") ",\"output\":\"blue\"}]");
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_true(has(turn.parts, "blue"));
	assert_true(
		has(turntest_stored(t, turn.session_id, turn.reply_id).parts,
			"blue"));
}

static void
a_hidden_reply_that_goes_on_is_shown(void **state)
{
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn first = turntest_one(t, &post), turn;

	post.regenerate = true;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	turntest_finish(t, &turn);
	post.regenerate = false;
	list[1] = turntest_listed(t, first.reply_id);
	list[1].parts = turntest_parts(t, "an answer");
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_int_equal(turn.reply_id, first.reply_id);
	assert_true(turntest_stored(t, turn.session_id, first.reply_id).active);
}

/* The stop request and the journal belong to the earlier life. */
static void
a_reply_goes_on_without_what_was_left_of_it(void **state)
{
	static const char STOPS[] =
		"SELECT COUNT(*) FROM stop_request WHERE message_id = ?";
	static const char ROWS[] =
		"SELECT COUNT(*) FROM message_delta WHERE message_id = ?";
	static const char LEFT[] = "INSERT INTO message_delta"
				   " (message_id, seq, body) VALUES (?, 0, '')";
	struct testdb *t = *state;
	struct turn_message list[2] = { turntest_user(t, "u1", "one") };
	struct turn_post post = turntest_post(t, list, 1);
	struct turn turn = turntest_one(t, &post);

	assert_int_equal(
		stop_request_put(t->db, turn.reply_id, turn.lease), OK);
	assert_int_equal(db_exec(t->db, LEFT, PARAMS(U64(turn.reply_id))), OK);
	list[1] = turntest_listed(t, turn.reply_id);
	list[1].parts = turntest_parts(t, "an answer");
	post.n = 2;
	assert_int_equal(turntest_place(t, &post, &turn), OK);
	assert_true(turn.continued);
	assert_int_equal(testdb_number(t, STOPS, turn.reply_id), 0);
	assert_int_equal(testdb_number(t, ROWS, turn.reply_id), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_posted_reply_is_never_taken_for_one_made_here),
		cmocka_unit_test(
			a_posted_message_keeps_the_id_that_its_client_gave_it),
		cmocka_unit_test(
			a_reply_that_the_session_does_not_have_is_left_out),
		cmocka_unit_test(what_is_said_is_noted_for_the_search),
		cmocka_unit_test(a_reply_says_who_is_asked_and_how),
		cmocka_unit_test(
			a_session_counts_the_bytes_of_all_its_messages),
		cmocka_unit_test(a_reply_that_goes_on_is_not_counted_meanwhile),
		cmocka_unit_test(a_session_with_siblings_is_marked),
		cmocka_unit_test(ids_rise_above_the_newest_of_the_session),
		cmocka_unit_test(a_reply_goes_on_with_what_was_answered),
		cmocka_unit_test(a_hidden_reply_that_goes_on_is_shown),
		cmocka_unit_test(a_reply_goes_on_without_what_was_left_of_it),
	};

	return cmocka_run_group_tests(tests, turntest_open, turntest_close);
}
