/*
 * front_test.c: a program's front over its socket, spoken to in records made
 * here (FastCGI 1.0, sections 3 and 5), well formed and not.
 */

#include "http/front.h"

#include "../unit.h"
#include "base/clock.h"
#include "http/fcgi.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX 100000
#define TIMEOUT_MS 300

enum { BEGIN = 1, ABORT = 2, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6 };

static struct front *front;
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static _Atomic int threads_open;

static const struct http_conf conf = { .base_path = "/chat",
	.body_max = BODY_MAX,
	.buffer_max = 1 << 20,
	.threads = 3,
	.read_timeout_ms = TIMEOUT_MS };

/* ---- the program that is served */

static void *
thread_open(void *arg)
{
	threads_open++;
	return arg;
}

static void
thread_close(void *thread, void *arg)
{
	assert_ptr_equal(thread, arg);
	threads_open--;
}

/* Writes its answer itself, in two parts. */
static void
take_over(struct request *rq)
{
	struct fcgi_peer peer = fcgi_peer_of(rq);
	struct buf out = BUF_INIT;

	fcgi_release(rq);
	fcgi_put(&out, &peer, span_of("Status: 200\r\n\r\none "));
	fcgi_put(&out, &peer, (struct span){ "", 0 });
	fcgi_put(&out, &peer, span_of("two"));
	fcgi_put_end(&out, &peer);
	assert_int_equal(
		send(peer.fd, out.data, out.len, MSG_NOSIGNAL), out.len);
	close(peer.fd);
	buf_free(&out);
}

/* Answers with what it was asked. */
static void
serve(struct request *rq, enum err err, void *thread, void *arg)
{
	const char *large = request_header(rq, "X-Large");
	struct buf out = BUF_INIT;

	assert_true(thread == arg || (thread == NULL && err != OK));
	if (strcmp(rq->path, "/taken") == 0) {
		take_over(rq);
		return;
	}
	buf_printf(&out, "%s %s?%s %s %zu:", rq->method, rq->path, rq->query,
		err_code(err), rq->body.len);
	buf_put_span(&out, rq->body);
	for (int i = large != NULL ? atoi(large) : 0; i > 0; i--)
		buf_putc(&out, 'x');
	fcgi_answer(rq, buf_span(&out));
	buf_free(&out);
}

/* Who asks for "/refused" is refused; who knows no length, too. */
static bool
admit(struct request *rq, size_t *body_max, void *arg)
{
	assert_ptr_equal(arg, &front);
	*body_max = BODY_MAX;
	if (strcmp(rq->path, "/refused") != 0)
		return true;
	fcgi_answer(rq, span_of("refused"));
	return false;
}

static const struct front_hooks hooks = { thread_open, thread_close, admit,
	serve, &front };

static int
setup(void **state)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	snprintf(address.sun_path, sizeof(address.sun_path),
		"/tmp/fcgi_test.%d", (int)getpid());
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(fd, 64) != 0 || dup2(fd, STDIN_FILENO) != STDIN_FILENO)
		return -1;
	close(fd);
	return front_start(&conf, &hooks, &front) == OK ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	front_stop(front);
	unlink(address.sun_path);
	return threads_open == 0 ? 0 : -1;
}

/* ---- the web server */

static struct buf sent, got;

static int
clear(void **state)
{
	(void)state;
	buf_free(&sent);
	buf_free(&got);
	return 0;
}

static void
put_record(int type, const void *content, size_t len)
{
	const char header[8] = { 1, (char)type, 0, 1, (char)(len >> 8),
		(char)len, 0, 0 };

	assert_true(len <= 65535);
	buf_append(&sent, header, sizeof(header));
	buf_append(&sent, content, len);
}

static void
put_length(struct buf *buf, size_t len)
{
	if (len < 128) {
		buf_putc(buf, (char)len);
	} else {
		buf_putc(buf, (char)(len >> 24 | 0x80));
		buf_putc(buf, (char)(len >> 16));
		buf_putc(buf, (char)(len >> 8));
		buf_putc(buf, (char)len);
	}
}

static void
put_param(struct buf *buf, const char *name, const char *value)
{
	put_length(buf, strlen(name));
	put_length(buf, strlen(value));
	buf_puts(buf, name);
	buf_puts(buf, value);
}

static void
put_params(const char *uri, const char *length, const char *large)
{
	struct buf params = BUF_INIT;

	put_param(&params, "REQUEST_METHOD", "POST");
	put_param(&params, "REQUEST_URI", uri);
	if (length != NULL)
		put_param(&params, "CONTENT_LENGTH", length);
	if (large != NULL)
		put_param(&params, "HTTP_X_LARGE", large);
	put_record(PARAMS, params.data, params.len);
	put_record(PARAMS, NULL, 0);
	buf_free(&params);
}

static void
put_begin(void)
{
	put_record(BEGIN, "\0\1\0\0\0\0\0\0", 8);
}

