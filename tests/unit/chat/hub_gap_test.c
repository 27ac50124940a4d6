/* hub_gap_test.c: which text waits for the gap between two commits. The gap is
 * an hour, so whatever is shown has not waited for it. */

#include "chat/hub.h"

#include "talktest.h"

#include <string.h>
#include <unistd.h>

#define HOUR_MS 3600000
#define ENOUGH 32 /* this many streams make a batch without waiting */

static int
open_all(void **state)
{
	talktest.gap_ms = HOUR_MS;
	return talktest_open(state);
}

static uint64_t
n_batches(void)
{
	return hub_counts(talktest.hub).batches_total;
}

/* The words in between are committed with the end. */
static void
first_words_and_ends_do_not_wait(void **state)
{
	struct talk talk;
	uint64_t batches;

	(void)state;
	talktest_start(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(&talk, "\"one\"");
	batches = n_batches();
	talktest_say(&talk, TALKTEST_WORD("two"));
	talktest_say(&talk, TALKTEST_WORD("three"));
	usleep(100000);
	assert_int_equal(n_batches(), batches);
	assert_null(strstr(buf_str(&talk.read), "\"two\""));
	talktest_finish(&talk);
	assert_int_equal(n_batches(), batches + 1);
}

static void
enough_rows_do_not_wait(void **state)
{
	static struct talk talks[ENOUGH];

	(void)state;
	for (int i = 0; i < ENOUGH; i++) {
		talktest_start(&talks[i]);
		talktest_say(&talks[i], TALKTEST_ANSWER TALKTEST_WORD("one"));
		talktest_read_until(&talks[i], "\"one\"");
	}
	for (int i = 0; i < ENOUGH; i++)
		talktest_say(&talks[i], TALKTEST_WORD("two"));
	for (int i = 0; i < ENOUGH; i++)
		talktest_read_until(&talks[i], "\"two\"");
	for (int i = 0; i < ENOUGH; i++)
		talktest_finish(&talks[i]);
}

/* More streams than one batch takes; the first one is held up until all have
 * ended. */
#define MANY 60

static enum err
end_many(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE session SET title = title WHERE id = ?";
	struct talk *talks = arg;
	uint64_t batches = n_batches();

	TRY(db_exec(db, HOLD, PARAMS(U64(talks[0].session_id))));
	for (int i = 0; i < MANY; i++) {
		talktest_leave(&talks[i]);
		while (n_batches() == batches)
			usleep(10000);
	}
	return OK;
}

static void
a_row_without_room_goes_into_the_next_batch(void **state)
{
	static struct talk talks[MANY];
	struct db *beside = db_new(&talktest.t->conf.db);
	uint64_t batches;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		talktest_start(&talks[i]);
		talktest_say(&talks[i], TALKTEST_ANSWER TALKTEST_WORD("one"));
		talktest_read_until(&talks[i], "\"one\"");
	}
	batches = n_batches();
	assert_int_equal(db_transaction(beside, end_many, talks), OK);
	db_free(beside);
	for (int i = 0; i < MANY; i++) {
		talktest_read_until(&talks[i], "[DONE]");
		close(talks[i].reader);
		buf_free(&talks[i].read);
	}
	/* One end alone, and a few batches for all the others. */
	assert_in_range(n_batches() - batches, 3, MANY / 4);
}

static uint64_t
waiting(void)
{
	return hub_counts(talktest.hub).waiting;
}

/* The first stream's end is out; meanwhile all others say as much. */
static enum err
say_while_one_ends(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE session SET title = title WHERE id = ?";
	struct talk *talks = arg;
	uint64_t batches = n_batches(), before, one;

	TRY(db_exec(db, HOLD, PARAMS(U64(talks[0].session_id))));
	talktest_leave(&talks[0]);
	while (n_batches() == batches)
		usleep(10000);
	before = waiting();
	talktest_say(&talks[1], TALKTEST_WORD("two"));
	while (waiting() == before)
		usleep(10000);
	one = waiting() - before;
	for (int i = 2; i < MANY; i++)
		talktest_say(&talks[i], TALKTEST_WORD("two"));
	while (waiting() < before + one * (MANY - 1))
		usleep(10000);
	return OK;
}

