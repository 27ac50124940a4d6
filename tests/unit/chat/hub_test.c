/* hub_test.c: readers that come at various moments of a stream's life. There is
 * no model: a stream ends as soon as it has begun, and its end is stored. */

#include "chat/hub.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "chat/turn.h"
#include "plain_framing.h"
#include "testmodel.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct stage {
	struct testdb *t;
	struct snowflake *ids;
	struct llm_model *model;
	struct tool_set tools;
	struct hub *hub;
} stage;

static int
open_all(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	stage.t = *state;
	stage.model = testmodel_open(&stage.t->conf, 1 << 20);
	if (snowflake_open(&stage.t->conf, "hub_test", &stage.ids) != OK)
		return -1;
	return hub_open(&stage.t->conf, &stage.tools, stage.ids, &plain_framing,
		       &stage.hub) == OK
		? 0
		: -1;
}

static int
close_all(void **state)
{
	hub_close(stage.hub);
	llm_model_release(stage.model);
	snowflake_close(stage.ids);
	return testdb_close(state);
}

/* The two ends of a reader's connection: one for the hub, one for the test. */
static struct peer
new_peer(int *mine)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	*mine = fds[0];
	return (struct peer){ .fd = fds[1] };
}

/* Everything that a reader is sent until its connection closes. */
static const char *
read_all(int fd)
{
	struct buf text = BUF_INIT;
	const char *copy;
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_append(&text, bytes, (size_t)n);
	close(fd);
	copy = arena_str(&stage.t->arena, buf_str(&text), text.len);
	buf_free(&text);
	return copy;
}

static void
open_turn(struct turn *turn)
{
	const struct turn_message message = { .id = span_of("u"),
		.is_user = true,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	const struct turn_post post = { .user_id = testdb_user(stage.t),
		.messages = &message,
		.n = 1,
		.models = testmodels(&stage.t->conf) };

	assert_int_equal(
		turn_open(stage.t->db, stage.ids, &stage.t->arena, &post, turn),
		OK);
}

static struct hub_start
start_of(const struct turn *turn, struct peer peer)
{
	return (struct hub_start){ .session_id = turn->session_id,
		.model = llm_model_hold(stage.model),
		.message_id = turn->reply_id,
		.lease = turn->lease,
		.began_ms = turn->began_ms,
		.create_ms = turn->create_ms,
		.parts = turn->parts,
		.metadata = turn->metadata,
		.fault = LLM_NO_MODEL,
		.peer = peer,
		.preamble = span_of("hello ") };
}

static void
assert_whole(const char *text, const char *why)
{
	if (strncmp(text, "hello ", 6) != 0 ||
		strstr(text, "\"type\":\"start\"") == NULL ||
		strstr(text, "\"status\":\"error\"") == NULL ||
		strstr(text, "[DONE]\n\n<end>") == NULL)
		fail_msg("%s: \"%s\"", why, text);
}

/* Both are submitted before the loop runs: the second finds a stream that has
 * ended and is not stored, or is stored, or has not begun. */
static void
a_reader_who_looked_before_the_start_gets_the_whole_reply(void **state)
{
	(void)state;
	for (int i = 0; i < 50; i++) {
		struct hub_start start, late;
		struct turn turn = { 0 };
		int first, second;

		open_turn(&turn);
		start = start_of(&turn, new_peer(&first));
		late = start_of(&turn, new_peer(&second));
		hub_start(stage.hub, &start);
		hub_follow_remote(stage.hub, &late);
		assert_whole(read_all(first), "first");
		assert_whole(read_all(second), "late");
	}
}

static void
a_reader_who_follows_remotely_is_handed_over_at_the_start(void **state)
{
	struct hub_start start, early;
	struct turn turn = { 0 };
	int first, second;

	(void)state;
	open_turn(&turn);
	early = start_of(&turn, new_peer(&second));
	start = start_of(&turn, new_peer(&first));
	hub_follow_remote(stage.hub, &early);
	hub_start(stage.hub, &start);
	assert_whole(read_all(first), "first");
	assert_whole(read_all(second), "early");
}

static void
an_ended_reply_is_not_followed(void **state)
{
	struct hub_start start;
	struct turn turn = { 0 };
	struct peer peer;
	int first, second;

	(void)state;
	open_turn(&turn);
	start = start_of(&turn, new_peer(&first));
	hub_start(stage.hub, &start);
	assert_whole(read_all(first), "first");
	peer = new_peer(&second);
	assert_false(
		hub_follow(stage.hub, turn.reply_id, peer, span_of("hello ")));
	assert_int_equal(
		hub_stop(stage.hub, turn.reply_id, 1000), ERR_NOT_FOUND);
	close(peer.fd);
	close(second);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_reader_who_looked_before_the_start_gets_the_whole_reply),
		cmocka_unit_test(
			a_reader_who_follows_remotely_is_handed_over_at_the_start),
		cmocka_unit_test(an_ended_reply_is_not_followed),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
