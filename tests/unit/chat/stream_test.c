/* stream_test.c: what the readers of a stream are shown, and when. */

#include "chat/stream.h"

#include "../unit.h"
#include "base/mem.h"
#include "chat/stream_private.h"
#include "plain_framing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define KB 1024

static struct llm_model model = {
	.settings = { .model = "m", .reply_max = 8 << 20 }, .holders = 1
};

struct stage {
	struct loop *loop;
	struct stream *stream;
	struct journal_batch batch;
	int n_gone;
};

static int
setup(void **state)
{
	struct stage *stage = mem_zalloc(sizeof(*stage));

	if (loop_open(&stage->loop) != OK)
		return -1;
	stage->stream = stream_open(
		&(struct hub_start){ .model = llm_model_hold(&model) },
		STREAM_RUNNING);
	*state = stage;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *stage = *state;

	stream_dismiss(stage->stream, false);
	stream_let_go(stage->stream);
	stream_free(stage->stream);
	journal_batch_clear(&stage->batch);
	loop_close(stage->loop);
	free(stage);
	return 0;
}

static void
on_gone(void *arg, struct follower *follower)
{
	struct stage *stage = arg;

	stage->n_gone++;
	stream_forget(stage->stream, follower);
}

/* A reader; gives the other end of its connection. */
static int
join_sharing(struct stage *stage, size_t max, struct follower_share share)
{
	int fds[2];
	struct peer peer;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = (struct peer){ .fd = fds[0], .tag = 1, .share = share };
	stream_join(stage->stream,
		follower_open(stage->loop, peer, &plain_framing, max, on_gone,
			stage, NULL),
		span_of("hello "));
	return fds[1];
}

static int
join(struct stage *stage, size_t max)
{
	return join_sharing(stage, max, (struct follower_share){ 0 });
}

/* What has arrived at *fd* so far. */
static const char *
arrived(int fd)
{
	static char text[8 * KB];
	ssize_t n = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	text[n > 0 ? n : 0] = '\0';
	return text;
}

static void
say(struct stage *stage, const char *text)
{
	struct llm_event event = { .type = LLM_TEXT, .text = span_of(text) };

	assert_int_equal(reply_event(stage->stream->reply, &event,
				 &stage->stream->pending),
		OK);
	stream_seal(stage->stream);
}

/* As the hub does it, by way of a batch. */
static const struct journal_entry *
take(struct stage *stage)
{
	struct journal_entry *entry = stream_take(stage->stream);

	journal_batch_add(&stage->batch, entry);
	return entry;
}

static void
kept(struct stage *stage)
{
	stream_kept(stage->stream);
	journal_batch_clear(&stage->batch);
}

static void
begin(struct stage *stage)
{
	struct llm_event event = { .type = LLM_BEGIN };
	struct buf out = BUF_INIT;

	reply_start(stage->stream->reply, 7, 0, &out);
	buf_free(&out);
	assert_int_equal(reply_event(stage->stream->reply, &event,
				 &stage->stream->pending),
		OK);
}

static void
nothing_is_shown_before_it_is_durable(void **state)
{
	struct stage *stage = *state;
	int fd = join(stage, 64 * KB);

	begin(stage);
	say(stage, "secret");
	arrived(fd);
	take(stage);
	assert_string_equal(arrived(fd), "");
	kept(stage);
	assert_non_null(strstr(arrived(fd), "secret"));
	close(fd);
}

static void
who_joins_sees_all_once(void **state)
{
	struct stage *stage = *state;
	char seen[8 * KB];
	int fd;

	begin(stage);
	say(stage, "durable ");
	take(stage);
	kept(stage);
	say(stage, "inflight ");
	take(stage);
	say(stage, "pending ");

	/* Joined while some of it is not durable: nothing of that yet. */
	fd = join(stage, 64 * KB);
	assert_string_equal(arrived(fd), "hello ");
	kept(stage);
	assert_string_equal(arrived(fd), "");
	say(stage, "later");
	take(stage);
	kept(stage);
	snprintf(seen, sizeof(seen), "%s", arrived(fd));
	assert_non_null(strstr(seen, "durable inflight pending "));
	assert_non_null(strstr(seen, "\"later\""));
	assert_null(strstr(strstr(seen, "inflight") + 1, "inflight"));
	close(fd);
}

