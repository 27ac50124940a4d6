/* fronttest.c: a program that echoes requests, or acts according to their
 * path. */

#include "fronttest.h"

#include "http/fcgi.h"
#include "webtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define TIMEOUT_MS 300

struct served served;

static const struct http_conf conf = { .base_path = "/chat",
	.body_max = BODY_MAX,
	.buffer_max = 1 << 20,
	.threads = 3,
	.read_timeout_ms = TIMEOUT_MS };

/* ---- the program */

static void *
thread_open(void *arg)
{
	served.threads++;
	return arg;
}

static void
thread_close(void *thread, void *arg)
{
	assert_ptr_equal(thread, arg);
	served.threads--;
}

void
pause_ms(long ms)
{
	const struct timespec pause = { 0, ms * 1000000 };

	nanosleep(&pause, NULL);
}

/* Takes over the connection and writes its answer in two parts. */
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

/* Answers in two pieces. */
static void
reply(struct request *rq, struct span text)
{
	struct span copy = arena_span(rq->arena, text), pieces[2];

	pieces[0] = (struct span){ copy.data, copy.len / 3 };
	pieces[1] = (struct span){ copy.data + copy.len / 3,
		copy.len - copy.len / 3 };
	fcgi_answer(rq, pieces, LENGTH(pieces));
}

/* Echoes the request. */
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
		sem_post(&served.waiting);
		sem_wait(&served.go_on);
	}
	if (strcmp(rq->path, "/count") == 0)
		served.counted++;
	if (strcmp(rq->path, "/turn") == 0)
		strcat(served.turns, rq->query);
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

/* Refuses requests for "/refused"; holds the loop's thread up for "/stall". */
static bool
admit(struct request *rq, size_t *body_max, void *arg)
{
	assert_ptr_equal(arg, &served);
	*body_max = BODY_MAX;
	if (strcmp(rq->path, "/stall") == 0)
		pause_ms(200);
	if (strcmp(rq->path, "/refused") != 0)
		return true;
	reply(rq, span_of("refused"));
	return false;
}

static struct front_hooks hooks = { .thread_open = thread_open,
	.thread_close = thread_close,
	.admit = admit,
	.serve = serve,
	.arg = &served };

/* ---- the tests */

/* Listens on standard input, where a web server would have opened the
 * socket. */
static bool
listen_on_stdin(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool ok;

	snprintf(webtest_address.sun_path, sizeof(webtest_address.sun_path),
		"/tmp/fronttest.%d", (int)getpid());
	ok = bind(fd, (struct sockaddr *)&webtest_address,
		     sizeof(webtest_address)) == 0 &&
		listen(fd, 4096) == 0 && dup2(fd, STDIN_FILENO) == STDIN_FILENO;
	close(fd);
	return ok;
}

static int
begin(void **state)
{
	(void)state;
	sem_init(&served.waiting, 0, 0);
	sem_init(&served.go_on, 0, 0);
	served.counted = 0;
	return listen_on_stdin() &&
			front_start(&conf, &hooks, &served.front) == OK
		? 0
		: -1;
}

static int
end(void **state)
{
	(void)state;
	fronttest_stop();
	return 0;
}

void
fronttest_stop(void)
{
	if (served.front == NULL)
		return;
	front_stop(served.front);
	served.front = NULL;
	assert_int_equal(served.threads, 0);
	unlink(webtest_address.sun_path);
}

int
fronttest_run(const struct CMUnitTest *tests, size_t n)
{
	int failed;

	hooks.idle_ms = served.idle_ms;
	served.hands_over = hooks.hands_over = true;
	failed = _cmocka_run_group_tests("hands_over", tests, n, begin, end);
	served.hands_over = hooks.hands_over = false;
	return failed + _cmocka_run_group_tests("stays", tests, n, begin, end);
}

/* Whether the process may have that many descriptors. */
bool
allow_descriptors(rlim_t n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = n;
	return limit.rlim_max >= n && setrlimit(RLIMIT_NOFILE, &limit) == 0;
}
