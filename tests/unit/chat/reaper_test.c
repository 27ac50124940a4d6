/* reaper_test.c: no reply stays `streaming` without an owner, whether the
 * database refuses it, nobody began it, or nobody can end it as it is. */

#include "chat/reaper.h"

#include "../unit.h"
#include "base/clock.h"
#include "chat/recovery.h"
#include "chat/stream_private.h"
#include "reapertest.h"
#include "repo/delta.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The models of the tables are found; the configuration's is there from the
 * beginning. */
static void
models_are_looked_for(void **state)
{
	(void)state;
	while (!models_are_read(reapertest.models))
		reapertest_nap_ms(20);
}

/* The column refuses some characters; another reply continues in the same
 * batch. */
static void
a_refused_row_ends_its_own_reply_alone(void **state)
{
	struct turn bad, good;
	int bad_fd = reapertest_start(&bad), good_fd = reapertest_start(&good);
	struct message end;
	const char *seen;

	(void)state;
	reapertest_read_until(bad_fd, "shown ");
	reapertest_read_until(good_fd, "shown ");
	reapertest_sql(
		"ALTER TABLE message_delta MODIFY body MEDIUMTEXT CHARACTER SET"
		" latin1 NOT NULL");
	reapertest_say((struct reapertest_said){
		.turn = &bad, .text = "\xe6\x97\xa5" });
	reapertest_say((struct reapertest_said){
		.turn = &good, .text = "and on", .ends = true });
	seen = reapertest_read_until(bad_fd, "<end>");
	assert_non_null(strstr(seen, "couldn't be saved"));
	assert_non_null(strstr(seen, "\"code\":\"unstored\""));
	assert_null(strstr(seen, "\xe6\x97\xa5"));
	end = reapertest_wait(&bad);
	assert_string_equal(end.status, "error");
	assert_true(reapertest_has(end.parts, "\"shown \""));
	assert_true(reapertest_has(end.metadata, "\"code\":\"unstored\""));
	reapertest_read_until(good_fd, "<end>");
	end = reapertest_wait(&good);
	assert_string_equal(end.status, "complete");
	assert_true(reapertest_has(end.parts, "shown and on"));
	reapertest_sql(
		"ALTER TABLE message_delta MODIFY body MEDIUMTEXT CHARACTER SET"
		" utf8mb4 COLLATE utf8mb4_bin NOT NULL");
	close(bad_fd);
	close(good_fd);
}

static void
a_refused_end_is_stored_from_the_journal(void **state)
{
	struct turn turn;
	int fd = reapertest_start(&turn);
	struct message end;

	(void)state;
	reapertest_read_until(fd, "shown ");
	reapertest_refuse(&turn, "metadata NOT LIKE '%complete%'");
	reapertest_say((struct reapertest_said){ .turn = &turn, .ends = true });
	assert_non_null(strstr(
		reapertest_read_until(fd, "<end>"), "couldn't be saved"));
	end = reapertest_wait(&turn);
	assert_string_equal(end.status, "error");
	assert_true(reapertest_has(end.parts, "\"shown \""));
	reapertest_sql("ALTER TABLE message DROP CONSTRAINT few");
	close(fd);
}

/* The session must not stay locked, whatever is kept of the reply. */
static void
what_is_refused_for_ever_is_stored_reduced(void **state)
{
	struct turn turn;
	int fd = reapertest_start(&turn);
	struct message end;

	(void)state;
	reapertest_read_until(fd, "shown ");
	reapertest_refuse(&turn, "parts NOT LIKE '%shown%'");
	reapertest_say((struct reapertest_said){ .turn = &turn, .ends = true });
	assert_null(strstr(reapertest_read_until(fd, "<end>"), "<end>"));
	end = reapertest_wait(&turn);
	assert_string_equal(end.status, "error");
	assert_false(reapertest_has(end.parts, "shown"));
	assert_true(reapertest_has(end.metadata, "\"code\":\"unstored\""));
	reapertest_sql("ALTER TABLE message DROP CONSTRAINT few");
	close(fd);
}

