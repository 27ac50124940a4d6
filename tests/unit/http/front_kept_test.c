/* front_kept_test.c: kept connections, and requests refused before their bodies
 * arrive. */

#include "base/clock.h"
#include "fronttest.h"
#include "webtest.h"

#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- kept connections */

static void
a_kept_connection_carries_many_requests(void **state)
{
	int fd = webtest_dial_kept();

	(void)state;
	for (webtest.mark = 1; webtest.mark < 1000; webtest.mark += 37) {
		webtest_put_request("/chat/x", "body");
		webtest_send_all(fd);
		webtest_assert_one(fd, "POST /x? ok 4:body");
	}
	webtest.flags = 0;
	webtest_put_request("/chat/last", "");
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /last? ok 0:");
	assert_true(webtest_is_closed(fd));
}

static void
a_second_request_at_a_time_is_refused(void **state)
{
	struct buf text = BUF_INIT;
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "4", NULL);
	webtest.mark = 2;
	webtest_put_request("/chat/y", "other");
	webtest_send_all(fd);
	assert_int_equal(webtest_receive_one(fd, &text), 1); /* CANT_MPX_CONN */
	webtest.mark = 1;
	webtest_put_body("body", 4);
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /x? ok 4:body");
	buf_free(&text);
	close(fd);
}

static void
an_abort_ends_the_request_and_not_the_connection(void **state)
{
	struct buf text = BUF_INIT;
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "400", NULL);
	webtest_put_record(STDIN, "bo", 2);
	webtest_send_all(fd);
	webtest_put_record(ABORT, NULL, 0);
	webtest_send_all(fd);
	assert_int_equal(webtest_receive_one(fd, &text), 0);
	assert_int_equal(text.len, 0);
	webtest_put_request("/chat/next", "");
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /next? ok 0:");
	buf_free(&text);
	close(fd);
}

/* In one packet: more of a body than was announced, its abort, and the next
 * request. Nobody waits for an answer of the first. */
static void
an_abort_outweighs_what_was_wrong_before_it(void **state)
{
	struct buf text = BUF_INIT;
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "2", NULL);
	webtest_send_all(fd);
	pause_ms(50);
	webtest_put_record(STDIN, "body", 4);
	webtest_put_record(ABORT, NULL, 0);
	webtest_put_request("/chat/next", "");
	webtest_send_all(fd);
	assert_int_equal(webtest_receive_one(fd, &text), 0);
	assert_int_equal(text.len, 0);
	webtest_assert_one(fd, "POST /next? ok 0:");
	buf_free(&text);
	close(fd);
}

static void
an_abort_ends_the_body_of_a_refused_request(void **state)
{
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/refused", "400", NULL);
	webtest_send_all(fd);
	webtest_assert_one(fd, "refused");
	webtest_put_record(STDIN, "bo", 2);
	webtest_put_record(ABORT, NULL, 0);
	webtest_put_request("/chat/next", "");
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /next? ok 0:");
	close(fd);
}

/* The request is not run again, nor is its answer cut within a record. */
static void
bytes_that_arrive_during_an_answer_change_nothing(void **state)
{
	static const size_t large = 600000;
	struct buf text = BUF_INIT;
	char byte;
	int fd = webtest_dial_kept();

	(void)state;
	served.counted = 0;
	webtest_put_begin();
	webtest_put_params("/chat/count", NULL, "600000");
	webtest_put_body("", 0);
	webtest_send_all(fd);
	assert_int_equal(recv(fd, &byte, 1, MSG_PEEK), 1);
	webtest.mark = 9;
	webtest_put_record(ABORT, NULL, 0); /* for another request */
	webtest_send_all(fd);
	pause_ms(50);
	webtest.mark = 1;
	webtest_put_record(ABORT, NULL, 0);
	webtest_send_all(fd);
	pause_ms(50);
	webtest_put_begin();
	assert_true(webtest_send_from(fd, 0, 3)); /* of the next request */
	pause_ms(50);
	assert_int_equal(webtest_receive_one(fd, &text), 0);
	assert_int_equal(text.len, strlen("POST /count? ok 0:") + large);
	assert_int_equal(served.counted, 1);
	assert_true(webtest_send_from(fd, 3, webtest.sent.len));
	buf_clear(&webtest.sent);
	webtest_put_params("/chat/next", NULL, NULL);
	webtest_put_body("", 0);
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /next? ok 0:");
	served.counted = 0;
	buf_free(&text);
	close(fd);
}

static void
values_are_told_between_and_within_requests(void **state)
{
	static const char names[] = "\17\0FCGI_MPXS_CONNS\17\0FCGI_MPXS_CONNS"
				    "\17\0FCGI_MPXS_CONNS\17\0FCGI_MPXS_CONNS";
	struct buf content = BUF_INIT;
	int fd = webtest_dial_kept();

	(void)state;
	for (int i = 0; i < 3; i++) {
		webtest.mark = 0;
		webtest_put_record(GET_VALUES, names, sizeof(names) - 1);
		webtest.mark = 1;
		if (i == 1) {
			webtest_put_begin();
			webtest_put_params("/chat/x", NULL, NULL);
		} else if (i == 2) {
			webtest_put_body("", 0);
		}
		webtest_send_all(fd);
		assert_int_equal(webtest_receive_record(fd, &content), VALUES);
		assert_memory_equal(content.data, "\17\1FCGI_MPXS_CONNS0", 18);
		assert_int_equal(content.len, 18);
	}
	webtest_assert_one(fd, "POST /x? ok 0:");
	buf_free(&content);
	close(fd);
}

