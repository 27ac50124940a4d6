/* takeover_test.c: a reply without a writer is continued here, once. */

#include "chat/takeover.h"

#include "../unit.h"
#include "chat/recovery.h"
#include "journaltest.h"
#include "repo/delta.h"
#include "testmodel.h"

#define CHUNK(json) "data: " json "\n\n"
#define BEGUN                                                    \
	CHUNK("{\"type\":\"start-step\"}")                       \
	CHUNK("{\"type\":\"text-start\",\"id\":\"1\"}")          \
	CHUNK("{\"type\":\"text-delta\",\"id\":\"1\",\"delta\":" \
	      "\"hello\"}")
#define CALLS                                                        \
	CHUNK("{\"type\":\"tool-input-start\",\"toolCallId\":\"c\"," \
	      "\"toolName\":\"t\"}")                                 \
	CHUNK("{\"type\":\"tool-input-delta\",\"toolCallId\":\"c\"," \
	      "\"inputTextDelta\":\"{\\\"a\"}")

#define OWN_NODE 1012
#define OWN_EPOCH 3

static struct lease own;

static int
open_all(void **state)
{
	struct testdb *t;

	if (journaltest_open(state) != 0)
		return -1;
	t = *state;
	t->conf.llm.base_url = "http://127.0.0.1:9";
	t->conf.llm.model = "m";
	return 0;
}

static int
begin(void **state)
{
	own = (struct lease){ OWN_NODE, OWN_EPOCH };
	if (db_exec(journaltest.t->db,
		    "REPLACE INTO worker (id, epoch, holder, lease_until,"
		    " last_ms) VALUES (?, ?, '', '2100-01-01', 1)",
		    PARAMS(U64(own.node), U64(own.epoch))) != OK)
		return -1;
	return journaltest_begin(state);
}

/* A reply with an expired lease, by the model with that id, or from before ids
 * were noted. */
static struct journaltest_reply
orphan_of(const char *said, const char *metadata)
{
	struct journaltest_reply reply = journaltest_reply();

	journaltest_say(&reply, 0, span_of(said));
	journaltest_store();
	assert_int_equal(journaltest.batch.result, OK);
	assert_int_equal(db_exec(journaltest.t->db,
				 "UPDATE message SET metadata = ? WHERE id = ?",
				 PARAMS(STR(metadata), U64(reply.id))),
		OK);
	journaltest_expire();
	return reply;
}

/* Runs without a hub, to examine what the hub would get. */
static enum err
recover(struct db *db, void *arg)
{
	return recovery_of_orphan(db, arg);
}

static struct recovery
recovered(const struct journaltest_reply *reply)
{
	struct recovery recovery = { .own = own,
		.after = reply->id - 1,
		.arena = journaltest.t->arena,
		.models = testmodels(&journaltest.t->conf) };
	enum err err = db_transaction(journaltest.other, recover, &recovery);

	journaltest.t->arena = recovery.arena;
	assert_int_equal(err, OK);
	assert_int_equal(recovery.orphan.id, reply->id);
	return recovery;
}

static enum err
take_row(uint32_t seq, struct span body, void *arg)
{
	struct span *last = arg;

	assert_int_equal(seq, 1);
	*last = arena_span(&journaltest.t->arena, body);
	return OK;
}

/* Open parts are closed, for followers of the journal and for what comes
 * next. */
static void
assert_closed(const struct journaltest_reply *reply,
	const struct recovery *recovery, const char *chunk)
{
	struct span closing = { NULL, 0 };
	struct arena arena = ARENA_INIT;

	assert_int_equal(delta_each(journaltest.t->db, &arena, reply->id, 1,
				 take_row, &closing),
		OK);
	arena_reset(&arena);
	assert_true(journaltest_has(closing, chunk));
	assert_true(journaltest_has(closing, "finish-step"));
	assert_int_equal(recovery->start.seq, 2);
}

