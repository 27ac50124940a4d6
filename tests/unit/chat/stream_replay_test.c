/* stream_replay_test.c: replays that another thread writes, and readers that
 * come meanwhile. */

#include "chat/stream.h"

#include "../unit.h"
#include "chat/stream_private.h"
#include "plain_framing.h"
#include "streamtest.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The reader has left before. */
static void
nobody_waits_for_a_replay(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	int fds[2];
	struct peer peer;

	streamtest_begin(stage);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	peer = (struct peer){ .fd = fds[0], .tag = 1 };
	close(fds[1]);
	assert_false(stream_await(stage->stream,
		follower_open(stage->loop, peer, &plain_framing, 64 * KB,
			streamtest_on_gone, stage),
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
			streamtest_on_gone, stage),
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
	streamtest_say(stage, text);
	streamtest_take(stage);
	streamtest_kept(stage);
}

static void
a_replay_that_comes_late_comes_first(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	char seen[8 * KB];
	int fd;

	streamtest_begin(stage);
	store(stage, "before");
	fd = await(stage, &order);
	assert_string_equal(streamtest_arrived(fd), "hello ");
	store(stage, "one");
	store(stage, "two");
	assert_string_equal(streamtest_arrived(fd), "");
	deliver(&order);
	snprintf(seen, sizeof(seen), "%s", streamtest_arrived(fd));
	assert_memory_equal(seen, "REPLAY data: ", 13);
	assert_null(strstr(seen, "before"));
	assert_true(strstr(seen, "one") < strstr(seen, "two"));
	store(stage, "three");
	assert_non_null(strstr(streamtest_arrived(fd), "three"));
	close(fd);
}

static void
a_replay_waits_until_it_is_durable(void **state)
{
	struct stage *stage = *state;
	struct follower_order order;
	char seen[8 * KB];
	int fd;

	streamtest_begin(stage);
	streamtest_say(stage, "pending");
	fd = await(stage, &order);
	streamtest_arrived(fd);
	deliver(&order);
	assert_string_equal(streamtest_arrived(fd), "");
	streamtest_take(stage);
	streamtest_say(stage, "behind");
	streamtest_kept(stage);
	assert_string_equal(streamtest_arrived(fd), "REPLAY ");
	streamtest_take(stage);
	streamtest_kept(stage);
	snprintf(seen, sizeof(seen), "%s", streamtest_arrived(fd));
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

	streamtest_begin(stage);
	store(stage, "all");
	fd = await(stage, &order);
	streamtest_arrived(fd);
	stream_close_readers(stage->stream, true);
	assert_string_equal(streamtest_arrived(fd), "");
	deliver(&order);
	assert_string_equal(streamtest_arrived(fd), "REPLAY <end>");
	assert_int_equal(stage->n_gone, 0);
	close(fd);
}

/* Nothing of the replay arrives, whichever side has left first. */
static void
a_replay_for_nobody(void **state)
{
	struct stage *stage = *state;
	struct follower_order orders[3];
	int fds[3];

	streamtest_begin(stage);
	store(stage, "all");
	fds[0] = await(stage, &orders[0]);
	stream_close_readers(stage->stream, false);
	fds[1] = await(stage, &orders[1]);
	close(fds[1]);
	store(stage, "unread"); /* it is kept, because nothing is sent yet */
	deliver(&orders[1]);
	assert_int_equal(stage->n_gone, 1);
	fds[2] = await(stage, &orders[2]);
	streamtest_arrived(fds[2]);
	stream_refuse(stage->stream);
	for (int i = 0; i < 3; i++) {
		assert_null(orders[i].follower);
		deliver(&orders[i]);
	}
	assert_string_equal(streamtest_arrived(fds[2]), "");
	stream_show(stage->stream, stream_said(stage->stream));
	assert_non_null(strstr(streamtest_arrived(fds[2]), "\"error\""));
	close(fds[0]);
	close(fds[2]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nobody_waits_for_a_replay,
			streamtest_setup, streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_replay_that_comes_late_comes_first, streamtest_setup,
			streamtest_teardown),
		cmocka_unit_test_setup_teardown(
			a_replay_waits_until_it_is_durable, streamtest_setup,
			streamtest_teardown),
		cmocka_unit_test_setup_teardown(an_end_waits_for_the_replay,
			streamtest_setup, streamtest_teardown),
		cmocka_unit_test_setup_teardown(a_replay_for_nobody,
			streamtest_setup, streamtest_teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
