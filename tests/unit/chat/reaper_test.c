/* reaper_test.c: no reply stays `streaming` without an owner: what the
 * database refuses, what nobody began, what nobody can end as it is. */

#include "chat/reaper.h"

#include "../repo/testdb.h"
#include "../unit.h"
#include "base/mem.h"
#include "chat/hub_private.h"
#include "chat/recovery.h"
#include "chat/stream_private.h"
#include "chat/turn.h"
#include "plain_framing.h"
#include "repo/delta.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct stage {
	struct testdb *t;
	struct snowflake *ids;
	struct llm_settings settings;
	struct tool_set tools;
	struct hub *hub;
	struct reaper *reaper;
} stage;

static int
open_all(void **state)
{
	if (testdb_open(state) != 0)
		return -1;
	stage.t = *state;
	stage.t->conf.worker_lease_ms = 2000;
	stage.t->conf.chat.drain_ms = 0;
	stage.settings.model = "m";
	stage.settings.reply_max = 1 << 20;
	if (snowflake_open(&stage.t->conf, "reaper_test", &stage.ids) != OK ||
		hub_open(&stage.t->conf, &stage.settings, &stage.tools,
			stage.ids, &plain_framing, &stage.hub) != OK)
		return -1;
	return reaper_open(&stage.t->conf, stage.ids, stage.hub,
		       &stage.reaper) == OK
		? 0
		: -1;
}

static int
close_all(void **state)
{
	reaper_close(stage.reaper);
	hub_close(stage.hub);
	snowflake_close(stage.ids);
	return testdb_close(state);
}

static void
nap_ms(long ms)
{
	const struct timespec pause = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

static void
sql(const char *text)
{
	assert_int_equal(db_script(stage.t->db, span_of(text)), OK);
}

/* From now on the table takes only what fits *check* for this session. */
static void
refuse(const struct turn *turn, const char *check)
{
	sql(arena_printf(&stage.t->arena,
		"ALTER TABLE message ADD CONSTRAINT few CHECK"
		" (session_id <> %llu OR %s)",
		(unsigned long long)turn->session_id, check));
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
		.model = "m" };

	*turn = (struct turn){ 0 };
	assert_int_equal(
		turn_open(stage.t->db, stage.ids, &stage.t->arena, &post, turn),
		OK);
}

/* ---- a reply that says what it is told to */

/* A stream without a model: its words come from the test. */
struct said {
	const struct turn *turn;
	struct peer peer;
	const char *text;
	bool ends;
	struct monitor monitor;
	bool done;
};

static void
begin(const struct said *said)
{
	struct llm_event event = { .type = LLM_BEGIN };
	struct hub_start start_of = { .session_id = said->turn->session_id,
		.message_id = said->turn->reply_id,
		.lease = said->turn->lease,
		.began_ms = said->turn->began_ms };
	struct stream *stream =
		life_open(&stage.hub->lives, &start_of, STREAM_RUNNING);
	struct buf start = BUF_INIT;

	reply_start(stream->reply, stream->message_id, 0, &start);
	atomic_fetch_add(&stage.hub->lives.n, 1);
	life_join(stream, said->peer, buf_span(&start));
	buf_free(&start);
	assert_int_equal(
		reply_event(stream->reply, &event, &stream->pending), OK);
}

static void
run_say(void *arg)
{
	struct said *said = arg;
	struct llm_result end = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct llm_event event = { .type = LLM_TEXT,
		.text = span_of(said->text) };
	struct stream *stream;

	if (said->peer.fd > 0)
		begin(said);
	stream = streams_find(stage.hub->lives.streams, said->turn->reply_id);
	assert_non_null(stream);
	if (said->text != NULL)
		assert_int_equal(
			reply_event(stream->reply, &event, &stream->pending),
			OK);
	streams_mark(stage.hub->lives.streams, stream, STREAMS_NO_HURRY);
	if (said->ends)
		life_event(
			stream, LIFE_OVER, (union life_what){ .result = &end });
	monitor_enter(&said->monitor);
	said->done = true;
	monitor_notify(&said->monitor);
	monitor_leave(&said->monitor);
}

