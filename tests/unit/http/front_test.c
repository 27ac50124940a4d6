/*
 * front_test.c: a program's front over its socket, spoken to in records made
 * here (FastCGI 1.0, sections 3 and 5), well formed and not.
 */

#include "http/front.h"

#include "../unit.h"
#include "base/clock.h"
#include "http/fcgi.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define BODY_MAX 100000
#define TIMEOUT_MS 300

enum { BEGIN = 1, ABORT, END, PARAMS, STDIN, STDOUT, GET_VALUES = 9, VALUES };

static struct front *front;
static struct sockaddr_un address = { .sun_family = AF_UNIX };
static _Atomic int threads_open;
static sem_t waiting, go_on; /* of requests for "/wait" */
static _Atomic int counted; /* those for "/count" */
static char turns[64]; /* who asked for "/turn", in the order of service */
static const char *remote, *token; /* of who asks; NULL: not said */

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

static void
pause_ms(long ms)
{
	const struct timespec pause = { 0, ms * 1000000 };

	nanosleep(&pause, NULL);
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

/* In two pieces. */
static void
reply(struct request *rq, struct span text)
{
	struct span copy = arena_span(rq->arena, text), pieces[2];

	pieces[0] = (struct span){ copy.data, copy.len / 3 };
	pieces[1] = (struct span){ copy.data + copy.len / 3,
		copy.len - copy.len / 3 };
	fcgi_answer(rq, pieces, LENGTH(pieces));
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
	if (strcmp(rq->path, "/wait") == 0) {
		sem_post(&waiting);
		sem_wait(&go_on);
	}
	if (strcmp(rq->path, "/count") == 0)
		counted++;
	if (strcmp(rq->path, "/turn") == 0)
		strcat(turns, rq->query);
	if (strcmp(rq->path, "/slow") == 0)
		pause_ms(200);
	buf_printf(&out, "%s %s?%s %s %zu:", rq->method, rq->path, rq->query,
		err_code(err), rq->body.len);
	buf_put_span(&out, rq->body);
	for (int i = large != NULL ? atoi(large) : 0; i > 0; i--)
		buf_putc(&out, 'x');
	reply(rq, buf_span(&out));
	buf_free(&out);
}

/* Who asks for "/refused" is refused. */
static bool
admit(struct request *rq, size_t *body_max, void *arg)
{
	assert_ptr_equal(arg, &front);
	*body_max = BODY_MAX;
	if (strcmp(rq->path, "/refused") != 0)
		return true;
	reply(rq, span_of("refused"));
	return false;
}

static struct front_hooks hooks = { true, thread_open, thread_close, admit,
	serve, &front };

static int
setup(void **state)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)state;
	sem_init(&waiting, 0, 0);
	sem_init(&go_on, 0, 0);
	counted = 0;
	snprintf(address.sun_path, sizeof(address.sun_path),
		"/tmp/fcgi_test.%d", (int)getpid());
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(fd, 4096) != 0 || dup2(fd, STDIN_FILENO) != STDIN_FILENO)
		return -1;
	close(fd);
	return front_start(&conf, &hooks, &front) == OK ? 0 : -1;
}

/* ---- the web server */

static struct buf sent, got;
static const char *method = "POST";
static int mark = 1;
static int flags; /* 1: keep the connection */

static int
clear(void **state)
{
	(void)state;
	buf_free(&sent);
	buf_free(&got);
	method = "POST";
	mark = 1;
	flags = 0;
	return 0;
}

static void
put_record(int type, const void *content, size_t len)
{
	const char header[8] = { 1, (char)type, (char)(mark >> 8), (char)mark,
		(char)(len >> 8), (char)len, 0, 0 };

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

	put_param(&params, "REQUEST_METHOD", method);
	put_param(&params, "REQUEST_URI", uri);
	if (length != NULL)
		put_param(&params, "CONTENT_LENGTH", length);
	if (large != NULL)
		put_param(&params, "HTTP_X_LARGE", large);
	if (remote != NULL)
		put_param(&params, "REMOTE_ADDR", remote);
	if (token != NULL)
		put_param(&params, "HTTP_AUTHORIZATION", token);
	put_record(PARAMS, params.data, params.len);
	put_record(PARAMS, NULL, 0);
	buf_free(&params);
}

