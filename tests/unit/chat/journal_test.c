/* journal_test.c: a batch is stored completely, or the journal reports which
 * entries are not. */

#include "journaltest.h"
#include "message/parts.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASKED                                                            \
	"data: {\"type\":\"start-step\"}\n\n"                            \
	"data: {\"type\":\"tool-input-available\",\"toolCallId\":\"c\"," \
	"\"toolName\":\"t\",\"input\":{}}\n\n"                           \
	"data: {\"type\":\"tool-approval-request\",\"approvalId\":"      \
	"\"a\",\"toolCallId\":\"c\"}\n\n"

static struct journal_batch *const batch = &journaltest.batch;

static struct span
long_body(size_t len)
{
	char *body = arena_alloc(&journaltest.t->arena, len);

	memset(body, 'x', len);
	return (struct span){ body, len };
}

/* ---- what is stored */

/* A few rows, more than the largest statement takes, many, and a long one,
 * which is stored in another way. */
static void
all_rows_are_stored(void **state)
{
	static const struct {
		uint32_t n;
		size_t len;
	} cases[] = { { 1, 10 }, { 33, 10 }, { 128, 10 }, { 300, 10 },
		{ 2, 200000 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct journaltest_reply reply = journaltest_reply();
		struct lease lease = batch->lease;

		for (uint32_t seq = 0; seq < cases[i].n; seq++)
			journaltest_say(&reply, seq, long_body(cases[i].len));
		assert_int_equal(batch->n, cases[i].n);
		assert_int_equal(batch->bytes, cases[i].n * cases[i].len);
		journaltest_store();
		assert_int_equal(batch->result, OK);
		assert_int_equal(journaltest_rows(&reply), cases[i].n);
		for (struct journal_entry *e = batch->first; e != NULL;
			e = e->next)
			assert_false(e->failed);
		journal_batch_clear(batch);
		assert_null(batch->first);
		assert_int_equal(batch->n, 0);
		assert_int_equal(batch->bytes, 0);
		assert_int_equal(batch->lease.node, 0);
		batch->lease = lease;
	}
}

static void
ends_are_stored_beside_the_rows_of_others(void **state)
{
	struct journaltest_reply ends = journaltest_reply(),
				 asks = journaltest_reply(),
				 goes_on = journaltest_reply();
	struct journal_entry *end;
	struct message message;

	(void)state;
	journaltest_say(&goes_on, 0, span_of("one"));
	end = journaltest_finish(&ends, JOURNALTEST_SAID);
	assert_int_equal(batch->bytes, 3 + parts_size(end->said));
	journaltest_finish(&asks, ASKED);
	journaltest_say(&goes_on, 1, span_of("two"));
	journaltest_store();
	assert_int_equal(batch->result, OK);
	message = journaltest_stored(&ends);
	assert_string_equal(message.status, STATUS_COMPLETE);
	assert_true(journaltest_has(message.parts, "\"hello\""));
	assert_true(journaltest_has(message.metadata, "\"model\":\"m\""));
	assert_true(journaltest_has(
		journaltest_stored(&asks).parts, "approval-requested"));
	assert_false(end->asks);
	assert_true(end->next->asks);
	assert_int_equal(journaltest_rows(&goes_on), 2);
	journaltest_assert_streams(&goes_on, true);
	/* They may be megabytes; the journal's thread has freed them. */
	assert_null(end->parts.data);
	assert_null(end->metadata.data);
}

/* ---- what is refused */

static void
what_is_refused_is_marked_alone(void **state)
{
	struct journaltest_reply bad = journaltest_reply(),
				 good = journaltest_reply(),
				 ends = journaltest_reply();
	struct journal_entry *first, *refused;

	(void)state;
	first = journaltest_say(&good, 0, span_of("one"));
	refused = journaltest_say(&bad, 0, journaltest_unreadable);
	journaltest_finish(&ends, JOURNALTEST_SAID);
	journaltest_say(&good, 1, span_of("two"));
	journaltest_store();
	assert_int_equal(batch->result, OK);
	for (struct journal_entry *e = first; e != NULL; e = e->next)
		assert_int_equal(e->failed, e == refused);
	assert_int_equal(journaltest_rows(&bad), 0);
	assert_int_equal(journaltest_rows(&good), 2);
	journaltest_assert_streams(&ends, false);
}

/* No answer was lost: the rows belong to somebody else. */
static void
rows_that_are_there_already_are_refused(void **state)
{
	struct journaltest_reply reply = journaltest_reply();
	struct lease lease = batch->lease;
	struct journal_entry *again;

	(void)state;
	journaltest_say(&reply, 0, span_of("one"));
	journaltest_store();
	journal_batch_clear(batch);
	batch->lease = lease;
	again = journaltest_say(&reply, 0, span_of("other"));
	journaltest_store();
	assert_int_equal(batch->result, OK);
	assert_true(again->failed);
}

static const char REFUSE[] = "ALTER TABLE message ADD CONSTRAINT few CHECK"
			     " (session_id <> %llu OR parts NOT LIKE '%%%s%%')";

/* The end is made of what the journal has, as an error. */
static void
a_refused_end_is_made_of_the_journal(void **state)
{
	struct journaltest_reply reply = journaltest_reply(),
				 refused = journaltest_reply();
	struct testdb *t = journaltest.t;
	struct message message;

	(void)state;
	journaltest_say(&reply, 0, span_of(JOURNALTEST_SAID));
	journaltest_say(&refused, 0, span_of(JOURNALTEST_SAID));
	assert_int_equal(db_script(t->db,
				 span_of(arena_printf(&t->arena, REFUSE,
					 (unsigned long long)refused.session_id,
					 "hello"))),
		OK);
	journaltest_store();
	journal_batch_clear(batch);
	batch->lease = reply.life.lease;
	journaltest_rebuild(&reply);
	journaltest_rebuild(&refused);
	journaltest_store();
	assert_int_equal(batch->result, OK);
	message = journaltest_stored(&reply);
	assert_string_equal(message.status, "error");
	assert_true(journaltest_has(message.parts, "\"hello\""));
	assert_true(journaltest_has(message.metadata, "\"code\":\"unstored\""));
	assert_false(batch->first->failed);
	/* Only the reaper stores a reduced reply, and it does so later. */
	assert_true(batch->last->failed);
	journaltest_assert_streams(&refused, true);
	assert_int_equal(
		db_script(t->db,
			span_of("ALTER TABLE message DROP CONSTRAINT few")),
		OK);
}

/* The end was committed, its answer was lost, and the reply is continued. */
static void
the_end_of_an_earlier_life_changes_nothing(void **state)
{
	struct journaltest_reply reply = journaltest_reply();

	(void)state;
	reply.life.began_ms--;
	journaltest_rebuild(&reply);
	journaltest_store();
	assert_int_equal(batch->result, OK);
	assert_false(batch->first->failed);
	journaltest_assert_streams(&reply, true);
}

/* ---- ownership */

/* Address sanitizers report what nobody frees. */
static void
what_is_not_handed_over_is_freed_with_its_batch(void **state)
{
	struct journaltest_reply reply = journaltest_reply();

	(void)state;
	journaltest_say(&reply, 0, span_of("one"));
	journaltest_finish(&reply, JOURNALTEST_SAID);
	journal_batch_clear(batch);
	assert_int_equal(journaltest_rows(&reply), 0);
}

static void
expect_abort(
	void (*fn)(struct journal_entry *entry), struct journal_entry *entry)
{
	const struct rlimit none = { 0, 0 };
	pid_t child = fork();
	int status;

	if (child == 0) {
		setrlimit(RLIMIT_CORE, &none);
		fn(entry);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void
add(struct journal_entry *entry)
{
	journal_batch_add(batch, entry);
}

static void
clear(struct journal_entry *entry)
{
	(void)entry;
	journal_batch_clear(batch);
}

static void
submit(struct journal_entry *entry)
{
	(void)entry;
	journaltest_submit();
}

/* Submits an entry while another one is out. */
static void
submit_other(struct journal_entry *entry)
{
	struct journal_batch other = { .lease = batch->lease };

	journal_batch_add(&other, entry);
	journal_submit(journaltest.journal, &other);
}

static void
an_entry_is_in_one_batch_once(void **state)
{
	struct journaltest_reply reply = journaltest_reply();

	(void)state;
	expect_abort(submit, NULL);
	journaltest_say(&reply, 0, span_of("one"));
	journaltest_say(&reply, 1, span_of("two"));
	expect_abort(add, batch->first);
	expect_abort(add, batch->last);
}

static void
a_batch_that_is_out_is_the_journals(void **state)
{
	struct journaltest_reply reply = journaltest_reply();
	struct journal_entry *more = journal_entry_new();

	(void)state;
	journaltest_hold(JOURNALTEST_LEASE, batch->lease.node);
	journaltest_say(&reply, 0, span_of("one"));
	journaltest_submit();
	assert_true(batch->out);
	expect_abort(add, more);
	expect_abort(clear, NULL);
	expect_abort(submit, NULL);
	expect_abort(submit_other, more);
	journaltest_let_go();
	journaltest_wait();
	journal_batch_add(batch, more);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		JOURNALTEST(all_rows_are_stored),
		JOURNALTEST(ends_are_stored_beside_the_rows_of_others),
		JOURNALTEST(what_is_refused_is_marked_alone),
		JOURNALTEST(rows_that_are_there_already_are_refused),
		JOURNALTEST(a_refused_end_is_made_of_the_journal),
		JOURNALTEST(the_end_of_an_earlier_life_changes_nothing),
		JOURNALTEST(what_is_not_handed_over_is_freed_with_its_batch),
		JOURNALTEST(an_entry_is_in_one_batch_once),
		JOURNALTEST(a_batch_that_is_out_is_the_journals),
	};

	return cmocka_run_group_tests(
		tests, journaltest_open, journaltest_close);
}
