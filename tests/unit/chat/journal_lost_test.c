/* journal_lost_test.c: lost leases, answers and locks. */

#include "journaltest.h"

#include "db/row.h"

#include <pthread.h>
#include <stdlib.h>

static struct journal_batch *const batch = &journaltest.batch;

/* ---- the lease */

static void
nothing_is_stored_under_a_lost_lease(void **state)
{
	struct journaltest_reply says = journaltest_reply(),
				 ends = journaltest_reply();
	struct lease lease = batch->lease;

	(void)state;
	journaltest_take_away(journaltest.other);
	journaltest_say(&says, 0, span_of("one"));
	journaltest_store();
	assert_int_equal(batch->result, ERR_CONFLICT);
	assert_false(batch->first->failed);
	journal_batch_clear(batch);
	batch->lease = lease;
	journaltest_finish(&ends, JOURNALTEST_SAID);
	journaltest_say(&says, 0, span_of("one"));
	journaltest_store();
	assert_int_equal(batch->result, ERR_CONFLICT);
	assert_false(batch->first->failed);
	assert_int_equal(journaltest_rows(&says), 0);
	journaltest_assert_streams(&ends, true);
}

/* The lease may still be renewed, so the journal tries until it is, or until
 * the journal is closed. */
static void
a_batch_that_waits_for_its_lease_is_given_up_at_the_end(void **state)
{
	struct journaltest_reply reply = journaltest_reply();

	(void)state;
	journaltest_expire();
	journaltest_finish(&reply, JOURNALTEST_SAID);
	journaltest_submit();
	journal_close(journaltest.journal);
	journaltest.journal = NULL;
	assert_false(batch->out);
	assert_int_equal(batch->result, ERR_BUSY);
	assert_false(batch->first->failed);
	journaltest_assert_streams(&reply, true);
}

static void
an_idle_journal_can_be_closed(void **state)
{
	(void)state;
	journal_close(journaltest.journal);
	journaltest.journal = NULL;
}

/* ---- answers that are lost */

/* Both commits have happened: the rows exist, although the answer of the first
 * attempt was an error. */
static void
write_beside(struct db *db, const struct journaltest_reply *reply)
{
	assert_int_equal(
		db_exec(db,
			"INSERT INTO message_delta (message_id, seq, body)"
			" VALUES (?, 0, 'one')",
			PARAMS(U64(reply->id))),
		OK);
}

static void
assert_counts_as_stored(const struct journaltest_reply *reply)
{
	journaltest_wait();
	assert_int_equal(batch->result, OK);
	assert_false(batch->first->failed);
	assert_int_equal(journaltest_rows(reply), 1);
}

static void
read_count(struct row *row, void *out)
{
	(void)row_span(row);
	*(int64_t *)out = strtoll(row_str(row), NULL, 10);
}

/* How many transactions the server has been told to give up. */
static int64_t
rollbacks(void)
{
	struct arena arena = ARENA_INIT;
	int64_t count = 0;

	assert_int_equal(db_one(journaltest.other, &arena,
				 "SHOW GLOBAL STATUS LIKE 'Com_rollback'",
				 NO_PARAMS, read_count, &count),
		OK);
	arena_reset(&arena);
	return count;
}

static void
wait_for_attempt(int64_t before)
{
	for (int i = 0; i < 500 && rollbacks() == before; i++)
		journaltest_nap();
	assert_true(rollbacks() > before);
}

static void
rows_of_an_earlier_attempt_count_as_stored(void **state)
{
	struct journaltest_reply reply = journaltest_reply();
	int64_t before;

	(void)state;
	before = rollbacks();
	journaltest_expire();
	journaltest_say(&reply, 0, span_of("one"));
	journaltest_submit();
	wait_for_attempt(before);
	write_beside(journaltest.other, &reply);
	journaltest_renew();
	assert_counts_as_stored(&reply);
}

/* The first attempt is one statement, and its connection is lost with the
 * answer. */
static void
rows_stored_before_the_connection_broke_count_as_stored(void **state)
{
	struct journaltest_reply reply = journaltest_reply();
	struct testdb *t = journaltest.t;
	uint64_t connection;

	(void)state;
	journaltest_hold(JOURNALTEST_LEASE, batch->lease.node);
	journaltest_say(&reply, 0, span_of("one"));
	journaltest_submit();
	connection = journaltest_wait_for("INSERT INTO message_delta%");
	write_beside(t->db, &reply);
	assert_int_equal(db_script(t->db,
				 span_of(arena_printf(&t->arena, "KILL %llu",
					 (unsigned long long)connection))),
		OK);
	journaltest_let_go();
	assert_counts_as_stored(&reply);
}

/* ---- together with other processes */

/* A process with a lock on the session may also have locked its messages, so an
 * end waits for the session before it touches a message. */
static void
a_locked_session_does_not_delay_its_messages(void **state)
{
	static const char HOLD_MESSAGE[] = "SELECT id FROM message"
					   " WHERE id = ? FOR UPDATE NOWAIT";
	struct journaltest_reply reply = journaltest_reply();
	uint64_t found;

	(void)state;
	journaltest_hold(JOURNALTEST_SESSION, reply.session_id);
	journaltest_finish(&reply, JOURNALTEST_SAID);
	journaltest_submit();
	journaltest_wait_for("%session%");
	assert_int_equal(db_one(journaltest.other, NULL, HOLD_MESSAGE,
				 PARAMS(U64(reply.id)), row_read_u64, &found),
		OK);
	journaltest_let_go();
	journaltest_wait();
	assert_int_equal(batch->result, OK);
	journaltest_assert_streams(&reply, false);
}

static void *
take_lease(void *arg)
{
	struct db *db = db_new(arg);

	journaltest_take_away(db);
	db_free(db);
	return NULL;
}

/* The lease is lost when the batch as a whole has been refused, before the
 * first entry is stored by itself. */
static void
a_lease_that_is_lost_between_tries_ends_them(void **state)
{
	struct journaltest_reply ends = journaltest_reply(),
				 bad = journaltest_reply();
	pthread_t taker;

	(void)state;
	journaltest_hold(JOURNALTEST_SESSION, ends.session_id);
	journaltest_finish(&ends, JOURNALTEST_SAID);
	journaltest_say(&bad, 0, journaltest_unreadable);
	journaltest_submit();
	journaltest_wait_for("%session%");
	assert_int_equal(pthread_create(&taker, NULL, take_lease,
				 &journaltest.t->conf.db),
		0);
	journaltest_wait_for("UPDATE worker%");
	journaltest_let_go();
	journaltest_wait();
	pthread_join(taker, NULL);
	assert_int_equal(batch->result, ERR_CONFLICT);
	assert_false(batch->first->failed);
	assert_false(batch->last->failed);
	journaltest_assert_streams(&ends, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		JOURNALTEST(nothing_is_stored_under_a_lost_lease),
		JOURNALTEST(
			a_batch_that_waits_for_its_lease_is_given_up_at_the_end),
		JOURNALTEST(an_idle_journal_can_be_closed),
		JOURNALTEST(rows_of_an_earlier_attempt_count_as_stored),
		JOURNALTEST(
			rows_stored_before_the_connection_broke_count_as_stored),
		JOURNALTEST(a_locked_session_does_not_delay_its_messages),
		JOURNALTEST(a_lease_that_is_lost_between_tries_ends_them),
	};

	return cmocka_run_group_tests(
		tests, journaltest_open, journaltest_close);
}
