/* recovery_test.c: what happens to a reply without a writer. */

#include "chat/recovery.h"

#include "../unit.h"
#include "base/attr.h"
#include "base/clock.h"
#include "journaltest.h"
#include "repo/worker.h"

#include <string.h>

#define CHUNK(json) "data: " json "\n\n"
#define BEGUN                                                    \
	CHUNK("{\"type\":\"start-step\"}")                       \
	CHUNK("{\"type\":\"text-start\",\"id\":\"1\"}")          \
	CHUNK("{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":" \
	      "\"hello\"}")
#define WENT_ON                                                  \
	CHUNK("{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":" \
	      "\" world\"}")

/* All attempts use one recoverer without a hub, so nothing is continued
 * here. */
static struct recoverer recoverer;

static int
begin(void **state)
{
	recoverer = (struct recoverer){ .db = journaltest.other,
		.patience_ms = 3600000 };
	return journaltest_begin(state);
}

/* A reply that has said *rows*, each in a row of the journal. */
static struct journaltest_reply
reply_of(const char *const rows[])
{
	struct journaltest_reply reply = journaltest_reply();
	struct lease lease = journaltest.batch.lease;

	for (uint32_t seq = 0; rows[seq] != NULL; seq++)
		journaltest_say(&reply, seq, span_of(rows[seq]));
	journaltest_store();
	assert_int_equal(journaltest.batch.result, OK);
	journal_batch_clear(&journaltest.batch);
	journaltest.batch.lease = lease;
	return reply;
}

static struct journaltest_reply
hello_world(void)
{
	return reply_of((const char *[]){ BEGUN, WENT_ON, NULL });
}

/* The recovery of this reply, as if it was found next. */
static struct recovery
recovery_of(const struct journaltest_reply *reply)
{
	return (struct recovery){ .recover = recovery_of_orphan,
		.after = reply->id - 1 };
}

static void
assert_recovered(const struct journaltest_reply *reply, const char *status)
{
	assert_string_equal(journaltest_stored(reply).status, status);
	assert_int_equal(journaltest_rows(reply), 0);
}

static void
all_that_was_said_is_kept(void **state)
{
	struct journaltest_reply reply = hello_world();
	struct recovery recovery = recovery_of(&reply);
	struct message message;

	(void)state;
	journaltest_expire();
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_true(recovery.found);
	assert_false(recovery.taken);
	assert_int_equal(recovery.orphan.id, reply.id);
	assert_recovered(&reply, "interrupted");
	message = journaltest_stored(&reply);
	assert_true(journaltest_has(message.parts, "hello world"));
	assert_false(journaltest_has(message.parts, "streaming"));
	assert_true(journaltest_has(message.metadata, "\"interrupted\""));
	assert_false(journaltest_has(message.metadata, "unstored"));
	for (int i = 0; i < REFUSALS_MAX; i++)
		assert_int_equal(recoverer.refusals[i].id, 0);
	/* Nothing can be written under the lease, even if it were renewed. */
	assert_int_equal(worker_fence(journaltest.t->db, reply.life.lease),
		ERR_CONFLICT);
}

static void
a_reply_under_a_valid_lease_is_left_alone(void **state)
{
	struct journaltest_reply reply = hello_world();
	struct recovery recovery = recovery_of(&reply);

	(void)state;
	recovery.orphan.id = reply.id; /* of the search before */
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	assert_int_equal(recovery.orphan.id, 0);
	assert_false(recovery.found);
	journaltest_expire();
	recovery.own = reply.life.lease; /* the lease may still be renewed */
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	assert_false(recovery.found);
	journaltest_assert_streams(&reply, true);
}

