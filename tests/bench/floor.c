/*
 * floor.c: what any chat worker costs at the least: takes the chat program's
 * place at its socket, asks the model by libcurl and copies the bytes of the
 * answer to the web server, unread. No check, no database, no translation.
 *
 * Its listening socket is descriptor 0; LAMPLIGHT_LLM_* say where the model is,
 * as for the chat program. tests/bench/run measures both in one run.
 */

#include "base/arena.h"
#include "base/log.h"
#include "base/loop.h"
#include "base/mem.h"
#include "http/fcgi.h"
#include "http/front.h"
#include "llm/multi.h"
#include "llm/upstream.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static const char HEAD[] = "Content-Type: text/event-stream\r\n"
			   "X-Accel-Buffering: no\r\n\r\n";
static const char BODY[] = "{\"model\":\"bench\",\"stream\":true,"
			   "\"messages\":[]}";

static struct floor {
	struct conf conf;
	struct loop *loop;
	struct multi multi;
	struct upstream upstream;
	pthread_t thread;
} it;

struct copy {
	struct fcgi_peer peer;
	CURL *easy;
	struct buf out;
};

/* The browsers of the measurement always read: no queue is needed. */
static void
flush(struct copy *copy)
{
	ssize_t n = send(copy->peer.fd, copy->out.data, copy->out.len,
		MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n != (ssize_t)copy->out.len)
		log_warn("floor_cut", "sent=%zd of=%zu", n, copy->out.len);
	buf_clear(&copy->out);
}

static size_t
on_bytes(char *bytes, size_t size, size_t n, void *arg)
{
	struct copy *copy = arg;

	fcgi_put(&copy->out, &copy->peer, (struct span){ bytes, size * n });
	flush(copy);
	return size * n;
}

static void
on_done(CURL *easy, CURLcode code)
{
	struct copy *copy;

	(void)code;
	curl_easy_getinfo(easy, CURLINFO_PRIVATE, &copy);
	fcgi_put_end(&copy->out, &copy->peer);
	flush(copy);
	close(copy->peer.fd);
	curl_multi_remove_handle(it.multi.handle, easy);
	curl_easy_cleanup(easy);
	buf_free(&copy->out);
	free(copy);
}

/* In the loop's thread. */
static void
begin(void *arg)
{
	struct copy *copy = arg;

	copy->easy = upstream_request(&it.upstream, span_of(BODY));
	curl_easy_setopt(copy->easy, CURLOPT_WRITEFUNCTION, on_bytes);
	curl_easy_setopt(copy->easy, CURLOPT_WRITEDATA, copy);
	curl_easy_setopt(copy->easy, CURLOPT_PRIVATE, copy);
	curl_easy_setopt(copy->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(copy->easy, CURLOPT_FORBID_REUSE, 1L);
	fcgi_put(&copy->out, &copy->peer, span_of(HEAD));
	flush(copy);
	if (curl_multi_add_handle(it.multi.handle, copy->easy) != CURLM_OK)
		abort();
}

static void
serve(struct request *rq, enum err err, void *thread, void *arg)
{
	struct copy *copy = mem_zalloc(sizeof(*copy));

	(void)err;
	(void)thread;
	(void)arg;
	copy->peer = fcgi_peer_of(rq);
	fcgi_release(rq);
	loop_post(it.loop, begin, copy);
}

static bool
admit(struct request *rq, size_t *body_max, void *arg)
{
	(void)rq;
	(void)arg;
	*body_max = (size_t)it.conf.http.body_max;
	return true;
}

static void *
thread_open(void *arg)
{
	return arg;
}

static void
thread_close(void *thread, void *arg)
{
	(void)thread;
	(void)arg;
}

static void *
run(void *arg)
{
	loop_run(it.loop);
	return arg;
}

int
main(void)
{
	const struct front_hooks hooks = { .thread_open = thread_open,
		.thread_close = thread_close,
		.admit = admit,
		.serve = serve };
	struct front *front;
	struct arena arena = ARENA_INIT;
	sigset_t signals;
	int number;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	log_open("floor", LOG_INFO);
	if (conf_load(&arena, &it.conf) != OK || loop_open(&it.loop) != OK ||
		upstream_open(&it.upstream, &it.conf.llm) != OK)
		return EXIT_FAILURE;
	multi_open(&it.multi, it.loop, 0, on_done);
	if (pthread_create(&it.thread, NULL, run, NULL) != 0 ||
		front_start(&it.conf.http, &hooks, &front) != OK)
		return EXIT_FAILURE;
	sigwait(&signals, &number);
	return EXIT_SUCCESS; /* the process ends with all that it holds */
}
