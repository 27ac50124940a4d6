#include "base/loop.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/slow.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH_MAX 256

struct call {
	void (*fn)(void *arg);
	void *arg;
};

/* An ordered list of calls; keeps its memory, so that a busy loop does not
 * allocate. */
struct calls {
	struct call *list;
	size_t n, cap;
};

struct loop {
	int epoll_fd;
	bool running;
	int64_t now_ms;
	struct watch wake; /* an eventfd, readable while there are posts */

	pthread_mutex_t lock; /* guards the posts only */
	struct calls posts;
	struct calls running_posts;

	struct calls frees;
	struct call at_end;

	struct timer **heap; /* the parent of i is (i - 1) / 2 */
	size_t n_timers, heap_cap;
};

static void
calls_add(struct calls *calls, void (*fn)(void *), void *arg)
{
	if (calls->n == calls->cap) {
		calls->cap = MAX(calls->cap * 2, (size_t)64);
		calls->list = mem_realloc(
			calls->list, calls->cap * sizeof(*calls->list));
	}
	calls->list[calls->n++] = (struct call){ fn, arg };
}

static void
run_call(void (*fn)(void *arg), void *arg)
{
	int64_t begin = slow_begin();

	fn(arg);
	slow_end(begin, (const void *)(uintptr_t)fn);
}

/* Also runs the calls that are added meanwhile. */
static void
calls_run(struct calls *calls)
{
	for (size_t i = 0; i < calls->n; i++) {
		struct call call = calls->list[i];

		run_call(call.fn, call.arg);
	}
	calls->n = 0;
}

/* ---- posts */

static void
run_posts(void *arg, uint32_t events)
{
	struct loop *loop = arg;
	struct calls empty = loop->running_posts;
	uint64_t count;

	(void)events;
	if (read(loop->wake.fd, &count, sizeof(count)) < 0)
		return; /* EAGAIN: already read */
	pthread_mutex_lock(&loop->lock);
	loop->running_posts = loop->posts;
	loop->posts = empty;
	pthread_mutex_unlock(&loop->lock);
	calls_run(&loop->running_posts);
}

void
loop_post(struct loop *loop, void (*fn)(void *), void *arg)
{
	static const uint64_t one = 1;
	bool first;

	pthread_mutex_lock(&loop->lock);
	first = loop->posts.n == 0;
	calls_add(&loop->posts, fn, arg);
	/* Write inside the lock: once the post has run, the loop may be
	 * gone. */
	if (first && write(loop->wake.fd, &one, sizeof(one)) < 0)
		abort(); /* the counter cannot be full */
	pthread_mutex_unlock(&loop->lock);
}

/* ---- opening and closing */

static enum err
open_failed(struct loop *loop, const char *what)
{
	log_error("loop_open_failed", "call=%s error=\"%s\"", what,
		strerror(errno));
	loop_close(loop);
	return ERR_BUSY;
}

enum err
loop_open(struct loop **out)
{
	struct loop *loop = mem_zalloc(sizeof(*loop));

	pthread_mutex_init(&loop->lock, NULL);
	loop->now_ms = clock_mono_ms();
	loop->wake = (struct watch){ .fn = run_posts, .arg = loop, .fd = -1 };
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0)
		return open_failed(loop, "epoll_create1");
	loop->wake.fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wake.fd < 0)
		return open_failed(loop, "eventfd");
	if (loop_watch(loop, &loop->wake, EPOLLIN) != OK)
		return open_failed(loop, "epoll_ctl");
	*out = loop;
	return OK;
}

void
loop_close(struct loop *loop)
{
	if (loop == NULL)
		return;
	calls_run(&loop->frees); /* frees left by the last iteration */
	if (loop->wake.fd >= 0)
		close(loop->wake.fd);
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	pthread_mutex_destroy(&loop->lock);
	free(loop->posts.list);
	free(loop->running_posts.list);
	free(loop->frees.list);
	free(loop->heap);
	free(loop);
}

/* ---- descriptors */

enum err
loop_watch(struct loop *loop, struct watch *watch, uint32_t events)
{
	struct epoll_event event = { .events = events, .data.ptr = watch };
	int op = watch->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;

	if (events == watch->events)
		return OK;
	if (events == 0) {
		loop_unwatch(loop, watch);
		return OK;
	}
	if (epoll_ctl(loop->epoll_fd, op, watch->fd, &event) < 0) {
		int error = errno;

		log_error("watch_failed", "fd=%d error=\"%s\"", watch->fd,
			strerror(error));
		return error == ENOMEM || error == ENOSPC ? ERR_BUSY
							  : ERR_INTERNAL;
	}
	watch->events = events;
	return OK;
}

void
loop_unwatch(struct loop *loop, struct watch *watch)
{
	if (watch->events == 0)
		return;
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
	watch->events = 0;
}

/* ---- timers: a binary heap by due time */