static void
idle_connections_are_cheap_and_harm_nobody(void **state)
{
	enum { N = 4000 };
	struct mallinfo2 before;
	int *fds = calloc(N, sizeof(*fds));

	(void)state;
	if (!allow_descriptors(3 * N)) {
		free(fds);
		skip();
	}
	before = mallinfo2();
	for (int i = 0; i < N; i++) {
		fds[i] = webtest_dial_kept();
		webtest_put_request("/chat/x", "");
		webtest_send_all(fds[i]);
		webtest_assert_one(fds[i], "POST /x? ok 0:");
	}
	assert_true(mallinfo2().uordblks - before.uordblks < N * 1000);
	webtest_put_request("/chat/again", "");
	webtest_send_all(fds[0]);
	webtest_assert_one(fds[0], "POST /again? ok 0:");
	for (int i = 0; i < N; i++)
		close(fds[i]);
	free(fds);
}
/* ---- requests refused before their bodies arrive */

static void
a_refusal_does_not_wait_for_the_body(void **state)
{
	static const struct {
		const char *uri, *length, *expected;
	} refused[] = {
		{ "/chat/refused", "5000", "refused" },
		{ "/chat/x", "100001", "POST /x? too_large 0:" },
		{ "/chat/x", "4000000000", "POST /x? too_large 0:" },
		{ "/chat/x", "99999999999999999999", "POST /x? invalid 0:" },
		{ "/chat/x", "-1", "POST /x? invalid 0:" },
		{ "/chat/x", "5 ", "POST /x? invalid 0:" },
	};
	char body[3000] = { 0 };
	int fd = webtest_dial_kept();

	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		webtest_put_begin();
		webtest_put_params(refused[i].uri, refused[i].length, NULL);
		webtest_send_all(fd);
		webtest_assert_one(fd, refused[i].expected);
		/* The rest of the body is dropped, and then everything works as
		 * before. */
		for (int n = 0; n < 100; n++)
			webtest_put_record(STDIN, body, sizeof(body));
		webtest_put_record(STDIN, NULL, 0);
		webtest_put_request("/chat/next", "");
		webtest_send_all(fd);
		webtest_assert_one(fd, "POST /next? ok 0:");
	}
	close(fd);
}

static void
more_than_was_announced_is_invalid(void **state)
{
	char body[3000] = { 0 };
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "4000", NULL);
	webtest_send_all(fd);
	webtest_put_record(STDIN, body, sizeof(body));
	webtest_send_all(fd);
	webtest_put_record(STDIN, body, sizeof(body));
	webtest_send_all(fd);
	webtest_assert_one(fd, "POST /x? invalid 0:");
	close(fd);
}

/* Sends *len* bytes of the body every 50 ms, that many times or until there is
 * an answer. */
static void
drip(int fd, size_t len, int times)
{
	struct pollfd readable = { fd, POLLIN, 0 };
	char body[4000] = { 0 };

	while (times-- > 0 && poll(&readable, 1, 0) == 0) {
		webtest_put_record(STDIN, body, len);
		webtest_send_all(fd);
		pause_ms(50);
	}
}

static void
a_body_that_comes_too_slowly_is_refused(void **state)
{
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "5000", NULL);
	webtest_send_all(fd);
	drip(fd, 1, 1000);
	webtest_assert_one(fd, "POST /x? invalid 0:");
	assert_true(
		/* And the connection is closed in time. */
		webtest_is_closed(fd));
}

static void
a_body_may_take_long_when_it_is_long(void **state)
{
	struct buf text = BUF_INIT;
	int fd = webtest_dial_kept();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "80000", NULL);
	webtest_send_all(fd);
	drip(fd, 4000, 20);
	webtest_put_record(STDIN, NULL, 0);
	webtest_send_all(fd);
	assert_int_equal(webtest_receive_one(fd, &text), 0);
	assert_memory_equal(text.data, "POST /x? ok 80000:", 18);
	buf_free(&text);
	close(fd);
}

/* ---- shutdown; must be the last test */

/* Aborts the request of the connection while the front is stopping. */
static void *
abort_later(void *arg)
{
	pause_ms(100);
	webtest_send_all(*(int *)arg);
	return NULL;
}

static void
an_abort_does_not_hold_up_a_stop(void **state)
{
	int64_t begin_ms = clock_mono_ms();
	int fd = webtest_dial_kept();
	pthread_t thread;

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "400", NULL);
	webtest_put_record(STDIN, "bo", 2);
	webtest_send_all(fd);
	webtest_put_record(ABORT, NULL, 0);
	pthread_create(&thread, NULL, abort_later, &fd);
	fronttest_stop();
	pthread_join(thread, NULL);
	assert_true(clock_mono_ms() - begin_ms < FRONT_STOP_MS / 2);
	close(fd);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_kept_connection_carries_many_requests),
		TEST(a_second_request_at_a_time_is_refused),
		TEST(an_abort_ends_the_request_and_not_the_connection),
		TEST(an_abort_outweighs_what_was_wrong_before_it),
		TEST(an_abort_ends_the_body_of_a_refused_request),
		TEST(bytes_that_arrive_during_an_answer_change_nothing),
		TEST(values_are_told_between_and_within_requests),
		TEST(idle_connections_are_cheap_and_harm_nobody),
		TEST(a_refusal_does_not_wait_for_the_body),
		TEST(more_than_was_announced_is_invalid),
		TEST(a_body_that_comes_too_slowly_is_refused),
		TEST(a_body_may_take_long_when_it_is_long),
		TEST(an_abort_does_not_hold_up_a_stop),
	};

	return fronttest_run(tests, LENGTH(tests));
}
