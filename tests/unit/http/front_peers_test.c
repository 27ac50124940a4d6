/* front_peers_test.c: whatever misbehaving peers do, others are served. */

#include "fronttest.h"
#include "webtest.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- misbehaving peers */

static void
a_peer_may_leave_at_any_moment(void **state)
{
	(void)state;
	webtest_put_request("/chat/x", "body");
	for (size_t cut = 0; cut <= webtest.sent.len; cut++) {
		int fd = webtest_dial();

		assert_true(webtest_send_from(fd, 0, cut));
		close(fd);
	}
	webtest_assert_alive();
}

/* There are more silent peers than threads: each is dropped after the
 * timeout. */
static void
silent_peers_are_disconnected(void **state)
{
	int fds[6];
	char byte;

	(void)state;
	webtest_put_request("/chat/x", "body");
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = webtest_dial();
		assert_true(webtest_send_from(fds[i], 0, i * 7));
	}
	webtest_assert_alive();
	for (size_t i = 0; i < LENGTH(fds); i++) {
		while (recv(fds[i], &byte, 1, 0) > 0)
			;
		close(fds[i]);
	}
}

static void
a_peer_that_does_not_read_is_disconnected(void **state)
{
	static char bytes[65536];
	int fds[6];

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", NULL, "5000000");
	webtest_put_body("", 0);
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = webtest_dial();
		assert_true(webtest_send_from(fds[i], 0, webtest.sent.len));
	}
	webtest_assert_alive();
	/* What was in the socket's buffer comes, and the rest never. */
	pause_ms(600);
	for (size_t i = 0; i < LENGTH(fds); i++) {
		size_t len = 0;
		ssize_t n;

		while ((n = recv(fds[i], bytes, sizeof(bytes), 0)) > 0)
			len += (size_t)n;
		assert_in_range(len, 1, 4000000);
		close(fds[i]);
	}
}

/* Changes any byte of a request to any other. */
static void
broken_records_harm_nobody(void **state)
{
	static const unsigned char bytes[] = { 0, 1, 2, 3, 4, 5, 6, 8, 10, 11,
		0x7f, 0x80, 0xff };
	struct buf whole = BUF_INIT;

	(void)state;
	webtest_put_request("/chat/x", "body");
	buf_put_span(&whole, buf_span(&webtest.sent));
	for (size_t i = 0; i < whole.len; i++) {
		for (size_t k = 0; k < LENGTH(bytes); k++) {
			int fd = webtest_dial();

			buf_clear(&webtest.sent);
			buf_put_span(&webtest.sent, buf_span(&whole));
			webtest.sent.data[i] = (char)bytes[k];
			webtest_send_from(fd, 0, webtest.sent.len);
			shutdown(fd, SHUT_WR);
			webtest_receive(fd);
		}
	}
	buf_free(&whole);
	webtest_assert_alive();
}

static void
an_aborted_request_is_dropped(void **state)
{
	int fd = webtest_dial();

	(void)state;
	webtest_put_begin();
	webtest_put_params("/chat/x", "4", NULL);
	webtest_put_record(ABORT, NULL, 0);
	assert_true(webtest_send_from(fd, 0, webtest.sent.len));
	shutdown(fd, SHUT_WR);
	webtest_receive(fd);
	webtest_assert_alive();
}

/* A request with *n* additional parameters. */
static void
put_many_params(int n)
{
	struct buf params = BUF_INIT;
	char name[32];

	webtest_put_begin();
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "HTTP_X_%d", i);
		webtest_put_param(&params, name, "value");
		if (params.len > 60000) {
			webtest_put_record(PARAMS, params.data, params.len);
			buf_clear(&params);
		}
	}
	webtest_put_record(PARAMS, params.data, params.len);
	buf_free(&params);
	webtest_put_params("/chat/x", NULL, NULL);
	webtest_put_body("", 0);
}

static void
very_many_parameters_are_taken_and_more_refused(void **state)
{
	(void)state;
	put_many_params(9990);
	webtest_ask("POST /x? ok 0:");
	buf_clear(&webtest.sent);
	put_many_params(10001);
	webtest_ask(" /? too_large 0:");
	buf_clear(&webtest.sent);
	put_many_params(30000);
	webtest_ask(" /? too_large 0:");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_peer_may_leave_at_any_moment),
		TEST(silent_peers_are_disconnected),
		TEST(a_peer_that_does_not_read_is_disconnected),
		TEST(broken_records_harm_nobody),
		TEST(an_aborted_request_is_dropped),
		TEST(very_many_parameters_are_taken_and_more_refused),
	};

	return fronttest_run(tests, LENGTH(tests));
}