static void
put_body(const char *body, size_t len)
{
	for (size_t n; len > 0; body += n, len -= n) {
		n = MIN(len, (size_t)60000);
		put_record(STDIN, body, n);
	}
	put_record(STDIN, NULL, 0);
}

static void
put_request(const char *uri, const char *body)
{
	char length[24];

	snprintf(length, sizeof(length), "%zu", strlen(body));
	put_begin();
	put_params(uri, length, NULL);
	put_body(body, strlen(body));
}

static int
dial(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Whether all could be sent. */
static bool
send_from(int fd, size_t from, size_t to)
{
	while (from < to) {
		ssize_t n = send(fd, sent.data + from, to - from, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		from += (size_t)n;
	}
	return true;
}

/* Reads until the server closes. */
static void
receive(int fd)
{
	ssize_t n;

	buf_clear(&got);
	while ((n = recv(fd, buf_reserve(&got, 65536), 65536, 0)) > 0)
		got.len += (size_t)n;
	close(fd);
}

/* The text of the STDOUT records in *got*, when they are followed by the end
 * and nothing else; NULL otherwise. */
static const char *
answer(struct buf *text)
{
	const unsigned char *at = (const unsigned char *)got.data;
	const unsigned char *end = at + got.len;

	buf_clear(text);
	while (end - at >= 8) {
		size_t len = (size_t)(at[4] << 8 | at[5]);

		if (at[0] != 1 || at[2] != 0 || at[3] != 1 ||
			(size_t)(end - at) < 8 + len + at[6])
			return NULL;
		if (at[1] == END)
			return at + 16 == end ? buf_str(text) : NULL;
		if (at[1] != STDOUT)
			return NULL;
		buf_append(text, at + 8, len);
		at += 8 + len + at[6];
	}
	return NULL;
}

static void
assert_answer(const char *expected)
{
	struct buf text = BUF_INIT;
	const char *answered = answer(&text);

	assert_non_null(answered);
	assert_string_equal(answered, expected);
	buf_free(&text);
}

static void
exchange(void)
{
	int fd = dial();

	assert_true(send_from(fd, 0, sent.len));
	receive(fd);
}

static void
ask(const char *expected)
{
	exchange();
	assert_answer(expected);
}

/* ---- requests */

static void
answers_a_request(void **state)
{
	(void)state;
	put_request("/chat/api/x?a=1&b=%20?", "body");
	ask("POST /api/x?a=1&b=%20? ok 4:body");
}

static void
the_base_path_is_taken_off(void **state)
{
	static const char *const paths[][2] = {
		{ "/chat/", "POST /? ok 0:" },
		{ "/chat", "POST /chat? ok 0:" },
		{ "/chatty/x", "POST /chatty/x? ok 0:" },
		{ "/api/x", "POST /api/x? ok 0:" },
		{ "/chat/chat/x", "POST /chat/x? ok 0:" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(paths); i++) {
		buf_clear(&sent);
		put_request(paths[i][0], "");
		ask(paths[i][1]);
	}
}

static void
takes_a_request_in_pieces_of_any_size(void **state)
{
	(void)state;
	put_request("/chat/x", "body");
	for (size_t cut = 1; cut < sent.len; cut++) {
		int fd = dial();

		assert_true(send_from(fd, 0, cut));
		assert_true(send_from(fd, cut, sent.len));
		receive(fd);
		assert_answer("POST /x? ok 4:body");
	}
}

static void
splits_a_long_answer_into_records(void **state)
{
	static const size_t lengths[] = { 65500, 65535, 65536, 131070, 200000 };
	struct buf text = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		char large[24];

		snprintf(large, sizeof(large), "%zu", lengths[i]);
		buf_clear(&sent);
		put_begin();
		put_params("/chat/x", NULL, large);
		put_body("", 0);
		exchange();
		assert_non_null(answer(&text));
		assert_int_equal(
			text.len, strlen("POST /x? ok 0:") + lengths[i]);
	}
	buf_free(&text);
}

static void
a_program_may_take_the_connection_over(void **state)
{
	(void)state;
	put_request("/chat/taken", "");
	ask("Status: 200\r\n\r\none two");
}

/* ---- bodies */

static void
takes_a_body_up_to_the_limit(void **state)
{
	char *body = malloc(BODY_MAX + 2);
	struct buf text = BUF_INIT;

	(void)state;
	memset(body, 'b', BODY_MAX + 1);
	body[BODY_MAX] = '\0';
	put_request("/chat/x", body);
	buf_printf(&text, "POST /x? ok %d:%s", BODY_MAX, body);
	ask(buf_str(&text));

	/* One more: known by its length, or only when it has come. */
	body[BODY_MAX] = 'b';
	body[BODY_MAX + 1] = '\0';
	buf_clear(&sent);
	put_request("/chat/x", body);
	ask("POST /x? too_large 0:");
	buf_clear(&sent);
	put_begin();
	put_params("/chat/x", NULL, NULL);
	put_body(body, BODY_MAX + 1);
	exchange();
	buf_clear(&text);
	assert_non_null(answer(&text));
	assert_non_null(strstr(buf_str(&text), " too_large "));
	buf_free(&text);
	free(body);
}

static void
a_body_of_another_length_is_invalid(void **state)
{
	static const char *const lengths[] = { "3", "5", "99999", "0", "x" };

	(void)state;
	for (size_t i = 0; i < LENGTH(lengths); i++) {
		buf_clear(&sent);
		put_begin();
		put_params("/chat/x", lengths[i], NULL);
		put_body("body", 4);
		ask("POST /x? invalid 4:body");
	}
}

/* ---- peers that misbehave: whatever they do, others are served */

static void
assert_alive(void)
{
	buf_clear(&sent);
	put_request("/chat/alive", "");
	ask("POST /alive? ok 0:");
}

static void
a_peer_may_go_at_any_moment(void **state)
{
	(void)state;
	put_request("/chat/x", "body");
	for (size_t cut = 0; cut <= sent.len; cut++) {
		int fd = dial();

		assert_true(send_from(fd, 0, cut));
		close(fd);
	}
	assert_alive();
}

/* More silent peers than threads: each is given up after the timeout. */
static void
silent_peers_are_given_up(void **state)
{
	int fds[6];
	char byte;

	(void)state;
	put_request("/chat/x", "body");
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = dial();
		assert_true(send_from(fds[i], 0, i * 7));
	}
	assert_alive();
	for (size_t i = 0; i < LENGTH(fds); i++) {
		while (recv(fds[i], &byte, 1, 0) > 0)
			;
		close(fds[i]);
	}
}

static void
a_peer_that_does_not_read_is_given_up(void **state)
{
	int fds[6];

	(void)state;
	put_begin();
	put_params("/chat/x", NULL, "5000000");
	put_body("", 0);
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = dial();
		assert_true(send_from(fds[i], 0, sent.len));
	}
	assert_alive();
	for (size_t i = 0; i < LENGTH(fds); i++)
		close(fds[i]);
}