static void
put_begin(void)
{
	const char body[8] = { 0, 1, (char)flags };

	put_record(BEGIN, body, sizeof(body));
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

/* Nothing that is read from it is waited for without an end. */
static int
dial(void)
{
	static const struct timeval limit = { 20, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	assert_int_equal(
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)),
		0);
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

/* Reads one record; its type. 0: the connection is closed. */
static int
receive_record(int fd, struct buf *content)
{
	unsigned char header[8];
	size_t len;

	if (recv(fd, header, 8, MSG_WAITALL) != 8)
		return 0;
	len = (size_t)(header[4] << 8 | header[5]);
	buf_clear(content);
	if (len > 0) {
		assert_int_equal(
			recv(fd, buf_reserve(content, len), len, MSG_WAITALL),
			len);
		content->len = len;
	}
	return header[1];
}

/* Reads an answer and no more; its protocol status. */
static int
receive_one(int fd, struct buf *text)
{
	struct buf content = BUF_INIT;
	int type, status = -1;

	buf_clear(text);
	while ((type = receive_record(fd, &content)) == STDOUT)
		buf_put_span(text, buf_span(&content));
	if (type == END)
		status = content.data[4];
	buf_free(&content);
	return status;
}

static void
assert_one(int fd, const char *expected)
{
	struct buf text = BUF_INIT;

	assert_int_equal(receive_one(fd, &text), 0);
	assert_string_equal(buf_str(&text), expected);
	buf_free(&text);
}

static void
send_all(int fd)
{
	assert_true(send_from(fd, 0, sent.len));
	buf_clear(&sent);
}

static bool
is_closed(int fd)
{
	char byte;
	bool closed = recv(fd, &byte, 1, 0) <= 0;

	close(fd);
	return closed;
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

/* ---- connections that are kept */

static int
dial_kept(void)
{
	flags = 1;
	buf_clear(&sent);
	return dial();
}

static void
a_kept_connection_carries_many_requests(void **state)
{
	int fd = dial_kept();

	(void)state;
	for (mark = 1; mark < 1000; mark += 37) {
		put_request("/chat/x", "body");
		send_all(fd);
		assert_one(fd, "POST /x? ok 4:body");
	}
	flags = 0;
	put_request("/chat/last", "");
	send_all(fd);
	assert_one(fd, "POST /last? ok 0:");
	assert_true(is_closed(fd));
}

static void
a_second_request_at_a_time_is_refused(void **state)
{
	struct buf text = BUF_INIT;
	int fd = dial_kept();

	(void)state;
	put_begin();
	put_params("/chat/x", "4", NULL);
	mark = 2;
	put_request("/chat/y", "other");
	send_all(fd);
	assert_int_equal(receive_one(fd, &text), 1); /* CANT_MPX_CONN */
	mark = 1;
	put_body("body", 4);
	send_all(fd);
	assert_one(fd, "POST /x? ok 4:body");
	buf_free(&text);
	close(fd);
}

static void
an_abort_ends_the_request_and_not_the_connection(void **state)
{
	struct buf text = BUF_INIT;
	int fd = dial_kept();

	(void)state;
	put_begin();
	put_params("/chat/x", "400", NULL);
	put_record(STDIN, "bo", 2);
	send_all(fd);
	put_record(ABORT, NULL, 0);
	send_all(fd);
	assert_int_equal(receive_one(fd, &text), 0);
	assert_int_equal(text.len, 0);
	put_request("/chat/next", "");
	send_all(fd);
	assert_one(fd, "POST /next? ok 0:");
	buf_free(&text);
	close(fd);
}

/* It is not run again, nor cut in the middle of a record. */
static void
what_comes_while_an_answer_is_read_changes_nothing(void **state)
{
	static const size_t large = 600000;
	struct buf text = BUF_INIT;
	char byte;
	int fd = dial_kept();

	(void)state;
	counted = 0;
	put_begin();
	put_params("/chat/count", NULL, "600000");
	put_body("", 0);
	send_all(fd);
	assert_int_equal(recv(fd, &byte, 1, MSG_PEEK), 1);
	mark = 9;
	put_record(ABORT, NULL, 0); /* of another request */
	send_all(fd);
	pause_ms(50);
	mark = 1;
	put_record(ABORT, NULL, 0);
	send_all(fd);
	pause_ms(50);
	put_begin();
	assert_true(send_from(fd, 0, 3)); /* of the next one */
	pause_ms(50);
	assert_int_equal(receive_one(fd, &text), 0);
	assert_int_equal(text.len, strlen("POST /count? ok 0:") + large);
	assert_int_equal(counted, 1);
	assert_true(send_from(fd, 3, sent.len));
	buf_clear(&sent);
	put_params("/chat/next", NULL, NULL);
	put_body("", 0);
	send_all(fd);
	assert_one(fd, "POST /next? ok 0:");
	counted = 0;
	buf_free(&text);
	close(fd);
}

static void
values_are_told_between_and_within_requests(void **state)
{
	static const char names[] = "\17\0FCGI_MPXS_CONNS\17\0FCGI_MPXS_CONNS"
				    "\17\0FCGI_MPXS_CONNS\17\0FCGI_MPXS_CONNS";
	struct buf content = BUF_INIT;
	int fd = dial_kept();

	(void)state;
	for (int i = 0; i < 3; i++) {
		mark = 0;
		put_record(GET_VALUES, names, sizeof(names) - 1);
		mark = 1;
		if (i == 1) {
			put_begin();
			put_params("/chat/x", NULL, NULL);
		} else if (i == 2) {
			put_body("", 0);
		}
		send_all(fd);
		assert_int_equal(receive_record(fd, &content), VALUES);
		assert_memory_equal(content.data, "\17\1FCGI_MPXS_CONNS0", 18);
		assert_int_equal(content.len, 18);
	}
	assert_one(fd, "POST /x? ok 0:");
	buf_free(&content);
	close(fd);
}

/* Whether there may be so many. */
static bool
allow_descriptors(rlim_t n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = n;
	return limit.rlim_max >= n && setrlimit(RLIMIT_NOFILE, &limit) == 0;
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
		fds[i] = dial_kept();
		put_request("/chat/x", "");
		send_all(fds[i]);
		assert_one(fds[i], "POST /x? ok 0:");
	}
	assert_true(mallinfo2().uordblks - before.uordblks < N * 1000);
	put_request("/chat/again", "");
	send_all(fds[0]);
	assert_one(fds[0], "POST /again? ok 0:");
	for (int i = 0; i < N; i++)
		close(fds[i]);
	free(fds);
}

/* ---- what is refused before it comes */

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
	int fd = dial_kept();

	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		put_begin();
		put_params(refused[i].uri, refused[i].length, NULL);
		send_all(fd);
		assert_one(fd, refused[i].expected);
		/* What still comes is dropped, and then all is as before. */
		for (int n = 0; n < 100; n++)
			put_record(STDIN, body, sizeof(body));
		put_record(STDIN, NULL, 0);
		put_request("/chat/next", "");
		send_all(fd);
		assert_one(fd, "POST /next? ok 0:");
	}
	close(fd);
}