static void
a_reply_goes_on_where_it_was(void **state)
{
	struct journaltest_reply reply = orphan_of(BEGUN, "{}");
	struct recovery recovery = recovered(&reply);
	const struct hub_start *start = &recovery.start;
	struct message message = journaltest_stored(&reply);

	(void)state;
	assert_true(recovery.taken);
	assert_non_null(recovery.model);
	assert_string_equal(message.status, STATUS_STREAMING);
	assert_int_equal(message.worker_id, own.node);
	assert_int_equal(message.worker_epoch, own.epoch);
	assert_true(journaltest_has(message.metadata, "crashContinued"));
	assert_closed(&reply, &recovery, "text-end");
	assert_int_equal(start->session_id, reply.session_id);
	assert_int_equal(start->message_id, reply.id);
	assert_int_equal(start->user_id,
		testdb_number(journaltest.t,
			"SELECT user_id FROM session WHERE id = ?",
			reply.session_id));
	assert_int_equal(start->lease.node, own.node);
	assert_int_equal(start->began_ms, message.update_ms);
	assert_true(journaltest_has(start->parts, "\"hello\""));
	assert_true(journaltest_has(start->metadata, "crashContinued"));
	assert_true(start->goes_on);
	assert_true(start->made);
	assert_true(start->untitled);
	assert_int_equal(start->peer.fd, -1);
}

static void
a_reply_that_has_said_nothing_begins(void **state)
{
	struct journaltest_reply reply = journaltest_reply();
	struct recovery recovery;

	(void)state;
	journaltest_expire();
	recovery = recovered(&reply);
	assert_true(recovery.taken);
	assert_int_equal(recovery.start.seq, 0);
	assert_true(span_is(recovery.start.parts, "[]"));
}

static void
nothing_is_written_where_nothing_is_open(void **state)
{
	struct journaltest_reply reply =
		orphan_of(CHUNK("{\"type\":\"start-step\"}")
				  CHUNK("{\"type\":\"finish-step\"}"),
			"{}");
	struct recovery recovery = recovered(&reply);

	(void)state;
	assert_true(recovery.taken);
	assert_int_equal(journaltest_rows(&reply), 1);
	assert_int_equal(recovery.start.seq, 1);
}

static void
a_call_that_was_cut_off_has_failed(void **state)
{
	struct journaltest_reply reply = orphan_of(BEGUN CALLS, "{}");
	struct recovery recovery = recovered(&reply);

	(void)state;
	assert_true(recovery.taken);
	assert_closed(&reply, &recovery, "tool-output-error");
	assert_true(journaltest_has(recovery.start.parts, "interrupted"));
}

static void
assert_ended(
	const struct journaltest_reply *reply, const struct recovery *recovery)
{
	assert_false(recovery->taken);
	assert_string_equal(journaltest_stored(reply).status, "interrupted");
	assert_int_equal(journaltest_rows(reply), 0);
}

/* A reply that crashes its process again and again is not tried forever. */
static void
a_reply_goes_on_once(void **state)
{
	struct journaltest_reply reply =
		orphan_of(BEGUN, "{\"crashContinued\":true}");
	struct recovery recovery = recovered(&reply);

	(void)state;
	assert_ended(&reply, &recovery);
}

static void
a_reply_does_not_go_on_by_another_model(void **state)
{
	struct journaltest_reply reply =
		orphan_of(BEGUN, "{\"modelId\":\"999\"}");
	struct recovery recovery = recovered(&reply);

	(void)state;
	assert_ended(&reply, &recovery);
}

static void
a_reply_continues_with_the_model_that_began_it(void **state)
{
	struct journaltest_reply reply =
		orphan_of(BEGUN, "{\"modelId\":\"" MODELS_CONFIGURED "\"}");
	struct recovery recovery = recovered(&reply);

	(void)state;
	assert_true(recovery.taken);
	assert_int_equal(recovery.model->id, 0);
}

/* It is tried again when this process has a lease. */
static void
a_worker_without_a_lease_takes_nothing_over(void **state)
{
	struct journaltest_reply reply = orphan_of(BEGUN, "{}");
	struct recovery recovery = { .own = { OWN_NODE, OWN_EPOCH - 1 },
		.recover = recovery_of_orphan,
		.after = reply.id - 1,
		.models = testmodels(&journaltest.t->conf) };
	struct recoverer recoverer = { .db = journaltest.other };

	(void)state;
	assert_int_equal(recovery_run(&recoverer, &recovery), ERR_BUSY);
	journaltest_assert_streams(&reply, true);
	assert_int_equal(journaltest_rows(&reply), 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, journaltest_end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_reply_goes_on_where_it_was),
		TEST(a_reply_that_has_said_nothing_begins),
		TEST(nothing_is_written_where_nothing_is_open),
		TEST(a_call_that_was_cut_off_has_failed),
		TEST(a_reply_goes_on_once),
		TEST(a_reply_does_not_go_on_by_another_model),
		TEST(a_reply_continues_with_the_model_that_began_it),
		TEST(a_worker_without_a_lease_takes_nothing_over),
	};

	return cmocka_run_group_tests(tests, open_all, journaltest_close);
}