/* The reaper keeps trying while somebody may correct the database. */
static void
one_that_is_refused_does_not_hold_up_others(void **state)
{
	struct turn turns[2];

	(void)state;
	reapertest_turn(&turns[0]);
	reapertest_refuse(&turns[0], "status <> 'interrupted'");
	reapertest_turn(&turns[1]);
	assert_string_equal(reapertest_wait(&turns[1]).status, "interrupted");
	assert_string_equal(reapertest_stored(&turns[0]).status, "streaming");
	reapertest_sql("ALTER TABLE message DROP CONSTRAINT few");
	assert_string_not_equal(
		reapertest_wait(&turns[0]).status, STATUS_COMPLETE);
}

/* A reply is not ended at first sight: the process that has committed it may be
 * about to begin it. */
static void
a_reply_that_never_starts_is_ended(void **state)
{
	struct turn turn;
	int64_t since_ms;

	(void)state;
	reapertest_nap_ms(500); /* lets an earlier look pass */
	since_ms = clock_mono_ms();
	reapertest_turn(&turn);
	assert_string_equal(reapertest_wait(&turn).status, "interrupted");
	assert_true(clock_mono_ms() - since_ms >= 2000);
}

/* The journal has everything of the reply but its end. */
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
	reapertest_turn(&turn);
	assert_int_equal(testdb_number(reapertest.t, MARK, turn.session_id), 1);
	assert_int_equal(db_exec(reapertest.t->db, ADD,
				 PARAMS(U64(turn.reply_id), STR(SAID))),
		OK);
	assert_true(reapertest_has(
		reapertest_wait(&turn).parts, "approval-requested"));
	assert_int_equal(testdb_number(reapertest.t, MARK, turn.session_id), 2);
}

/* The reply was seen without a stream, then ended and continued before the
 * reaper acted. */
static void
the_next_life_is_not_recovered(void **state)
{
	struct recoverer recoverer = { .db = reapertest.t->db,
		.hub = reapertest.hub };
	struct recovery recovery = { .recover = recovery_of_own };
	struct hub_opening opening;
	struct turn turn;

	(void)state;
	hub_opening(reapertest.hub, &opening);
	reapertest_turn(&turn);
	recovery.own = turn.lease;
	recovery.orphan =
		(struct message_orphan){ turn.session_id, turn.reply_id };
	recovery.life = (struct message_life){ turn.lease, turn.began_ms - 1 };
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	recovery.life.began_ms++;
	recovery.life.lease.node++;
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	assert_string_equal(reapertest_stored(&turn).status, "streaming");
	recovery.life.lease.node--;
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_string_equal(reapertest_stored(&turn).status, "interrupted");
	hub_opened(reapertest.hub, &opening);
}

/* A process known to be dead is not waited for. */
static void
a_lease_of_the_dead_is_over(void **state)
{
	struct alive alive;
	struct turn turn;

	(void)state;
	alive_open(&alive);
	assert_true(alive.text[0] != '\0');
	alive_close(&alive);
	reapertest_orphan(&turn, (struct lease){ 1004, 99 }, alive.text);
	assert_string_equal(reapertest_wait(&turn).status, "interrupted");
}

static enum err
hold_lease(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE worker SET holder = 'stopped' WHERE id = 1001";
	const struct turn *others = arg;

	TRY(db_exec(db, HOLD, NO_PARAMS));
	assert_string_equal(reapertest_wait(&others[1]).status, "interrupted");
	assert_string_equal(reapertest_stored(&others[0]).status, "streaming");
	return OK;
}

/* A process was stopped in the middle of a transaction. */
static void
a_locked_lease_does_not_delay_others(void **state)
{
	struct db *stopped = db_new(&reapertest.t->conf.db);
	struct turn turns[2];

	(void)state;
	reapertest_orphan(&turns[0], (struct lease){ 1001, 99 }, "");
	reapertest_orphan(&turns[1], (struct lease){ 1002, 99 }, "");
	assert_int_equal(db_transaction(stopped, hold_lease, turns), OK);
	db_free(stopped);
	assert_string_equal(reapertest_wait(&turns[0]).status, "interrupted");
}

