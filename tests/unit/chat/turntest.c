#include "turntest.h"

#include "../unit.h"
#include "base/clock.h"
#include "chat/prompt.h"
#include "testmodel.h"

#include <stdlib.h>

struct snowflake *turntest_ids;

int
turntest_open(void **state)
{
	struct testdb *t;

	if (testdb_open(state) != 0)
		return -1;
	t = *state;
	return snowflake_open(&t->conf, "turn_test", &turntest_ids) == OK ? 0
									  : -1;
}

int
turntest_close(void **state)
{
	snowflake_close(turntest_ids);
	return testdb_close(state);
}

struct span
turntest_parts(struct testdb *t, const char *text)
{
	return span_of(arena_printf(
		&t->arena, "[{\"type\":\"text\",\"text\":\"%s\"}]", text));
}

struct turn_message
turntest_user(struct testdb *t, const char *id, const char *text)
{
	return (struct turn_message){ .id = span_of(id),
		.is_user = true,
		.parts = turntest_parts(t, text) };
}

struct turn_message
turntest_listed(struct testdb *t, uint64_t id)
{
	return (struct turn_message){ .id = span_of(arena_printf(&t->arena,
					      "%llu", (unsigned long long)id)),
		.parts = span_of("[]") };
}

/* A new user's post of *n* messages from the chat "c". */
struct turn_post
turntest_post(struct testdb *t, const struct turn_message *messages, size_t n)
{
	return (struct turn_post){ .user_id = testdb_user(t),
		.chat_id = span_of("c"),
		.messages = messages,
		.n = n,
		.models = testmodels(&t->conf) };
}

enum err
turntest_place(
	struct testdb *t, const struct turn_post *post, struct turn *turn)
{
	return turn_open(t->db, turntest_ids, &t->arena, post, turn);
}

void
turntest_finish(struct testdb *t, const struct turn *turn)
{
	const struct message_end end = { .session_id = turn->session_id,
		.id = turn->reply_id,
		.life = { turn->lease, turn->began_ms },
		.status = "complete",
		.parts = turntest_parts(t, "an answer"),
		.metadata = span_of("{}"),
		.now_ms = clock_wall_ms() };
	bool done;

	assert_int_equal(message_finish(t->db, &end, &done), OK);
	assert_true(done);
}

struct message
turntest_stored(struct testdb *t, uint64_t session_id, uint64_t id)
{
	struct message message;

	assert_int_equal(
		message_find_id(t->db, &t->arena, session_id, id, &message),
		OK);
	return message;
}

/* Creates a session with one question and its stored answer. */
struct turn
turntest_one(struct testdb *t, struct turn_post *post)
{
	struct turn turn;

	assert_int_equal(turntest_place(t, post, &turn), OK);
	turntest_finish(t, &turn);
	post->session_id = turn.session_id;
	return turn;
}

void
turntest_assert_asked(
	struct testdb *t, const struct turn *turn, const char *messages)
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
