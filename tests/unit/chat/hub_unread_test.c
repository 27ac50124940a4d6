/* hub_unread_test.c: what models say is left unread until the next batch may
 * go, if several say something for each. */

#include "chat/hub.h"

#include "talktest.h"

#include <stdio.h>
#include <unistd.h>

#define HOUR_MS 3600000
#define STREAMS 32 /* enough for a batch without waiting */
/* For so long nothing was said; as many rows are then expected after as long
 * again. Longer than a reply must go on before it may wait. */
#define PAUSE_MS 2000

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
	assert_int_equal(counts().batches_total, batches);
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

/* Whether a further word is read that waits, too. */
static bool
more_wait_after(struct talk *talk, const char *word)
{
	uint64_t before = counts().waiting;
	char text[200];

	snprintf(text, sizeof(text), TALKTEST_WORD("%s"), word);
	talktest_say(talk, text);
	for (int i = 0; i < 200 && counts().waiting == before; i++)
		usleep(10000);
	return counts().waiting > before;
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

static void
few_words_are_read_as_they_come(void **state)
{
	struct talk talk;

	(void)state;
	talktest_start(&talk);
	talktest_say(&talk, TALKTEST_ANSWER TALKTEST_WORD("one"));
	talktest_read_until(&talk, "\"one\"");
	usleep(PAUSE_MS * 1000);
	talktest_say(&talk, TALKTEST_WORD("two"));
	assert_true(some_wait());
	assert_true(more_wait_after(&talk, "three"));
	talktest_finish(&talk);
}

/* No words are stored while the worker's row is locked. */
static enum err
say_while_the_worker_is_locked(struct db *db, void *arg)
{
	static const char HOLD[] =
		"SELECT id FROM worker WHERE id = ? FOR UPDATE";
	struct talk *talks = arg;
	uint64_t batches = counts().batches_total, id;

	TRY(db_one(db, &talktest.t->arena, HOLD,
		PARAMS(U64(snowflake_lease(talktest.ids).node)), row_read_u64,
		&id));
	for (int i = 0; i < STREAMS; i++)
		talktest_say(&talks[i], TALKTEST_WORD("three"));
	while (counts().batches_total == batches)
		usleep(10000);
	while (!counts().ahead)
		usleep(10000);
	assert_true(more_wait_after(&talks[1], "four"));
	talktest_read_until(&talks[1], "\"four\"");
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
		db_transaction(beside, say_while_the_worker_is_locked, talks),
		OK);
	db_free(beside);
	finish_all(talks);
	talktest.t->conf.chat.journal_wait_ms = 60000;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_read_when_their_batch_may_go),
		cmocka_unit_test(a_new_reply_is_read_at_once),
		cmocka_unit_test(few_words_are_read_as_they_come),
		cmocka_unit_test(words_are_read_while_a_batch_stays_out),
	};

	return cmocka_run_group_tests(tests, open_all, talktest_close);
}