static void
more_than_was_announced_is_invalid(void **state)
{
	char body[3000] = { 0 };
	int fd = dial_kept();

	(void)state;
	put_begin();
	put_params("/chat/x", "4000", NULL);
	send_all(fd);
	put_record(STDIN, body, sizeof(body));
	send_all(fd);
	put_record(STDIN, body, sizeof(body));
	send_all(fd);
	assert_one(fd, "POST /x? invalid 0:");
	close(fd);
}

/* Sends *len* bytes of the body every 50 ms, so many times or until there is
 * an answer. */
static void
drip(int fd, size_t len, int times)
{
	struct pollfd readable = { fd, POLLIN, 0 };
	char body[4000] = { 0 };

	while (times-- > 0 && poll(&readable, 1, 0) == 0) {
		put_record(STDIN, body, len);
		send_all(fd);
		pause_ms(50);
	}
}

static void
a_body_that_comes_too_slowly_is_refused(void **state)
{
	int fd = dial_kept();

	(void)state;
	put_begin();
	put_params("/chat/x", "5000", NULL);
	send_all(fd);
	drip(fd, 1, 1000);
	assert_one(fd, "POST /x? invalid 0:");
	assert_true(is_closed(fd)); /* and so is the connection, in time */
}

static void
a_body_may_take_long_when_it_is_long(void **state)
{
	struct buf text = BUF_INIT;
	int fd = dial_kept();

	(void)state;
	put_begin();
	put_params("/chat/x", "80000", NULL);
	send_all(fd);
	drip(fd, 4000, 20);
	put_record(STDIN, NULL, 0);
	send_all(fd);
	assert_int_equal(receive_one(fd, &text), 0);
	assert_memory_equal(text.data, "POST /x? ok 80000:", 18);
	buf_free(&text);
	close(fd);
}

