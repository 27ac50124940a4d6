/* running_test.c: requests for a reply that runs here, runs elsewhere, or has
 * ended. There is no model: what begins ends at once, and is stored. */

#include "chat/running.h"

#include "../repo/testdb.h"
#include "../unit.h"
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
	if (snowflake_open(&stage.t->conf, "running_test", &stage.ids) != OK)
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

static struct peer
new_peer(int *mine)
{
	int fds[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	*mine = fds[0];
	return (struct peer){ .fd = fds[1] };
}

/* Whether the end of a stream arrives. */
static bool
is_told_the_end(int fd)
{
	struct buf text = BUF_INIT;
	char bytes[4096];
	ssize_t n;
	bool told;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_append(&text, bytes, (size_t)n);
	close(fd);
	told = strstr(buf_str(&text), "[DONE]\n\n<end>") != NULL;
	buf_free(&text);
	return told;
}

static struct turn
open_turn(void)
{
	const struct turn_message message = { .id = span_of("u"),
		.is_user = true,
		.parts = span_of("[{\"type\":\"text\",\"text\":\"hi\"}]") };
	const struct turn_post post = { .user_id = testdb_user(stage.t),
		.messages = &message,
		.n = 1,
		.models = testmodels(&stage.t->conf) };
	struct turn turn = { 0 };

	assert_int_equal(running_replace(stage.hub, stage.t->db, stage.ids,
				 &stage.t->arena, &post, &turn),
		OK);
	return turn;
}

static void
start(const struct turn *turn, struct peer peer)
{
	struct hub_start start = { .session_id = turn->session_id,
		.model = llm_model_hold(stage.model),
		.message_id = turn->reply_id,
		.lease = turn->lease,
		.began_ms = turn->began_ms,
		.create_ms = turn->create_ms,
		.fault = LLM_NO_MODEL,
		.peer = peer,
		.preamble = span_of("hello ") };

	hub_start(stage.hub, &start);
}

static struct running_reader
reader_of(const struct turn *turn, int *mine)
{
	return (struct running_reader){ .session_id = turn->session_id,
		.reply_id = turn->reply_id,
		.peer = new_peer(mine),
		.preamble = span_of("hello ") };
}

/* ---- counting the queries */

static void
read_count(struct row *row, void *out)
{
	(void)row_str(row);
	*(uint64_t *)out = strtoull(row_str(row), NULL, 10);
}

static uint64_t
executed(struct db *db)
{
	struct arena arena = ARENA_INIT;
	uint64_t n;

	assert_int_equal(db_one(db, &arena,
				 "SHOW SESSION STATUS LIKE 'Com_stmt_execute'",
				 NO_PARAMS, read_count, &n),
		OK);
	arena_reset(&arena);
	return n;
}

struct late {
	struct running_reader reader;
	struct message stored;
	uint64_t n;
	bool followed;
};

/* Runs in a transaction, which keeps the connection that counts. */
static enum err
come_late(struct db *db, void *arg)
{
	struct late *late = arg;
	uint64_t before = executed(db);

	TRY(running_follow(stage.hub, db, &stage.t->arena, &late->reader,
		&late->stored, &late->followed));
	late->n = executed(db) - before - 1;
	return OK;
}

/* ---- the cases */

static void
a_late_reader_costs_one_read(void **state)
{
	struct turn turn = open_turn();
	struct late late = { 0 };
	int first, mine;

	(void)state;
	start(&turn, new_peer(&first));
	assert_true(is_told_the_end(first));
	late.reader = reader_of(&turn, &mine);
	assert_int_equal(db_transaction(stage.t->db, come_late, &late), OK);
	assert_false(late.followed);
	assert_string_equal(late.stored.status, "error");
	assert_int_equal(late.n, 1);
	/* The caller still owns the connection. */
	assert_int_equal(write(late.reader.peer.fd, "x", 1), 1);
	close(late.reader.peer.fd);
	close(mine);
}

static void
a_reply_of_another_process_is_followed_by_its_journal(void **state)
{
	struct turn turn = open_turn();
	struct running_reader reader;
	struct message stored;
	bool followed = false;
	int first, mine;

	(void)state;
	reader = reader_of(&turn, &mine);
	assert_int_equal(running_follow(stage.hub, stage.t->db, &stage.t->arena,
				 &reader, &stored, &followed),
		OK);
	assert_true(followed);
	start(&turn, new_peer(&first));
	assert_true(is_told_the_end(first));
	assert_true(is_told_the_end(mine));
}

static void
stopping_an_ended_reply_succeeds(void **state)
{
	struct turn turn = open_turn();
	int first;

	(void)state;
	start(&turn, new_peer(&first));
	assert_true(is_told_the_end(first));
	assert_int_equal(running_stop(stage.hub, stage.t->db, turn.session_id,
				 turn.reply_id),
		OK);
}

/* Its process stands still. */
static void
a_stop_waits_for_the_process_that_runs_the_reply(void **state)
{
	struct turn turn = open_turn();

	(void)state;
	assert_int_equal(
		db_exec(stage.t->db,
			"UPDATE message SET worker_epoch = worker_epoch + 1"
			" WHERE id = ?",
			PARAMS(U64(turn.reply_id))),
		OK);
	assert_int_equal(running_stop(stage.hub, stage.t->db, turn.session_id,
				 turn.reply_id),
		ERR_BUSY);
	assert_int_equal(testdb_number(stage.t,
				 "SELECT COUNT(*) FROM stop_request"
				 " WHERE message_id = ?",
				 turn.reply_id),
		1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_late_reader_costs_one_read),
		cmocka_unit_test(
			a_reply_of_another_process_is_followed_by_its_journal),
		cmocka_unit_test(stopping_an_ended_reply_succeeds),
		cmocka_unit_test(
			a_stop_waits_for_the_process_that_runs_the_reply),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