static void
who_joins_a_quiet_stream_sees_it_at_once(void **state)
{
	struct stage *stage = *state;
	int fd;

	begin(stage);
	say(stage, "all of it");
	take(stage);
	kept(stage);
	fd = join(stage, 64 * KB);
	assert_non_null(strstr(arrived(fd), "all of it"));
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

	begin(stage);
	for (int i = 0; i < 20000; i++)
		say(stage, "word ");
	memset(long_text, 'x', sizeof(long_text) - 1);
	say(stage, long_text);
	say(stage, "end");
	said = stream_said(stage->stream);
	while (stream_waiting(stage->stream) > 0) {
		entry = take(stage);
		assert_whole_chunks(&entry->body);
		assert_true(entry->body.len < STREAM_PIECE_MAX + 310 * KB);
		assert_int_equal(entry->seq, rows++);
		taken += entry->body.len;
		kept(stage);
	}
	assert_true(rows > 5);
	assert_int_equal(taken, said);
}

/* What the batch holds is the batch's, whatever becomes of the stream. */
static void
what_was_taken_outlives_the_stream(void **state)
{
	struct stage *stage = *state;
	const struct journal_entry *entry;
	struct buf copy = BUF_INIT;

	begin(stage);
	say(stage, "one");
	entry = take(stage);
	buf_put_span(&copy, buf_span(&entry->body));
	for (int i = 0; i < 100000; i++)
		say(stage, "and another hundred thousand");
	stream_let_go(stage->stream);
	stream_free(stage->stream);
	assert_null(entry->owner);
	assert_true(span_equal(buf_span(&copy), buf_span(&entry->body)));
	buf_free(&copy);
	stage->stream = stream_open(
		&(struct hub_start){ .model = llm_model_hold(&model) },
		STREAM_RUNNING);
}

static void
a_reader_that_does_not_read_is_cut_off(void **state)
{
	struct stage *stage = *state;
	char text[4 * KB];
	int lazy = join(stage, 64 * KB), eager = join(stage, 64 * KB);

	begin(stage);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 200 && stage->n_gone == 0; i++) {
		say(stage, text);
		take(stage);
		kept(stage);
		arrived(eager);
		arrived(eager);
	}
	assert_int_equal(stage->n_gone, 1);
	assert_non_null(stage->stream->followers);
	assert_null(stage->stream->followers->next);
	close(lazy);
	close(eager);
}

/* Each has room of its own, all of a user together have less. */
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
		fds[i] = join_sharing(stage, 1024 * KB, share);
	}
	begin(stage);
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 0; i < 80; i++) {
		say(stage, text);
		take(stage);
		kept(stage);
	}
	/* The other user's only one stays. */
	assert_int_equal(stage->n_gone, 5);
	assert_non_null(stage->stream->followers);
	assert_false(rates_add(rates, share.all, 1024 * KB, 1024 * KB));
	for (int i = 0; i < 6; i++)
		close(fds[i]);
	stream_dismiss(stage->stream, false);
	loop_stop(stage->loop);
	loop_run(stage->loop); /* frees them */
	assert_true(rates_add(rates, share.all, 1024 * KB, 1024 * KB));
	rates_free(rates);
}

/* ---- a reply so far that is written elsewhere */

/* One who has left before. */
static void
nobody_waits_for_a_replay(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	int fds[2];
	struct peer peer;

	begin(stage);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = (struct peer){ .fd = fds[0], .tag = 1 };
	close(fds[1]);
	assert_false(stream_await(stage->stream,
		follower_open(stage->loop, peer, &plain_framing, 64 * KB,
			on_gone, stage, NULL),
		span_of("hello "), &order, 100));
	assert_null(order.follower);
	assert_int_equal(stage->n_gone, 1);
}

static int
await(struct stage *stage, struct follower_order *order)
{
	int fds[2];
	struct peer peer;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = (struct peer){ .fd = fds[0], .tag = 1 };
	assert_true(stream_await(stage->stream,
		follower_open(stage->loop, peer, &plain_framing, 64 * KB,
			on_gone, stage, NULL),
		span_of("hello "), order, 100));
	return fds[1];
}

static void
deliver(struct follower_order *order)
{
	struct buf framed = BUF_INIT;

	buf_puts(&framed, "REPLAY ");
	follower_deliver(order, &framed);
	buf_free(&framed);
}

