/* hub_bytes_test.c: who owns the text of a reply at every moment of a stream's
 * life, with far more text than a row of the journal has. */

#include "hubtest.h"

#include "base/clock.h"
#include "plain_framing.h"

static const char TAKE_AWAY[] =
	"UPDATE worker SET epoch = epoch + 1 WHERE id = ?";

static void
running(void **state)
{
	(void)state;
	hubtest_start_held_up();
	hubtest_each(hubtest_say_much);
	assert_int_equal(hub_counts(hubtest.hub).ahead_total, 0);
	hubtest_let_go();
	hubtest_wait_until_each(hubtest_is_durable);
	hubtest_each(hubtest_end);
	hubtest_finish(true);
	hub_close(hubtest.hub);
}

static void
ended(void **state)
{
	(void)state;
	hubtest_start_held_up();
	hubtest_each(hubtest_say_much);
	hubtest_each(hubtest_end);
	hubtest_let_go();
	hubtest_finish(true);
	hub_close(hubtest.hub);
}

static void
storing(void **state)
{
	(void)state;
	hubtest_start_held_up();
	hubtest_each(hubtest_say_much);
	hubtest_let_go();
	hubtest_wait_until_each(hubtest_is_durable);
	hubtest_hold();
	hubtest_each(hubtest_end);
	hubtest_wait_until(hubtest_is_storing, &hubtest.talks[0]);
	hubtest_let_go();
	hubtest_finish(true);
	hub_close(hubtest.hub);
}

static void
dropped_while_in_flight(void **state)
{
	struct talk more = { 0 };

	(void)state;
	hubtest_start_held_up();
	hubtest_each(hubtest_say_much);
	hubtest_wait_until(hubtest_has_entry, &hubtest.talks[0]);
	hubtest_in_loop(hubtest_drop, &hubtest.talks[0]);
	hubtest_let_go();
	hubtest_wait_until(hubtest_is_durable, &hubtest.talks[1]);
	hubtest_start(&more);
	hubtest_in_loop(hubtest_begin, &more);
	hubtest_in_loop(hubtest_end, &more);
	pthread_join(more.reader, NULL);
	hubtest_assert_stored(&more);
	buf_free(&more.said);
	buf_free(&more.read);
	hub_close(hubtest.hub);
	pthread_join(hubtest.talks[0].reader, NULL);
	hubtest_assert_read(&hubtest.talks[0], false);
	for (int i = 0; i < HUBTEST_READERS; i++) {
		if (i > 0)
			pthread_join(hubtest.talks[i].reader, NULL);
		buf_free(&hubtest.talks[i].said);
		buf_free(&hubtest.talks[i].read);
	}
}

/* Another process has taken over the lease, and the replies with it. */
static void
lease_changed(void **state)
{
	struct lease before = snowflake_lease(hubtest.ids), now;

	(void)state;
	hubtest_start_held_up();
	hubtest_each(hubtest_say_much);
	assert_int_equal(
		db_exec(hubtest.lock, TAKE_AWAY, PARAMS(U64(before.node))), OK);
	hubtest_let_go();
	hubtest_finish(false);
	do {
		hubtest_nap_ms(20);
		now = snowflake_lease(hubtest.ids);
	} while (now.epoch == 0 ||
		(now.node == before.node && now.epoch == before.epoch));
	hub_close(hubtest.hub);
}

static void
all_is_read(struct stream *stream, struct talk *talk)
{
	(void)talk;
	hubtest_is_so = stream->shown == stream_said(stream);
}

static void
shown_before_it_is_durable(void **state)
{
	(void)state;
	hubtest.t->conf.chat.journal_wait_ms = 50;
	hubtest_start_held_up();
	hubtest_wait_until_each(all_is_read);
	assert_true(hub_counts(hubtest.hub).ahead);
	hubtest_each(hubtest_say_much);
	hubtest_wait_until_each(all_is_read);
	assert_int_equal(hub_counts(hubtest.hub).ahead_total, 1);
	hubtest_let_go();
	hubtest_wait_until_each(hubtest_is_durable);
	hubtest_each(hubtest_end);
	hubtest_finish(true);
	assert_false(hub_counts(hubtest.hub).ahead);
	hub_close(hubtest.hub);
	hubtest.t->conf.chat.journal_wait_ms = 60000;
}