static void
say(struct said said)
{
	monitor_open(&said.monitor);
	loop_post(stage.hub->lives.loop, run_say, &said);
	monitor_enter(&said.monitor);
	while (!said.done)
		monitor_wait(&said.monitor);
	monitor_leave(&said.monitor);
	monitor_close(&said.monitor);
}

static int
start(struct turn *turn)
{
	int fds[2];

	open_turn(turn);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	say((struct said){
		.turn = turn, .peer = { .fd = fds[1] }, .text = "shown " });
	return fds[0];
}

static const char *
read_until(int fd, const char *mark)
{
	struct buf text = BUF_INIT;
	const char *copy;
	char bytes[4096];
	ssize_t n;

	while (strstr(buf_str(&text), mark) == NULL &&
		(n = read(fd, bytes, sizeof(bytes))) > 0)
		buf_append(&text, bytes, (size_t)n);
	copy = arena_str(&stage.t->arena, buf_str(&text), text.len);
	buf_free(&text);
	return copy;
}

/* ---- what is stored */

static const char STORED[] = "SELECT id, status, parts, metadata FROM message"
			     " WHERE session_id = ? AND id = ?";

static void
read_stored(struct row *row, void *out)
{
	struct message *message = out;

	message->id = row_u64(row);
	message->status = row_str(row);
	message->parts = row_span(row);
	message->metadata = row_span(row);
}

static struct message
stored(const struct turn *turn)
{
	struct message message = { 0 };

	assert_int_equal(
		db_one(stage.t->db, &stage.t->arena, STORED,
			PARAMS(U64(turn->session_id), U64(turn->reply_id)),
			read_stored, &message),
		OK);
	return message;
}

static bool
has(struct span text, const char *part)
{
	return memmem(text.data, text.len, part, strlen(part)) != NULL;
}

/* However long it takes. */
static struct message
wait_for_end(const struct turn *turn)
{
	struct message message;

	while (message = stored(turn),
		strcmp(message.status, STATUS_STREAMING) == 0)
		nap_ms(20);
	assert_int_equal(
		testdb_number(stage.t,
			"SELECT COUNT(*) FROM message_delta WHERE message_id = ?",
			turn->reply_id),
		0);
	return message;
}

/* ---- tests */

/* A column that does not take every character, and another reply that goes
 * on beside it in the same batch. */
static void
a_refused_row_ends_its_own_reply_alone(void **state)
{
	struct turn bad, good;
	int bad_fd = start(&bad), good_fd = start(&good);
	struct message end;
	const char *seen;

	(void)state;
	read_until(bad_fd, "shown ");
	read_until(good_fd, "shown ");
	sql("ALTER TABLE message_delta MODIFY body MEDIUMTEXT CHARACTER SET"
	    " latin1 NOT NULL");
	say((struct said){ .turn = &bad, .text = "\xe6\x97\xa5" });
	say((struct said){ .turn = &good, .text = "and on", .ends = true });
	seen = read_until(bad_fd, "<end>");
	assert_non_null(strstr(seen, "couldn't be saved"));
	assert_non_null(strstr(seen, "\"code\":\"unstored\""));
	assert_null(strstr(seen, "\xe6\x97\xa5"));
	end = wait_for_end(&bad);
	assert_string_equal(end.status, "error");
	assert_true(has(end.parts, "\"shown \""));
	assert_true(has(end.metadata, "\"code\":\"unstored\""));
	read_until(good_fd, "<end>");
	end = wait_for_end(&good);
	assert_string_equal(end.status, "complete");
	assert_true(has(end.parts, "shown and on"));
	sql("ALTER TABLE message_delta MODIFY body MEDIUMTEXT CHARACTER SET"
	    " utf8mb4 COLLATE utf8mb4_bin NOT NULL");
	close(bad_fd);
	close(good_fd);
}

