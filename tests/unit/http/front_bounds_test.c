/* front_bounds_test.c: clients that have left, the limits, and the shutdown. */

#include "fronttest.h"
#include "webtest.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- a client that has left */

/* A request of a client who leaves while it waits for a thread. */
static void
leave_behind(const char *with)
{
	int fd = webtest_dial();

	webtest.method = with;
	webtest_put_request("/chat/count", "");
	webtest_send_all(fd);
	pause_ms(20); /* otherwise it is never accepted */
	close(fd);
}

static void
only_changes_are_carried_out_after_the_client_has_left(void **state)
{
	int busy[3];

	(void)state;
	for (size_t i = 0; i < LENGTH(busy); i++) {
		busy[i] = webtest_dial();
		webtest_put_request("/chat/wait", "");
		webtest_send_all(busy[i]);
		sem_wait(&served.waiting);
	}
	leave_behind("GET");
	leave_behind("POST");
	leave_behind("HEAD");
	for (size_t i = 0; i < LENGTH(busy); i++)
		sem_post(&served.go_on);
	for (size_t i = 0; i < LENGTH(busy); i++) {
		webtest_receive(busy[i]);
		webtest_assert_answer("POST /wait? ok 0:");
	}
	webtest.method = "POST";
	webtest_assert_alive();
	assert_int_equal(served.counted, 1);
}

/* ---- limits */

/* Waits for an answer; returns whether there was one. */
static bool
is_answered(int fd)
{
	struct pollfd readable = { fd, POLLIN, 0 };

	return poll(&readable, 1, 100) == 1;
}

/* The memory of large requests is returned. */
static void
assert_large_is_taken(void)
{
	static char body[BODY_MAX + 1];
	struct buf text = BUF_INIT;

	memset(body, 'b', BODY_MAX);
	buf_clear(&webtest.sent);
	webtest_put_request("/chat/x", body);
	webtest_exchange();
	assert_non_null(webtest_answer(&text));
	assert_memory_equal(text.data, "POST /x? ok 100000:", 19);
	buf_free(&text);
}

static void
large_bodies_leave_room_to_small_ones(void **state)
{
	static char body[60000];
	int fds[24], n_refused = 0;

	(void)state;
	webtest.flags = 1;
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = webtest_dial_kept();
		webtest_put_begin();
		webtest_put_params("/chat/x", "100000", NULL);
		webtest_send_all(fds[i]);
		webtest_put_record(STDIN, body, sizeof(body));
		webtest_put_record(STDIN, body, 10000);
		webtest_send_all(fds[i]);
		if (i > 2 && is_answered(fds[i])) {
			webtest_assert_one(fds[i], "POST /x? unavailable 0:");
			n_refused++;
		}
	}
	assert_in_range(n_refused, 5, 15);
	webtest.flags = 0;
	webtest_assert_alive();
	for (size_t i = 0; i < LENGTH(fds); i++)
		close(fds[i]);
	assert_large_is_taken();
}

/* Half of the parameters of each request, which are 200 KB; there is room for
 * 1 MB in all. Who goes too far is not answered, because its request is not
 * known. */
static void
parameters_are_bounded_in_all(void **state)
{
	static char half[50000];
	int fds[24], n_closed = 0;
	char byte;

	(void)state;
	memset(half, 'p', sizeof(half));
	memcpy(half, "\1\200\3\15\100x", 6); /* a value of 200,000 bytes */
	webtest.flags = 1;
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = webtest_dial();
		webtest_put_begin();
		webtest_put_record(PARAMS, half, sizeof(half));
		webtest_put_record(PARAMS, half, sizeof(half));
		webtest_send_all(fds[i]);
	}
	pause_ms(50); /* not long enough to be too slow */
	for (size_t i = 0; i < LENGTH(fds); i++) {
		ssize_t n = recv(fds[i], &byte, 1, MSG_DONTWAIT);

		n_closed += n == 0 || (n < 0 && errno == ECONNRESET);
	}
	assert_in_range(n_closed, 10, 20);
	webtest.flags = 0;
	webtest_assert_alive();
	for (size_t i = 0; i < LENGTH(fds); i++)
		close(fds[i]);
}

/* The first of *n* connections to be answered. */
static int
first_answered(const int *fds, int n)
{
	struct pollfd *polled = calloc((size_t)n, sizeof(*polled));
	int first = 0;

	for (int i = 0; i < n; i++)
		polled[i] = (struct pollfd){ fds[i], POLLIN, 0 };
	assert_in_range(poll(polled, (nfds_t)n, 20000), 1, n);
	while (polled[first].revents == 0)
		first++;
	free(polled);
	return first;
}

/* One more than there is room for. The refused one need not be the last:
 * connections may be read in another order than they were made. */