static void
place(struct loop *loop, size_t i, struct timer *timer)
{
	loop->heap[i] = timer;
	timer->slot = i + 1;
}

static void
sift_up(struct loop *loop, size_t i, struct timer *timer)
{
	for (; i > 0; i = (i - 1) / 2) {
		struct timer *parent = loop->heap[(i - 1) / 2];

		if (parent->due_ms <= timer->due_ms)
			break;
		place(loop, i, parent);
	}
	place(loop, i, timer);
}

static void
sift_down(struct loop *loop, size_t i, struct timer *timer)
{
	for (;;) {
		size_t child = 2 * i + 1;

		if (child + 1 < loop->n_timers &&
			loop->heap[child + 1]->due_ms <
				loop->heap[child]->due_ms)
			child++;
		if (child >= loop->n_timers ||
			loop->heap[child]->due_ms >= timer->due_ms)
			break;
		place(loop, i, loop->heap[child]);
		i = child;
	}
	place(loop, i, timer);
}

void
loop_timer_set(struct loop *loop, struct timer *timer, int64_t due_ms)
{
	bool later = due_ms > timer->due_ms;

	timer->due_ms = due_ms;
	if (timer->slot != 0) {
		(later ? sift_down : sift_up)(loop, timer->slot - 1, timer);
		return;
	}
	if (loop->n_timers == loop->heap_cap) {
		loop->heap_cap = MAX(loop->heap_cap * 2, (size_t)64);
		loop->heap = mem_realloc(
			loop->heap, loop->heap_cap * sizeof(struct timer *));
	}
	sift_up(loop, loop->n_timers++, timer);
}

void
loop_timer_clear(struct loop *loop, struct timer *timer)
{
	size_t i = timer->slot - 1;
	struct timer *last;

	if (timer->slot == 0)
		return;
	timer->slot = 0;
	last = loop->heap[--loop->n_timers];
	if (last == timer)
		return;
	if (last->due_ms > timer->due_ms)
		sift_down(loop, i, last);
	else
		sift_up(loop, i, last);
}

static int
time_to_next(const struct loop *loop)
{
	int64_t wait_ms;

	if (loop->n_timers == 0)
		return -1;
	wait_ms = loop->heap[0]->due_ms - clock_mono_ms();
	return (int)MIN(MAX(wait_ms, 0), INT_MAX);
}

/* Runs at most as many timers as there are now: a timer that sets itself to a
 * past moment must not starve the descriptors. */
static void
run_timers(struct loop *loop)
{
	for (size_t left = loop->n_timers; left > 0; left--) {
		struct timer *timer = loop->heap[0];

		if (loop->n_timers == 0 || timer->due_ms > loop->now_ms)
			return;
		loop_timer_clear(loop, timer);
		run_call(timer->fn, timer->arg);
	}
}

/* ---- running */

static void
run_event(struct watch *watch, uint32_t events)
{
	void (*fn)(void *arg, uint32_t events) = watch->fn;
	int64_t begin = slow_begin();

	fn(watch->arg, events);
	slow_end(begin, (const void *)(uintptr_t)fn);
}

/* Skips a watch that an earlier event of the batch ended. */
static void
run_events(const struct epoll_event *events, int n)
{
	for (int i = 0; i < n; i++) {
		struct watch *watch = events[i].data.ptr;

		if (watch->events != 0)
			run_event(watch, events[i].events);
	}
}

/* One iteration. Returns whether more may be ready than fits into one. */
static bool
iterate(struct loop *loop, int timeout_ms)
{
	struct epoll_event events[BATCH_MAX];
	int n = epoll_wait(loop->epoll_fd, events, BATCH_MAX, timeout_ms);

	if (n < 0 && errno != EINTR)
		abort(); /* we own the descriptor */
	loop->now_ms = clock_mono_ms();
	run_events(events, n);
	run_timers(loop);
	if (loop->at_end.fn != NULL)
		run_call(loop->at_end.fn, loop->at_end.arg);
	calls_run(&loop->frees);
	return n == BATCH_MAX;
}

void
loop_run(struct loop *loop)
{
	loop->running = true;
	while (loop->running)
		(void)iterate(loop, time_to_next(loop));
}

int
loop_fd(const struct loop *loop)
{
	return loop->epoll_fd;
}

bool
loop_look(struct loop *loop)
{
	return iterate(loop, 0);
}

static void
stop_running(void *arg)
{
	struct loop *loop = arg;

	loop->running = false;
}

void
loop_stop(struct loop *loop)
{
	loop_post(loop, stop_running, loop);
}

int64_t
loop_now_ms(const struct loop *loop)
{
	return loop->now_ms;
}

void
loop_free_later(struct loop *loop, void (*fn)(void *), void *arg)
{
	calls_add(&loop->frees, fn, arg);
}

void
loop_at_end(struct loop *loop, void (*fn)(void *), void *arg)
{
	loop->at_end = (struct call){ fn, arg };
}