static void
a_refused_end_is_stored_from_the_journal(void **state)
{
	struct turn turn;
	int fd = start(&turn);
	struct message end;

	(void)state;
	read_until(fd, "shown ");
	refuse(&turn, "metadata NOT LIKE '%complete%'");
	say((struct said){ .turn = &turn, .ends = true });
	assert_non_null(strstr(read_until(fd, "<end>"), "couldn't be saved"));
	end = wait_for_end(&turn);
	assert_string_equal(end.status, "error");
	assert_true(has(end.parts, "\"shown \""));
	sql("ALTER TABLE message DROP CONSTRAINT few");
	close(fd);
}

/* The session must not stay locked, whatever is left. */
static void
what_is_refused_for_ever_is_stored_reduced(void **state)
{
	struct turn turn;
	int fd = start(&turn);
	struct message end;

	(void)state;
	read_until(fd, "shown ");
	refuse(&turn, "parts NOT LIKE '%shown%'");
	say((struct said){ .turn = &turn, .ends = true });
	assert_null(strstr(read_until(fd, "<end>"), "<end>"));
	end = wait_for_end(&turn);
	assert_string_equal(end.status, "error");
	assert_false(has(end.parts, "shown"));
	assert_true(has(end.metadata, "\"code\":\"unstored\""));
	sql("ALTER TABLE message DROP CONSTRAINT few");
	close(fd);
}

static void
what_nobody_begins_is_ended(void **state)
{
	struct turn turn;

	(void)state;
	open_turn(&turn);
	assert_string_equal(wait_for_end(&turn).status, "interrupted");
}

/* All that it said is in the journal, but its end. */
static void
a_recovered_reply_asks_what_it_asked(void **state)
{
	static const char ADD[] = "INSERT INTO message_delta"
				  " (message_id, seq, body) VALUES (?, 0, ?)";
	static const char SAID[] =
		"data: {\"type\":\"start-step\"}\n\n"
		"data: {\"type\":\"tool-input-available\",\"toolCallId\":"
		"\"c\",\"toolName\":\"t\",\"input\":{}}\n\n"
		"data: {\"type\":\"tool-approval-request\",\"approvalId\":"
		"\"a\",\"toolCallId\":\"c\"}\n\n";
	static const char MARK[] = "SELECT streaming FROM session WHERE id = ?";
	struct turn turn;

	(void)state;
	open_turn(&turn);
	assert_int_equal(testdb_number(stage.t, MARK, turn.session_id), 1);
	assert_int_equal(db_exec(stage.t->db, ADD,
				 PARAMS(U64(turn.reply_id), STR(SAID))),
		OK);
	assert_true(has(wait_for_end(&turn).parts, "approval-requested"));
	assert_int_equal(testdb_number(stage.t, MARK, turn.session_id), 2);
}

/* It was seen without a stream, ended, and was continued before the look at
 * it led to anything. */
static void
the_next_life_is_not_recovered(void **state)
{
	struct recoverer recoverer = { .db = stage.t->db, .hub = stage.hub };
	struct recovery recovery = { .recover = recovery_of_own };
	struct hub_opening opening;
	struct turn turn;

	(void)state;
	hub_opening(stage.hub, &opening);
	open_turn(&turn);
	recovery.own = turn.lease;
	recovery.orphan =
		(struct message_orphan){ turn.session_id, turn.reply_id };
	recovery.life = (struct message_life){ turn.lease, turn.began_ms - 1 };
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	recovery.life.began_ms++;
	recovery.life.lease.node++;
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	assert_string_equal(stored(&turn).status, "streaming");
	recovery.life.lease.node--;
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_string_equal(stored(&turn).status, "interrupted");
	hub_opened(stage.hub, &opening);
}

/* A reply of a worker that is gone; *lease* is over. */
static void
leave_orphan(struct turn *turn, struct lease lease)
{
	assert_int_equal(
		db_exec(stage.t->db,
			"REPLACE INTO worker (id, epoch, holder, lease_until,"
			" last_ms) VALUES (?, ?, '', '2020-01-01', 1)",
			PARAMS(U64(lease.node), U64(lease.epoch))),
		OK);
	open_turn(turn);
	assert_int_equal(
		db_exec(stage.t->db,
			"UPDATE message SET worker_id = ?, worker_epoch = ?"
			" WHERE session_id = ? AND id = ?",
			PARAMS(U64(lease.node), U64(lease.epoch),
				U64(turn->session_id), U64(turn->reply_id))),
		OK);
}