static void *
close_hub(void *arg)
{
	hub_close(arg);
	return NULL;
}

/* This is longer than the hub waits for the last updates (LAST_STORE_MS). */
#define CLOSE_MS 10500

/* The hub gives up what the database does not accept in time. */
static void
closed_while_a_batch_is_out(void **state)
{
	pthread_t closer;

	(void)state;
	hubtest_start_held_up();
	hubtest_each(hubtest_say_much);
	assert_int_equal(
		pthread_create(&closer, NULL, close_hub, hubtest.hub), 0);
	hubtest_nap_ms(CLOSE_MS);
	hubtest_let_go();
	hubtest_finish(false);
	pthread_join(closer, NULL);
}

/* The second of two batches does not contain what was in the first. */
static void
stored_text_is_not_stored_again(void **state)
{
	int64_t since_ms = clock_mono_ms();
	const struct histogram *times;
	uint64_t n = 0;

	(void)state;
	assert_int_equal(hub_open(&hubtest.t->conf, &hubtest.tools, hubtest.ids,
				 &plain_framing, &hubtest.hub),
		OK);
	for (int i = 0; i < HUBTEST_READERS; i++) {
		struct talk *talk = &hubtest.talks[i];

		hubtest_start(talk);
		hubtest_in_loop(hubtest_begin, talk);
		hubtest_wait_until(hubtest_is_durable, talk);
		hubtest_in_loop(hubtest_end, talk);
		pthread_join(talk->reader, NULL);
	}
	times = hub_counts(hubtest.hub).batch_times;
	for (int i = 0; i <= HISTOGRAM_N; i++)
		n += times->counts[i];
	assert_int_equal(n, hub_counts(hubtest.hub).batches_total);
	assert_true((int64_t)times->sum_ms <= clock_mono_ms() - since_ms);
	for (int i = 0; i < HUBTEST_READERS; i++) {
		hubtest_assert_stored(&hubtest.talks[i]);
		buf_free(&hubtest.talks[i].said);
		buf_free(&hubtest.talks[i].read);
	}
	hub_close(hubtest.hub);
}

static enum err
begin_meanwhile(struct db *others, void *arg)
{
	TRY(db_exec(others, "DO 1", NO_PARAMS));
	hubtest_in_loop(hubtest_begin, arg);
	hubtest_wait_until(hubtest_is_durable, arg);
	return OK;
}

static void
words_have_the_last_connection(void **state)
{
	struct db_conf *conf = &hubtest.t->conf.db;
	struct talk *talk = &hubtest.talks[0];
	struct db *others;

	(void)state;
	conf->connections = 2;
	db_pool_open(conf);
	others = db_new(conf);
	assert_int_equal(hub_open(&hubtest.t->conf, &hubtest.tools, hubtest.ids,
				 &plain_framing, &hubtest.hub),
		OK);
	hubtest_start(talk);
	assert_int_equal(db_transaction(others, begin_meanwhile, talk), OK);
	hubtest_in_loop(hubtest_end, talk);
	pthread_join(talk->reader, NULL);
	hubtest_assert_stored(talk);
	buf_free(&talk->said);
	buf_free(&talk->read);
	hub_close(hubtest.hub);
	db_free(others);
	db_pool_close(conf);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(running),
		cmocka_unit_test(ended),
		cmocka_unit_test(storing),
		cmocka_unit_test(dropped_while_in_flight),
		cmocka_unit_test(lease_changed),
		cmocka_unit_test(shown_before_it_is_durable),
		cmocka_unit_test(closed_while_a_batch_is_out),
		cmocka_unit_test(stored_text_is_not_stored_again),
		cmocka_unit_test(words_have_the_last_connection),
	};

	return cmocka_run_group_tests(tests, hubtest_open, hubtest_close);
}