/* ---- a client that has left */

/* A request that waits until the threads are free, of one who is gone. */
static void
leave_behind(const char *with)
{
	int fd = dial();

	method = with;
	put_request("/chat/count", "");
	send_all(fd);
	pause_ms(20); /* or it is never accepted */
	close(fd);
}

static void
only_what_changes_something_is_done_for_who_is_gone(void **state)
{
	int busy[3];

	(void)state;
	for (size_t i = 0; i < LENGTH(busy); i++) {
		busy[i] = dial();
		put_request("/chat/wait", "");
		send_all(busy[i]);
		sem_wait(&waiting);
	}
	leave_behind("GET");
	leave_behind("POST");
	leave_behind("HEAD");
	for (size_t i = 0; i < LENGTH(busy); i++)
		sem_post(&go_on);
	for (size_t i = 0; i < LENGTH(busy); i++) {
		receive(busy[i]);
		assert_answer("POST /wait? ok 0:");
	}
	method = "POST";
	assert_alive();
	assert_int_equal(counted, 1);
}

/* ---- bounds */

/* Until there is an answer; whether there was one. */
static bool
is_answered(int fd)
{
	struct pollfd readable = { fd, POLLIN, 0 };

	return poll(&readable, 1, 100) == 1;
}

static void
large_bodies_leave_room_to_small_ones(void **state)
{
	static char body[60000];
	int fds[24], n_refused = 0;

	(void)state;
	flags = 1;
	for (size_t i = 0; i < LENGTH(fds); i++) {
		fds[i] = dial_kept();
		put_begin();
		put_params("/chat/x", "100000", NULL);
		send_all(fds[i]);
		put_record(STDIN, body, sizeof(body));
		put_record(STDIN, body, 10000);
		send_all(fds[i]);
		if (i > 2 && is_answered(fds[i])) {
			assert_one(fds[i], "POST /x? unavailable 0:");
			n_refused++;
		}
	}
	assert_in_range(n_refused, 5, 15);
	flags = 0;
	assert_alive();
	for (size_t i = 0; i < LENGTH(fds); i++)
		close(fds[i]);
	buf_clear(&sent);
	takes_a_body_up_to_the_limit(state);
}

/* The one of *n* connections that is answered first. */
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

/* One more than there is room for. It need not be the last that is refused:
 * who has connected first may be read after another. */
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
		fds[i] = dial();
		put_request(i < BUSY ? "/chat/wait" : "/chat/x", "");
		send_all(fds[i]);
		if (i < BUSY)
			sem_wait(&waiting);
	}
	refused = first_answered(fds, N);
	for (int i = 0; i < BUSY; i++)
		sem_post(&go_on);
	for (int i = 0; i < N; i++) {
		receive(fds[i]);
		assert_answer(i < BUSY         ? "POST /wait? ok 0:"
				: i == refused ? "POST /x? unavailable 0:"
					       : "POST /x? ok 0:");
	}
	free(fds);
	buf_clear(&sent);
	assert_alive();
}

static int
begin_turn(const char *from, const char *with, const char *uri)
{
	int fd = dial();

	remote = from;
	token = with;
	put_request(uri, "");
	send_all(fd);
	remote = token = NULL;
	return fd;
}

/* While others have many requests waiting: whoever has one is served after one
 * of each of them. Networks are told apart, and tokens of one network. */