/* The reply was ended elsewhere while it ran here, and is continued here. */
static void
the_next_life_takes_the_place(void **state)
{
	struct turn turn;
	int fd = reapertest_start(&turn), fds[2];
	struct message_end end = { .status = "interrupted",
		.parts = span_of("[]"),
		.metadata = span_of("{}") };
	struct message_life next;
	bool done;

	(void)state;
	reapertest_read_until(fd, "shown ");
	end.session_id = turn.session_id;
	end.id = turn.reply_id;
	end.life = (struct message_life){ turn.lease, turn.began_ms };
	next = (struct message_life){ turn.lease, ++turn.began_ms };
	assert_int_equal(message_finish(reapertest.t->db, &end, &done), OK);
	assert_true(done);
	assert_int_equal(delta_delete(reapertest.t->db, end.id), OK);
	assert_int_equal(message_reopen(reapertest.t->db, end.session_id,
				 end.id, &next, end.parts),
		OK);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	reapertest_say((struct reapertest_said){
		.turn = &turn, .peer = { .fd = fds[1] }, .text = "again " });
	reapertest_read_until(fds[0], "again ");
	assert_null(strstr(reapertest_read_until(fd, "<end>"), "<end>"));
	reapertest_say((struct reapertest_said){ .turn = &turn, .ends = true });
	assert_non_null(
		strstr(reapertest_read_until(fds[0], "<end>"), "<end>"));
	assert_string_equal(reapertest_wait(&turn).status, "complete");
	close(fd);
	close(fds[0]);
}

static void
a_reply_about_to_start_is_left_alone(void **state)
{
	struct hub_opening opening;
	struct turn turn;

	(void)state;
	hub_opening(reapertest.hub, &opening);
	reapertest_turn(&turn);
	reapertest_nap_ms(7000);
	assert_string_equal(reapertest_stored(&turn).status, "streaming");
	hub_opened(reapertest.hub, &opening);
	assert_string_equal(reapertest_wait(&turn).status, "interrupted");
}

/* The session was deleted while the reply ran, and then the process died. */
static void
an_orphaned_journal_is_swept(void **state)
{
	static const char ADD[] = "INSERT INTO message_delta"
				  " (message_id, seq, body) VALUES (?, 0, '')";
	static const char ROWS[] =
		"SELECT COUNT(*) FROM message_delta WHERE message_id = ?";
	uint64_t id = testdb_id();

	(void)state;
	assert_int_equal(db_exec(reapertest.t->db, ADD, PARAMS(U64(id))), OK);
	while (testdb_number(reapertest.t, ROWS, id) > 0)
		reapertest_nap_ms(20);
}

static void
what_runs_is_left_alone(void **state)
{
	struct turn turn;
	int fd = reapertest_start(&turn);

	(void)state;
	reapertest_nap_ms(7000);
	assert_string_equal(reapertest_stored(&turn).status, "streaming");
	reapertest_say((struct reapertest_said){ .turn = &turn, .ends = true });
	reapertest_read_until(fd, "<end>");
	assert_string_equal(reapertest_stored(&turn).status, "complete");
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(models_are_looked_for),
		cmocka_unit_test(a_refused_row_ends_its_own_reply_alone),
		cmocka_unit_test(a_refused_end_is_stored_from_the_journal),
		cmocka_unit_test(what_is_refused_for_ever_is_stored_reduced),
		cmocka_unit_test(one_that_is_refused_does_not_hold_up_others),
		cmocka_unit_test(a_reply_that_never_starts_is_ended),
		cmocka_unit_test(a_recovered_reply_asks_what_it_asked),
		cmocka_unit_test(the_next_life_is_not_recovered),
		cmocka_unit_test(a_lease_of_the_dead_is_over),
		cmocka_unit_test(a_locked_lease_does_not_delay_others),
		cmocka_unit_test(the_next_life_takes_the_place),
		cmocka_unit_test(a_reply_about_to_start_is_left_alone),
		cmocka_unit_test(an_orphaned_journal_is_swept),
		cmocka_unit_test(what_runs_is_left_alone),
	};

	return cmocka_run_group_tests(tests, reapertest_open, reapertest_close);
}