static void
the_queue_has_an_end(void **state)
{
	enum { BUSY = 3, N = BUSY + FRONT_QUEUE_MAX + 1 };
	int *fds = calloc(N, sizeof(*fds));
	int refused;

	(void)state;
	if (!allow_descriptors(3 * N)) {
		free(fds);
		skip();
	}
	for (int i = 0; i < N; i++) {
		fds[i] = webtest_dial();
		webtest_put_request(i < BUSY ? "/chat/wait" : "/chat/x", "");
		webtest_send_all(fds[i]);
		if (i < BUSY)
			sem_wait(&served.waiting);
	}
	refused = first_answered(fds, N);
	for (int i = 0; i < BUSY; i++)
		sem_post(&served.go_on);
	for (int i = 0; i < N; i++) {
		webtest_receive(fds[i]);
		webtest_assert_answer(i < BUSY ? "POST /wait? ok 0:"
				: i == refused ? "POST /x? unavailable 0:"
					       : "POST /x? ok 0:");
	}
	free(fds);
	buf_clear(&webtest.sent);
	webtest_assert_alive();
}

static int
begin_turn(const char *from, const char *with, const char *uri)
{
	int fd = webtest_dial();

	webtest.remote = from;
	webtest.token = with;
	webtest_put_request(uri, "");
	webtest_send_all(fd);
	webtest.remote = webtest.token = NULL;
	return fd;
}

struct asked {
	const char *address, *token, *uri;
};

/* Queues these requests while all threads are busy; returns the order in which
 * they were served. */
static const char *
order_of(const struct asked *asked, size_t n)
{
	int busy[3], fds[16];

	served.turns[0] = '\0';
	for (size_t i = 0; i < LENGTH(busy); i++) {
		busy[i] = begin_turn("192.0.2.1", "Bearer a", "/chat/wait");
		sem_wait(&served.waiting);
	}
	for (size_t i = 0; i < n; i++) {
		fds[i] = begin_turn(
			asked[i].address, asked[i].token, asked[i].uri);
		pause_ms(30); /* so that they are read in this order */
	}
	sem_post(&served.go_on);
	for (size_t i = 0; i < n; i++)
		webtest_receive(fds[i]);
	sem_post(&served.go_on);
	sem_post(&served.go_on);
	for (size_t i = 0; i < LENGTH(busy); i++)
		webtest_receive(busy[i]);
	buf_clear(&webtest.sent);
	webtest_assert_alive();
	return served.turns;
}

/* Networks take turns, and so do the tokens within a network. */
static void
a_client_with_few_requests_does_not_wait_for_many(void **state)
{
	static const struct asked asked[] = {
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer b", "/chat/turn?b" },
		{ "192.0.2.2", NULL, "/chat/turn?c" },
		{ "2001:db8::1", NULL, "/chat/turn?d" },
		{ "2001:db8::ffff:1", NULL, "/chat/turn?d" },
	};

	(void)state;
	assert_string_equal(order_of(asked, LENGTH(asked)), "acdbdaaa");
}

/* Requests with different tokens still belong to one network. */
static void
forged_tokens_get_no_extra_turns(void **state)
{
	static const struct asked asked[] = {
		{ "192.0.2.1", "Bearer 1", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer 2", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer 3", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer 4", "/chat/turn?a" },
		{ "192.0.2.2", "Bearer b", "/chat/turn?b" },
		{ "192.0.2.2", "Bearer b", "/chat/turn?b" },
	};

	(void)state;
	assert_string_equal(order_of(asked, LENGTH(asked)), "ababaa");
}

/* ---- shutdown; must be the last test */

static void
stopping_finishes_what_has_begun(void **state)
{
	int idle = webtest_dial_kept(), slow = webtest_dial(),
	    late = webtest_dial();

	(void)state;
	webtest_put_request("/chat/x", "");
	webtest_send_all(idle);
	webtest_assert_one(idle, "POST /x? ok 0:");
	webtest_put_request("/chat/slow", "");
	webtest_send_all(slow);
	webtest_put_begin();
	webtest_put_params("/chat/x", "4", NULL);
	webtest_send_all(late);
	webtest_put_body("body", 4);
	pause_ms(50);
	assert_true(webtest_send_from(late, 0, webtest.sent.len));
	fronttest_stop();
	assert_true(webtest_is_closed(idle));
	webtest_receive(slow);
	webtest_assert_answer("POST /slow? ok 0:");
	webtest_receive(late);
	webtest_assert_answer("POST /x? ok 4:body");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(only_changes_are_carried_out_after_the_client_has_left),
		TEST(large_bodies_leave_room_to_small_ones),
		TEST(parameters_are_bounded_in_all),
		TEST(the_queue_has_an_end),
		TEST(a_client_with_few_requests_does_not_wait_for_many),
		TEST(forged_tokens_get_no_extra_turns),
		TEST(stopping_finishes_what_has_begun),
	};

	return fronttest_run(tests, LENGTH(tests));
}