/* Any byte of a request changed to any other. */
static void
broken_records_harm_nobody(void **state)
{
	static const unsigned char bytes[] = { 0, 1, 2, 3, 4, 5, 6, 8, 10, 11,
		0x7f, 0x80, 0xff };
	struct buf whole = BUF_INIT;

	(void)state;
	put_request("/chat/x", "body");
	buf_put_span(&whole, buf_span(&sent));
	for (size_t i = 0; i < whole.len; i++) {
		for (size_t k = 0; k < LENGTH(bytes); k++) {
			int fd = dial();

			buf_clear(&sent);
			buf_put_span(&sent, buf_span(&whole));
			sent.data[i] = (char)bytes[k];
			send_from(fd, 0, sent.len);
			shutdown(fd, SHUT_WR);
			receive(fd);
		}
	}
	buf_free(&whole);
	assert_alive();
}

static void
an_aborted_request_is_dropped(void **state)
{
	int fd = dial();

	(void)state;
	put_begin();
	put_params("/chat/x", "4", NULL);
	put_record(ABORT, NULL, 0);
	assert_true(send_from(fd, 0, sent.len));
	shutdown(fd, SHUT_WR);
	receive(fd);
	assert_alive();
}

/* A request with *n* parameters beside its own. */
static void
put_many_params(int n)
{
	struct buf params = BUF_INIT;
	char name[32];

	put_begin();
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "HTTP_X_%d", i);
		put_param(&params, name, "value");
		if (params.len > 60000) {
			put_record(PARAMS, params.data, params.len);
			buf_clear(&params);
		}
	}
	put_record(PARAMS, params.data, params.len);
	buf_free(&params);
	put_params("/chat/x", NULL, NULL);
	put_body("", 0);
}

static void
very_many_parameters_are_taken_and_more_refused(void **state)
{
	(void)state;
	put_many_params(9990);
	ask("POST /x? ok 0:");
	buf_clear(&sent);
	put_many_params(10001);
	ask(" /? too_large 0:");
	buf_clear(&sent);
	put_many_params(30000);
	ask(" /? too_large 0:");
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(answers_a_request),
		TEST(the_base_path_is_taken_off),
		TEST(takes_a_request_in_pieces_of_any_size),
		TEST(splits_a_long_answer_into_records),
		TEST(a_program_may_take_the_connection_over),
		TEST(takes_a_body_up_to_the_limit),
		TEST(a_body_of_another_length_is_invalid),
		TEST(a_peer_may_go_at_any_moment),
		TEST(silent_peers_are_given_up),
		TEST(a_peer_that_does_not_read_is_given_up),
		TEST(broken_records_harm_nobody),
		TEST(an_aborted_request_is_dropped),
		TEST(very_many_parameters_are_taken_and_more_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
