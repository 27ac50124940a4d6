/* stream_test.c: what the readers of a stream are shown, and when. */

#include "chat/stream.h"

#include "../unit.h"
#include "chat/stream_private.h"
#include "plain_framing.h"
#include "streamtest.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void
nothing_is_shown_before_it_is_durable(void **state)
{
	struct stage *stage = *state;
	int fd = streamtest_join(stage, 64 * KB);

	streamtest_begin(stage);
	streamtest_say(stage, "secret");
	streamtest_arrived(fd);
	streamtest_take(stage);
	assert_string_equal(streamtest_arrived(fd), "");
	streamtest_kept(stage);
	assert_non_null(strstr(streamtest_arrived(fd), "secret"));
	close(fd);
}

static void
a_new_reader_sees_everything_once(void **state)
{
	struct stage *stage = *state;
	char seen[8 * KB];
	int fd;

	streamtest_begin(stage);
	streamtest_say(stage, "durable ");
	streamtest_take(stage);
	streamtest_kept(stage);
	streamtest_say(stage, "inflight ");
	streamtest_take(stage);
	streamtest_say(stage, "pending ");

	/* A reader that joins while some text is not durable is not shown that
	 * text yet. */
	fd = streamtest_join(stage, 64 * KB);
	assert_string_equal(streamtest_arrived(fd), "hello ");
	streamtest_kept(stage);
	assert_string_equal(streamtest_arrived(fd), "");
	streamtest_say(stage, "later");
	streamtest_take(stage);
	streamtest_kept(stage);
	snprintf(seen, sizeof(seen), "%s", streamtest_arrived(fd));
	assert_non_null(strstr(seen, "durable inflight pending "));
	assert_non_null(strstr(seen, "\"later\""));
	assert_null(strstr(strstr(seen, "inflight") + 1, "inflight"));
	close(fd);
}

static void
a_new_reader_of_a_quiet_stream_is_served_at_once(void **state)
{
	struct stage *stage = *state;
	int fd;

	streamtest_begin(stage);
	streamtest_say(stage, "all of it");
	streamtest_take(stage);
	streamtest_kept(stage);
	fd = streamtest_join(stage, 64 * KB);
	assert_non_null(strstr(streamtest_arrived(fd), "all of it"));
	close(fd);
}

static void
assert_whole_chunks(const struct buf *row)
{
	assert_memory_equal(row->data, "data: ", 6);
	assert_memory_equal(row->data + row->len - 2, "\n\n", 2);
}

static void
a_long_run_is_cut_between_chunks(void **state)
{
	static char long_text[300 * KB];
	struct stage *stage = *state;
	const struct journal_entry *entry;
	uint64_t said;
	size_t rows = 0, taken = 0;

	streamtest_begin(stage);
	for (int i = 0; i < 20000; i++)
		streamtest_say(stage, "word ");
	memset(long_text, 'x', sizeof(long_text) - 1);
	streamtest_say(stage, long_text);
	streamtest_say(stage, "end");
	said = stream_said(stage->stream);
	while (stream_waiting(stage->stream) > 0) {
		entry = streamtest_take(stage);
		assert_whole_chunks(&entry->body);
		assert_true(entry->body.len < STREAM_PIECE_MAX + 310 * KB);
		assert_int_equal(entry->seq, rows++);
		taken += entry->body.len;
		streamtest_kept(stage);
	}
	assert_true(rows > 5);
	assert_int_equal(taken, said);
}

/* What is in the batch belongs to the batch, whatever happens to the stream. */
static void
a_taken_entry_outlives_the_stream(void **state)
{
	struct stage *stage = *state;
	const struct journal_entry *entry;
	struct buf copy = BUF_INIT;

	streamtest_begin(stage);
	streamtest_say(stage, "one");
	entry = streamtest_take(stage);
	buf_put_span(&copy, buf_span(&entry->body));
	for (int i = 0; i < 100000; i++)
		streamtest_say(stage, "and another hundred thousand");
	stream_abandon_entry(stage->stream);
	stream_free(stage->stream);
	assert_null(entry->owner);
	assert_true(span_equal(buf_span(&copy), buf_span(&entry->body)));
	buf_free(&copy);
	stage->stream = stream_open(
		&(struct hub_start){
			.model = llm_model_hold(&streamtest_model) },
		STREAM_RUNNING);
}

