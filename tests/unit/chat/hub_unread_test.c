/* hub_unread_test.c: what models say is left unread until the next batch may
 * go, if several say something for each. */

#include "chat/hub.h"

#include "talktest.h"

#include <unistd.h>

#define HOUR_MS 3600000
#define STREAMS 32 /* enough for a batch without waiting */
/* For so long nothing was said; as many rows are then expected after as long
 * again. Longer than a reply must go on before it may wait. */
#define PAUSE_MS 3000

static int
open_all(void **state)
{
	talktest.gap_ms = HOUR_MS;
	return talktest_open(state);
}

static struct hub_counts
counts(void)
{
	return hub_counts(talktest.hub);
}

/* All have gone on for a while, and have just been in one batch. */
static void
start_all(struct talk *talks)
{
	for (int i = 0; i < STREAMS; i++) {
		talktest_start(&talks[i]);
		talktest_say(&talks[i], TALKTEST_ANSWER TALKTEST_WORD("one"));
		talktest_read_until(&talks[i], "\"one\"");
	}
	usleep(PAUSE_MS * 1000);
	for (int i = 0; i < STREAMS; i++)
		talktest_say(&talks[i], TALKTEST_WORD("two"));
	for (int i = 0; i < STREAMS; i++)
		talktest_read_until(&talks[i], "\"two\"");
}

static void
finish_all(struct talk *talks)
{
	for (int i = 0; i < STREAMS; i++)
		talktest_finish(&talks[i]);
}

static void
words_are_read_when_their_batch_may_go(void **state)
{
	static struct talk talks[STREAMS];
	uint64_t batches;

	(void)state;
	start_all(talks);
	batches = counts().batches_total;
	for (int i = 0; i < 4; i++)
		talktest_say(&talks[i], TALKTEST_WORD("three"));
	usleep(100000);
	assert_int_equal(counts().waiting, 0);
	for (int i = 0; i < 4; i++)
		talktest_read_until(&talks[i], "\"three\"");
	assert_int_equal(counts().batches_total, batches + 1);
	finish_all(talks);
}

/* Whether words have been read that wait for their batch. */
static bool
some_wait(void)
{
	for (int i = 0; i < 100 && counts().waiting == 0; i++)
		usleep(10000);
	return counts().waiting > 0;
}

static void
a_new_reply_is_read_at_once(void **state)
{
	static struct talk talks[STREAMS];
	struct talk talk;

	(void)state;
	start_all(talks);
	for (int i = 0; i < STREAMS; i++)
		talktest_say(&talks[i], TALKTEST_WORD("three"));
	talktest_start(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(&talk, "\"one\"");
	assert_int_equal(counts().waiting, 0);
	talktest_say(&talk, TALKTEST_WORD("two"));
	assert_true(some_wait());
	talktest_finish(&talk);
	finish_all(talks);
}

static enum err
say_while_the_session_is_locked(struct db *db, void *arg)
{
	static const char HOLD[] =
		"UPDATE session SET title = title WHERE id = ?";
	struct talk *talks = arg;
	uint64_t batches = counts().batches_total;

	TRY(db_exec(db, HOLD, PARAMS(U64(talks[0].session_id))));
	talktest_leave(&talks[0]);
	while (counts().batches_total == batches)
		usleep(10000);
	talktest_say(&talks[1], TALKTEST_WORD("three"));
	talktest_read_until(&talks[1], "\"three\"");
	assert_true(counts().ahead);
	return OK;
}

/* The database is away for too long: words are shown before their commit, so
 * they have to be read. */
static void
words_are_read_while_a_batch_stays_out(void **state)
{
	static struct talk talks[STREAMS];
	struct db *beside = db_new(&talktest.t->conf.db);

	(void)state;
	talktest.t->conf.chat.journal_wait_ms = 200;
	start_all(talks);
	assert_int_equal(
		db_transaction(beside, say_while_the_session_is_locked, talks),
		OK);
	db_free(beside);
	talktest_read_until(&talks[0], "[DONE]");
	close(talks[0].reader);
	buf_free(&talks[0].read);
	for (int i = 1; i < STREAMS; i++)
		talktest_finish(&talks[i]);
	talktest.t->conf.chat.journal_wait_ms = 60000;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_read_when_their_batch_may_go),
		cmocka_unit_test(a_new_reply_is_read_at_once),
		cmocka_unit_test(words_are_read_while_a_batch_stays_out),
	};

	return cmocka_run_group_tests(tests, open_all, talktest_close);
}