/* As many rows as a statement takes; the others come with the ends. */
static void
more_than_enough_rows_do_not_wait(void **state)
{
	static struct talk talks[MANY];
	struct db *beside = db_new(&talktest.t->conf.db);

	(void)state;
	for (int i = 0; i < MANY; i++) {
		talktest_start(&talks[i]);
		talktest_say(&talks[i], TALKTEST_ANSWER TALKTEST_WORD("one"));
		talktest_read_until(&talks[i], "\"one\"");
	}
	assert_int_equal(db_transaction(beside, say_while_one_ends, talks), OK);
	db_free(beside);
	talktest_read_until(&talks[0], "[DONE]");
	close(talks[0].reader);
	buf_free(&talks[0].read);
	talktest_read_until(&talks[1], "\"two\"");
	for (int i = 1; i < MANY; i++)
		talktest_finish(&talks[i]);
}

/* The end is held up because another connection has locked the session. */
struct held {
	struct talk *large, *small;
};

static enum err
end_one_beside(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE session SET title = title WHERE id = ?";
	const struct held *held = arg;

	TRY(db_exec(db, HOLD, PARAMS(U64(held->large->session_id))));
	talktest_leave(held->large);
	usleep(100000);
	talktest_start(held->small);
	talktest_say(held->small, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(held->small, "\"one\"");
	talktest_finish(held->small);
	assert_null(strstr(buf_str(&held->large->read), "[DONE]"));
	return OK;
}

static void
no_row_waits_for_the_end_of_a_long_reply(void **state)
{
	static char word[40000 + sizeof(TALKTEST_WORD(""))] = "";
	struct talk large, small;
	struct held held = { &large, &small };
	struct db *beside = db_new(&talktest.t->conf.db);

	(void)state;
	memset(word, 'x', 40000);
	talktest_start(&large);
	talktest_say(&large, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(&large, "\"one\"");
	for (int i = 0; i < 10; i++) {
		talktest_say(&large,
			"data: {\"choices\":[{\"index\":0,\"delta\":{"
			"\"content\":\"");
		talktest_say(&large, word);
		talktest_say(&large, "\"},\"finish_reason\":null}]}\n\n");
	}
	assert_int_equal(db_transaction(beside, end_one_beside, &held), OK);
	db_free(beside);
	talktest_read_until(&large, "[DONE]");
	close(large.reader);
	buf_free(&large.read);
}

/* The process has no lease until it gets another one. */
static void
lose_lease(void)
{
	struct lease before = snowflake_lease(talktest.ids), now;

	assert_int_equal(
		db_exec(talktest.t->db,
			"UPDATE worker SET epoch = epoch + 1 WHERE id = ?",
			PARAMS(U64(before.node))),
		OK);
	do {
		usleep(20000);
		now = snowflake_lease(talktest.ids);
	} while (now.epoch == 0 ||
		(now.node == before.node && now.epoch == before.epoch));
}

/* Another process has to recover the reply: nothing of it is written under the
 * new lease. */
static void
replies_under_a_lost_lease_end(void **state)
{
	struct talk lost, talk;
	char bytes[4096];
	ssize_t n;

	(void)state;
	talktest_start(&lost);
	talktest_say(&lost, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(&lost, "\"one\"");
	lose_lease();
	talktest_say(&lost, TALKTEST_WORD("two"));
	talktest_start(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(&talk, "\"one\"");
	talktest_finish(&talk);
	while ((n = read(lost.reader, bytes, sizeof(bytes))) > 0)
		buf_append(&lost.read, bytes, (size_t)n);
	assert_null(strstr(buf_str(&lost.read), "\"two\""));
	assert_null(strstr(buf_str(&lost.read), "[DONE]"));
	close(lost.reader);
	close(lost.model);
	buf_free(&lost.read);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_words_and_ends_do_not_wait),
		cmocka_unit_test(enough_rows_do_not_wait),
		cmocka_unit_test(a_row_without_room_goes_into_the_next_batch),
		cmocka_unit_test(more_than_enough_rows_do_not_wait),
		cmocka_unit_test(no_row_waits_for_the_end_of_a_long_reply),
		cmocka_unit_test(replies_under_a_lost_lease_end),
	};

	return cmocka_run_group_tests(tests, open_all, talktest_close);
}