static void
a_reader_that_does_not_read_is_cut_off(void **state)
{
	struct stage *stage = *state;
	char text[4 * KB];
	int lazy = streamtest_join(stage, 64 * KB),
	    eager = streamtest_join(stage, 64 * KB);

	streamtest_begin(stage);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 200 && stage->n_gone == 0; i++) {
		streamtest_say(stage, text);
		streamtest_take(stage);
		streamtest_kept(stage);
		streamtest_arrived(eager);
		streamtest_arrived(eager);
	}
	assert_int_equal(stage->n_gone, 1);
	assert_non_null(stage->stream->followers);
	assert_null(stage->stream->followers->next);
	close(lazy);
	close(eager);
}

/* Each reader has room of its own, but all readers of a user together have
 * less. */
static void
a_users_readers_share_what_is_kept_for_them(void **state)
{
	const struct rates_who who[] = { rates_user(1), rates_user(2),
		{ { 0 } } };
	struct rates *rates = rates_new();
	struct follower_share share = { rates, 0,
		rates_sum(rates, "unread", &who[2]), 100 * KB, 1024 * KB };
	struct stage *stage = *state;
	char text[4 * KB];
	int fds[6];

	for (int i = 0; i < 6; i++) {
		share.user = rates_sum(rates, "unread", &who[i == 0]);
		share.user_max = i == 0 ? 1024 * KB : 100 * KB;
		fds[i] = streamtest_join_sharing(stage, 1024 * KB, share);
	}
	streamtest_begin(stage);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 80; i++) {
		streamtest_say(stage, text);
		streamtest_take(stage);
		streamtest_kept(stage);
	}
	/* The other user's only reader stays. */
	assert_int_equal(stage->n_gone, 5);
	assert_non_null(stage->stream->followers);
	assert_false(rates_add(rates, share.all, 1024 * KB, 1024 * KB));
	for (int i = 0; i < 6; i++)
		close(fds[i]);
	stream_close_readers(stage->stream, false);
	loop_stop(stage->loop);
	loop_run(stage->loop); /* frees the followers */
	assert_true(rates_add(rates, share.all, 1024 * KB, 1024 * KB));
	rates_free(rates);
}

/* ---- replays that another thread writes */

static void
the_end_is_proper_or_broken(void **state)
{
	struct stage *stage = *state;
	int fd = streamtest_join(stage, 64 * KB);
	char byte;

	streamtest_arrived(fd);
	stream_close_readers(stage->stream, true);
	assert_string_equal(streamtest_arrived(fd), "<end>");
	assert_int_equal(stage->n_gone, 0);
	close(fd);

	fd = streamtest_join(stage, 64 * KB);
	streamtest_arrived(fd);
	stream_close_readers(stage->stream, false);
	assert_string_equal(streamtest_arrived(fd), "");
	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_is_shown_before_it_is_durable, streamtest_setup,
			streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_new_reader_sees_everything_once, streamtest_setup,
			streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_new_reader_of_a_quiet_stream_is_served_at_once,
			streamtest_setup, streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_long_run_is_cut_between_chunks, streamtest_setup,
			streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_taken_entry_outlives_the_stream, streamtest_setup,
			streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_reader_that_does_not_read_is_cut_off,
			streamtest_setup, streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_users_readers_share_what_is_kept_for_them,
			streamtest_setup, streamtest_teardown),
		cmocka_unit_test_setup_teardown(the_end_is_proper_or_broken,
			streamtest_setup, streamtest_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