static void
store(struct stage *stage, const char *text)
{
	say(stage, text);
	take(stage);
	kept(stage);
}

static void
a_replay_that_comes_late_comes_first(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	char seen[8 * KB];
	int fd;

	begin(stage);
	store(stage, "before");
	fd = await(stage, &order);
	assert_string_equal(arrived(fd), "hello ");
	store(stage, "one");
	store(stage, "two");
	assert_string_equal(arrived(fd), "");
	deliver(&order);
	snprintf(seen, sizeof(seen), "%s", arrived(fd));
	assert_memory_equal(seen, "REPLAY data: ", 13);
	assert_null(strstr(seen, "before"));
	assert_true(strstr(seen, "one") < strstr(seen, "two"));
	store(stage, "three");
	assert_non_null(strstr(arrived(fd), "three"));
	close(fd);
}

static void
a_replay_waits_until_it_is_durable(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	char seen[8 * KB];
	int fd;

	begin(stage);
	say(stage, "pending");
	fd = await(stage, &order);
	arrived(fd);
	deliver(&order);
	assert_string_equal(arrived(fd), "");
	take(stage);
	say(stage, "behind");
	kept(stage);
	assert_string_equal(arrived(fd), "REPLAY ");
	take(stage);
	kept(stage);
	snprintf(seen, sizeof(seen), "%s", arrived(fd));
	assert_null(strstr(seen, "REPLAY"));
	assert_non_null(strstr(seen, "behind"));
	close(fd);
}

static void
an_end_waits_for_the_replay(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	int fd;

	begin(stage);
	store(stage, "all");
	fd = await(stage, &order);
	arrived(fd);
	stream_dismiss(stage->stream, true);
	assert_string_equal(arrived(fd), "");
	deliver(&order);
	assert_string_equal(arrived(fd), "REPLAY <end>");
	assert_int_equal(stage->n_gone, 0);
	close(fd);
}

/* Nothing of it comes any more, whoever has left first. */
static void
a_replay_for_nobody(void **state)
{
	struct stage *stage = *state;
	struct follower_order orders[3];
	int fds[3];

	begin(stage);
	store(stage, "all");
	fds[0] = await(stage, &orders[0]);
	stream_dismiss(stage->stream, false);
	fds[1] = await(stage, &orders[1]);
	close(fds[1]);
	store(stage, "unread"); /* is kept: nothing is sent yet */
	deliver(&orders[1]);
	assert_int_equal(stage->n_gone, 1);
	fds[2] = await(stage, &orders[2]);
	arrived(fds[2]);
	stream_refuse(stage->stream);
	for (int i = 0; i < 3; i++) {
		assert_null(orders[i].follower);
		deliver(&orders[i]);
	}
	assert_string_equal(arrived(fds[2]), "");
	stream_show(stage->stream, stream_said(stage->stream));
	assert_non_null(strstr(arrived(fds[2]), "\"error\""));
	close(fds[0]);
	close(fds[2]);
}

static void
the_end_is_proper_or_broken(void **state)
{
	struct stage *stage = *state;
	int fd = join(stage, 64 * KB);
	char byte;

	arrived(fd);
	stream_dismiss(stage->stream, true);
	assert_string_equal(arrived(fd), "<end>");
	assert_int_equal(stage->n_gone, 0);
	close(fd);

	fd = join(stage, 64 * KB);
	arrived(fd);
	stream_dismiss(stage->stream, false);
	assert_string_equal(arrived(fd), "");
	assert_int_equal(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			nothing_is_shown_before_it_is_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(
			who_joins_sees_all_once, setup, teardown),
		cmocka_unit_test_setup_teardown(
			who_joins_a_quiet_stream_sees_it_at_once, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_long_run_is_cut_between_chunks, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_was_taken_outlives_the_stream, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_reader_that_does_not_read_is_cut_off, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			a_users_readers_share_what_is_kept_for_them, setup,
			teardown),
		cmocka_unit_test_setup_teardown(
			nobody_waits_for_a_replay, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_replay_that_comes_late_comes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_replay_waits_until_it_is_durable, setup, teardown),
		cmocka_unit_test_setup_teardown(
			an_end_waits_for_the_replay, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_replay_for_nobody, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_end_is_proper_or_broken, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