/* The reply is reported, so that the next one is looked for. */
static void
a_locked_reply_is_not_waited_for(void **state)
{
	struct journaltest_reply reply = hello_world();
	struct recovery recovery = recovery_of(&reply);

	(void)state;
	journaltest_expire();
	recoverer.db = journaltest.t->db;
	journaltest_hold(JOURNALTEST_SESSION, reply.session_id);
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_NOT_FOUND);
	assert_true(recovery.found);
	journaltest_let_go();
	journaltest_assert_streams(&reply, true);
	recovery = recovery_of(&reply);
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_recovered(&reply, "interrupted");
}

/* Everything before the unreadable row is kept. */
static void
a_journal_that_cannot_be_read_is_read_up_to_there(void **state)
{
	struct journaltest_reply reply = reply_of((const char *[]){ BEGUN,
		CHUNK("{\"type\":\"text-end\",\"id\":\"of nobody\"}"), WENT_ON,
		NULL });
	struct recovery recovery = recovery_of(&reply);

	(void)state;
	journaltest_expire();
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_recovered(&reply, "interrupted");
	assert_true(
		journaltest_has(journaltest_stored(&reply).parts, "\"hello\""));
}

/* ---- what the database refuses */

/* From now until the end of the test, the table refuses this reply's message
 * unless it satisfies *check*. */
static bool refuses;

static void
refuse(const struct journaltest_reply *reply, const char *check)
{
	struct testdb *t = journaltest.t;

	assert_int_equal(
		db_script(t->db,
			span_of(arena_printf(&t->arena,
				"ALTER TABLE message ADD CONSTRAINT few CHECK"
				" (session_id <> %llu OR %s)",
				(unsigned long long)reply->session_id, check))),
		OK);
	refuses = true;
}

static int
take_all(void)
{
	enum err err = OK;

	if (refuses)
		err = db_script(journaltest.t->db,
			span_of("ALTER TABLE message DROP CONSTRAINT few"));
	refuses = false;
	return err == OK ? 0 : -1;
}

static int
end(void **state)
{
	return take_all() == 0 ? journaltest_end(state) : -1;
}

static void
a_refused_reply_is_kept_for_a_while(void **state)
{
	struct journaltest_reply reply = hello_world();
	struct recovery recovery = recovery_of(&reply);

	(void)state;
	refuse(&reply, "parts NOT LIKE '%world%'");
	journaltest_expire();
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			recovery_run(&recoverer, &recovery), ERR_INVALID);
		recovery = recovery_of(&reply);
	}
	assert_int_equal(journaltest_rows(&reply), 2);
	journaltest_assert_streams(&reply, true);
	/* Then less is stored: only the refused text is missing. */
	recoverer.patience_ms = 0;
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_true(recovery.reduced);
	assert_recovered(&reply, "error");
}

/* The time counts from the first refusal, not from the last one, whatever the
 * place in the table. */
static void
a_while_begins_with_the_first_refusal(void **state)
{
	static const int places[] = { 0, 7, REFUSALS_MAX - 1 };

	(void)state;
	recoverer.patience_ms = 60000;
	for (size_t i = 0; i < LENGTH(places); i++) {
		struct journaltest_reply reply = hello_world();
		struct recovery recovery = recovery_of(&reply);

		refuse(&reply, "parts NOT LIKE '%world%'");
		journaltest_expire();
		recoverer.refusals[places[i]] =
			(struct refused_reply){ reply.id,
				clock_mono_ms() - 60000 };
		assert_int_equal(recovery_run(&recoverer, &recovery), OK);
		assert_recovered(&reply, "error");
		assert_int_equal(journaltest_end(state), 0);
		assert_int_equal(take_all(), 0);
		assert_int_equal(journaltest_begin(state), 0);
	}
}

static void
the_oldest_refusal_is_forgotten_first(void **state)
{
	struct journaltest_reply reply = hello_world();
	struct recovery recovery = recovery_of(&reply);
	int64_t now_ms = clock_mono_ms();

	(void)state;
	refuse(&reply, "parts NOT LIKE '%world%'");
	journaltest_expire();
	for (int i = 0; i < REFUSALS_MAX; i++)
		recoverer.refusals[i] = (struct refused_reply){ (uint64_t)i + 1,
			i == 5 ? now_ms - 2000 : now_ms - 1000 };
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_INVALID);
	for (int i = 0; i < REFUSALS_MAX; i++)
		assert_int_equal(recoverer.refusals[i].id,
			i == 5 ? reply.id : (uint64_t)i + 1);
	assert_true(recoverer.refusals[5].since_ms >= now_ms);
}