static enum err
hold_lease(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE worker SET holder = 'stopped' WHERE id = 1001";
	const struct turn *others = arg;

	TRY(db_exec(db, HOLD, NO_PARAMS));
	assert_string_equal(wait_for_end(&others[1]).status, "interrupted");
	assert_string_equal(stored(&others[0]).status, "streaming");
	return OK;
}

/* A process that was stopped in the middle of a transaction. */
static void
who_holds_one_lease_does_not_hold_up_others(void **state)
{
	struct db *stopped = db_new(&stage.t->conf.db);
	struct turn turns[2];

	(void)state;
	leave_orphan(&turns[0], (struct lease){ 1001, 99 });
	leave_orphan(&turns[1], (struct lease){ 1002, 99 });
	assert_int_equal(db_transaction(stopped, hold_lease, turns), OK);
	db_free(stopped);
	assert_string_equal(wait_for_end(&turns[0]).status, "interrupted");
}

/* The reply was ended elsewhere while it ran here, and goes on here. */
static void
the_next_life_takes_the_place(void **state)
{
	struct turn turn;
	int fd = start(&turn), fds[2];
	struct message_end end = { .status = "interrupted",
		.parts = span_of("[]"),
		.metadata = span_of("{}") };
	struct message_life next;
	bool done;

	(void)state;
	read_until(fd, "shown ");
	end.session_id = turn.session_id;
	end.id = turn.reply_id;
	end.life = (struct message_life){ turn.lease, turn.began_ms };
	next = (struct message_life){ turn.lease, ++turn.began_ms };
	assert_int_equal(message_finish(stage.t->db, &end, &done), OK);
	assert_true(done);
	assert_int_equal(delta_delete(stage.t->db, end.id), OK);
	assert_int_equal(message_reopen(stage.t->db, end.session_id, end.id,
				 &next, end.parts),
		OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	say((struct said){
		.turn = &turn, .peer = { .fd = fds[1] }, .text = "again " });
	read_until(fds[0], "again ");
	assert_null(strstr(read_until(fd, "<end>"), "<end>"));
	say((struct said){ .turn = &turn, .ends = true });
	assert_non_null(strstr(read_until(fds[0], "<end>"), "<end>"));
	assert_string_equal(wait_for_end(&turn).status, "complete");
	close(fd);
	close(fds[0]);
}

static void
what_is_about_to_begin_is_left_alone(void **state)
{
	struct hub_opening opening;
	struct turn turn;

	(void)state;
	hub_opening(stage.hub, &opening);
	open_turn(&turn);
	nap_ms(7000);
	assert_string_equal(stored(&turn).status, "streaming");
	hub_opened(stage.hub, &opening);
	assert_string_equal(wait_for_end(&turn).status, "interrupted");
}

static void
what_runs_is_left_alone(void **state)
{
	struct turn turn;
	int fd = start(&turn);

	(void)state;
	nap_ms(7000);
	assert_string_equal(stored(&turn).status, "streaming");
	say((struct said){ .turn = &turn, .ends = true });
	read_until(fd, "<end>");
	assert_string_equal(stored(&turn).status, "complete");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refused_row_ends_its_own_reply_alone),
		cmocka_unit_test(a_refused_end_is_stored_from_the_journal),
		cmocka_unit_test(what_is_refused_for_ever_is_stored_reduced),
		cmocka_unit_test(what_nobody_begins_is_ended),
		cmocka_unit_test(a_recovered_reply_asks_what_it_asked),
		cmocka_unit_test(the_next_life_is_not_recovered),
		cmocka_unit_test(who_holds_one_lease_does_not_hold_up_others),
		cmocka_unit_test(the_next_life_takes_the_place),
		cmocka_unit_test(what_is_about_to_begin_is_left_alone),
		cmocka_unit_test(what_runs_is_left_alone),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