static void
who_asks_for_little_waits_for_nobodys_many(void **state)
{
	static const struct {
		const char *address, *token, *uri;
	} asked[] = { { "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer a", "/chat/turn?a" },
		{ "192.0.2.1", "Bearer b", "/chat/turn?b" },
		{ "192.0.2.2", NULL, "/chat/turn?c" },
		{ "2001:db8::1", NULL, "/chat/turn?d" },
		{ "2001:db8::ffff:1", NULL, "/chat/turn?d" } };
	int busy[3], fds[LENGTH(asked)];

	(void)state;
	turns[0] = '\0';
	for (size_t i = 0; i < LENGTH(busy); i++) {
		busy[i] = begin_turn("192.0.2.1", "Bearer a", "/chat/wait");
		sem_wait(&waiting);
	}
	for (size_t i = 0; i < LENGTH(asked); i++) {
		fds[i] = begin_turn(
			asked[i].address, asked[i].token, asked[i].uri);
		pause_ms(30); /* read one after the other */
	}
	sem_post(&go_on);
	for (size_t i = 0; i < LENGTH(asked); i++)
		receive(fds[i]);
	assert_string_equal(turns, "abcdadaa");
	sem_post(&go_on);
	sem_post(&go_on);
	for (size_t i = 0; i < LENGTH(busy); i++)
		receive(busy[i]);
	buf_clear(&sent);
	assert_alive();
}

/* ---- the end: to be the last */

static void
stopping_finishes_what_has_begun(void **state)
{
	int idle = dial_kept(), slow = dial(), late = dial();

	(void)state;
	put_request("/chat/x", "");
	send_all(idle);
	assert_one(idle, "POST /x? ok 0:");
	put_request("/chat/slow", "");
	send_all(slow);
	put_begin();
	put_params("/chat/x", "4", NULL);
	send_all(late);
	put_body("body", 4);
	pause_ms(50);
	assert_true(send_from(late, 0, sent.len));
	front_stop(front);
	assert_true(is_closed(idle));
	receive(slow);
	assert_answer("POST /slow? ok 0:");
	receive(late);
	assert_answer("POST /x? ok 4:body");
	assert_int_equal(threads_open, 0);
	unlink(address.sun_path);
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_program_may_take_the_connection_over), /* the first */
		TEST(answers_a_request),
		TEST(the_base_path_is_taken_off),
		TEST(takes_a_request_in_pieces_of_any_size),
		TEST(splits_a_long_answer_into_records),
		TEST(takes_a_body_up_to_the_limit),
		TEST(a_body_of_another_length_is_invalid),
		TEST(a_peer_may_go_at_any_moment),
		TEST(silent_peers_are_given_up),
		TEST(a_peer_that_does_not_read_is_given_up),
		TEST(broken_records_harm_nobody),
		TEST(an_aborted_request_is_dropped),
		TEST(very_many_parameters_are_taken_and_more_refused),
		TEST(a_kept_connection_carries_many_requests),
		TEST(a_second_request_at_a_time_is_refused),
		TEST(an_abort_ends_the_request_and_not_the_connection),
		TEST(what_comes_while_an_answer_is_read_changes_nothing),
		TEST(values_are_told_between_and_within_requests),
		TEST(idle_connections_are_cheap_and_harm_nobody),
		TEST(a_refusal_does_not_wait_for_the_body),
		TEST(more_than_was_announced_is_invalid),
		TEST(a_body_that_comes_too_slowly_is_refused),
		TEST(a_body_may_take_long_when_it_is_long),
		TEST(only_what_changes_something_is_done_for_who_is_gone),
		TEST(large_bodies_leave_room_to_small_ones),
		TEST(who_asks_for_little_waits_for_nobodys_many),
		TEST(the_queue_has_an_end),
		TEST(stopping_finishes_what_has_begun),
	};

	int failed =
		cmocka_run_group_tests_name("hands_over", tests, setup, NULL);

	/* The same for a program that takes nothing over, whose connections
	 * stay watched while a thread has them. */
	hooks.hands_over = false;
	return failed +
		_cmocka_run_group_tests(
			"stays", tests + 1, LENGTH(tests) - 1, setup, NULL);
}