/* All of the text is kept, whatever its length. */
static void
all_is_kept_where_its_end_alone_is_refused(void **state)
{
	enum { LONG = 1200000 };
	struct testdb *t = journaltest.t;
	char *text = arena_alloc(&t->arena, LONG + 1);
	struct journaltest_reply reply;
	struct recovery recovery;

	(void)state;
	memset(text, 'x', LONG);
	text[LONG] = '\0';
	reply = reply_of((const char *[]){ BEGUN,
		arena_printf(&t->arena,
			CHUNK("{\"type\":\"text-delta\",\"id\":\"1\","
			      "\"delta\":\"%s\"}"),
			text),
		NULL });
	recovery = recovery_of(&reply);
	refuse(&reply, "status <> 'interrupted'");
	journaltest_expire();
	recoverer.patience_ms = 0;
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_recovered(&reply, "error");
	assert_true(journaltest_stored(&reply).parts.len > LONG);
}

/* Large rows are dropped first: if a reply is refused for its length, or for
 * something late in it, its beginning is kept. */
static void
as_much_of_the_beginning_is_kept_as_is_taken(void **state)
{
	struct journaltest_reply reply = reply_of((const char *[]){ BEGUN,
		CHUNK("{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":"
		      "\" bad, and more than 256 bytes together with what came "
		      "before; and more than 256 bytes together with what came "
		      "before\"}"),
		NULL });
	struct recovery recovery = recovery_of(&reply);
	struct message message;

	(void)state;
	refuse(&reply, "parts NOT LIKE '%bad%'");
	journaltest_expire();
	recoverer.patience_ms = 0;
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_recovered(&reply, "error");
	message = journaltest_stored(&reply);
	assert_true(journaltest_has(message.parts, "\"hello\""));
	assert_true(journaltest_has(message.metadata, "\"code\":\"unstored\""));
}

/* Not even the stored parts are kept. */
static void
at_last_nothing_but_its_status_is_kept(void **state)
{
	struct journaltest_reply reply = hello_world();
	struct recovery recovery = recovery_of(&reply);
	struct message message;

	(void)state;
	assert_int_equal(
		db_exec(journaltest.t->db,
			"UPDATE message SET parts = '[{\"type\":\"text\","
			"\"text\":\"old\"}]' WHERE id = ?",
			PARAMS(U64(reply.id))),
		OK);
	refuse(&reply, "status = 'streaming' OR parts = '[]'");
	journaltest_expire();
	recoverer.patience_ms = 0;
	assert_int_equal(recovery_run(&recoverer, &recovery), OK);
	assert_recovered(&reply, "error");
	message = journaltest_stored(&reply);
	assert_true(span_is(message.parts, "[]"));
	assert_true(journaltest_has(message.metadata, "\"code\":\"unstored\""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_was_said_is_kept),
		TEST(a_reply_under_a_valid_lease_is_left_alone),
		TEST(a_locked_reply_is_not_waited_for),
		TEST(a_journal_that_cannot_be_read_is_read_up_to_there),
		TEST(a_refused_reply_is_kept_for_a_while),
		TEST(a_while_begins_with_the_first_refusal),
		TEST(the_oldest_refusal_is_forgotten_first),
		TEST(all_is_kept_where_its_end_alone_is_refused),
		TEST(as_much_of_the_beginning_is_kept_as_is_taken),
		TEST(at_last_nothing_but_its_status_is_kept),
	};

	return cmocka_run_group_tests(
		tests, journaltest_open, journaltest_close);
}
