/* loop_test.c: descriptors, timers, a loop inside another. */

#include "base/loop.h"

#include "../unit.h"
#include "base/clock.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define WATCHES 10000ul

static int
open_loop(void **state)
{
	return loop_open((struct loop **)state) == OK ? 0 : -1;
}

static int
close_loop(void **state)
{
	loop_close(*state);
	return 0;
}

/* ---- descriptors */

struct reader {
	struct loop *loop;
	struct watch watch;
	int peer;
	int reads;
	struct reader *victim; /* this one's event ends it */
};

static void
on_readable(void *arg, uint32_t events)
{
	struct reader *reader = arg;
	char byte;

	assert_true(events & EPOLLIN);
	assert_int_equal(read(reader->watch.fd, &byte, 1), 1);
	reader->reads++;
	if (reader->victim != NULL)
		loop_unwatch(reader->loop, &reader->victim->watch);
	loop_stop(reader->loop);
}

static void
reader_open(struct reader *reader, struct loop *loop)
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	*reader = (struct reader){ .loop = loop, .peer = pair[1] };
	reader->watch = (struct watch){ on_readable, reader, pair[0], 0 };
	assert_int_equal(loop_watch(loop, &reader->watch, EPOLLIN), OK);
}

static void
reader_close(struct reader *reader)
{
	loop_unwatch(reader->loop, &reader->watch);
	close(reader->watch.fd);
	close(reader->peer);
}

static void
calls_a_watch_when_its_descriptor_is_ready(void **state)
{
	struct reader reader;

	reader_open(&reader, *state);
	assert_int_equal(write(reader.peer, "x", 1), 1);
	loop_run(*state);
	assert_int_equal(reader.reads, 1);
	reader_close(&reader);
}

static void
changes_what_is_watched(void **state)
{
	struct reader quiet, loud;

	reader_open(&quiet, *state);
	reader_open(&loud, *state);
	assert_int_equal(loop_watch(*state, &quiet.watch, EPOLLRDHUP), OK);
	assert_int_equal(write(quiet.peer, "x", 1), 1);
	assert_int_equal(write(loud.peer, "x", 1), 1);
	loop_run(*state);
	assert_int_equal(quiet.reads, 0);
	assert_int_equal(loud.reads, 1);

	assert_int_equal(loop_watch(*state, &quiet.watch, EPOLLIN), OK);
	loop_run(*state);
	assert_int_equal(quiet.reads, 1);
	reader_close(&quiet);
	reader_close(&loud);
}

static void
watching_nothing_is_not_watching(void **state)
{
	struct reader reader;

	reader_open(&reader, *state);
	assert_int_equal(loop_watch(*state, &reader.watch, 0), OK);
	assert_int_equal(reader.watch.events, 0);
	loop_unwatch(*state, &reader.watch);
	close(reader.peer); /* would be reported even without EPOLLIN */
	loop_stop(*state);
	loop_run(*state);
	assert_int_equal(reader.reads, 0);
	close(reader.watch.fd);
}

static void
refuses_what_cannot_be_watched(void **state)
{
	struct watch watch = { on_readable, NULL, -1, 0 };

	assert_int_equal(loop_watch(*state, &watch, EPOLLIN), ERR_INTERNAL);
	assert_int_equal(watch.events, 0);
}

/* Both are ready in one batch; the first one that runs ends the other. */
static void
leaves_out_an_event_of_a_watch_ended_in_the_same_batch(void **state)
{
	struct reader a, b;

	reader_open(&a, *state);
	reader_open(&b, *state);
	a.victim = &b;
	b.victim = &a;
	assert_int_equal(write(a.peer, "x", 1), 1);
	assert_int_equal(write(b.peer, "x", 1), 1);
	loop_run(*state);
	assert_int_equal(a.reads + b.reads, 1);
	reader_close(&a);
	reader_close(&b);
}

struct one_of_many {
	struct loop *loop;
	struct watch watch;
	size_t *left;
};

static void
on_one_of_many(void *arg, uint32_t events)
{
	struct one_of_many *one = arg;

	(void)events;
	loop_unwatch(one->loop, &one->watch);
	if (--*one->left == 0)
		loop_stop(one->loop);
}

/* 10,000, or what this machine allows. */
static size_t
many_descriptors(void)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return MIN(WATCHES, limit.rlim_cur - 64);
}

/* Far more ready descriptors than one batch holds. */
static void
serves_ten_thousand_watches(void **state)
{
	size_t n = many_descriptors(), left = n;
	struct one_of_many *all = calloc(n, sizeof(*all));
	int pair[2];

	assert_int_equal(pipe(pair), 0);
	assert_int_equal(write(pair[1], "x", 1), 1);
	for (size_t i = 0; i < n; i++) {
		all[i] = (struct one_of_many){ .loop = *state, .left = &left };
		all[i].watch = (struct watch){ on_one_of_many, &all[i],
			dup(pair[0]), 0 };
		assert_int_equal(
			loop_watch(*state, &all[i].watch, EPOLLIN), OK);
	}
	loop_run(*state);
	assert_int_equal(left, 0);
	for (size_t i = 0; i < n; i++)
		close(all[i].watch.fd);
	close(pair[0]);
	close(pair[1]);
	free(all);
}

/* ---- timers */

struct alarm {
	struct loop *loop;
	struct timer timer;
	int64_t rang_ms;
	int order, rings;
	int *count;
};

static void
on_alarm(void *arg)
{
	struct alarm *alarm = arg;

	assert_int_equal(alarm->timer.slot, 0);
	assert_true(clock_mono_ms() >= alarm->timer.due_ms);
	alarm->rang_ms = loop_now_ms(alarm->loop);
	alarm->order = (*alarm->count)++;
	alarm->rings++;
}

static void
on_last_alarm(void *arg)
{
	on_alarm(arg);
	loop_stop(((struct alarm *)arg)->loop);
}

static void
alarm_set(struct alarm *alarm, struct loop *loop, int *count, int64_t due_ms)
{
	*alarm = (struct alarm){ .loop = loop, .count = count };
	alarm->timer.fn = on_alarm;
	alarm->timer.arg = alarm;
	loop_timer_set(loop, &alarm->timer, due_ms);
}

static void
runs_timers_in_the_order_of_their_moments(void **state)
{
	int64_t start = clock_mono_ms();
	struct alarm alarms[500], last;
	unsigned seed = 7;
	int count = 0;

	for (size_t i = 0; i < LENGTH(alarms); i++)
		alarm_set(&alarms[i], *state, &count,
			start + (int64_t)(rand_r(&seed) % 20));
	alarm_set(&last, *state, &count, start + 21);
	last.timer.fn = on_last_alarm;
	loop_run(*state);
	assert_int_equal(count, LENGTH(alarms) + 1);
	for (size_t i = 0; i < LENGTH(alarms); i++)
		for (size_t k = 0; k < i; k++)
			if (alarms[i].timer.due_ms < alarms[k].timer.due_ms)
				assert_true(alarms[i].order < alarms[k].order);
}

/* Moves and clears timers at random; the rest fire once, at their last time. */
static void
moves_and_clears_timers(void **state)
{
	int64_t start = clock_mono_ms();
	struct alarm alarms[300], last;
	bool cleared[300] = { false };
	unsigned seed = 11;
	int count = 0;

	for (size_t i = 0; i < LENGTH(alarms); i++)
		alarm_set(&alarms[i], *state, &count, start + 1000000);
	for (int round = 0; round < 3000; round++) {
		size_t i = (size_t)rand_r(&seed) % LENGTH(alarms);

		cleared[i] = rand_r(&seed) % 3 == 0;
		if (cleared[i])
			loop_timer_clear(*state, &alarms[i].timer);
		else
			loop_timer_set(*state, &alarms[i].timer,
				start + (int64_t)(rand_r(&seed) % 20));
	}
	for (size_t i = 0; i < LENGTH(alarms); i++)
		if (!cleared[i] && alarms[i].timer.due_ms > start + 20)
			loop_timer_set(*state, &alarms[i].timer, start);
	alarm_set(&last, *state, &count, start + 21);
	last.timer.fn = on_last_alarm;
	loop_run(*state);
	for (size_t i = 0; i < LENGTH(alarms); i++) {
		assert_int_equal(alarms[i].rings, cleared[i] ? 0 : 1);
		for (size_t k = 0; k < i; k++)
			if (!cleared[i] && !cleared[k] &&
				alarms[i].timer.due_ms < alarms[k].timer.due_ms)
				assert_true(alarms[i].order < alarms[k].order);
	}
}

static void
on_restless(void *arg)
{
	struct alarm *alarm = arg;

	alarm->rings++;
	loop_timer_set(alarm->loop, &alarm->timer, loop_now_ms(alarm->loop));
}

static void
a_timer_that_is_always_due_does_not_starve_descriptors(void **state)
{
	struct reader reader;
	struct alarm alarm;
	int count = 0;

	alarm_set(&alarm, *state, &count, 0);
	alarm.timer.fn = on_restless;
	reader_open(&reader, *state);
	assert_int_equal(write(reader.peer, "x", 1), 1);
	loop_run(*state);
	assert_int_equal(reader.reads, 1);
	assert_true(alarm.rings > 0);
	reader_close(&reader);
}

static void
on_inner(void *arg, uint32_t events)
{
	assert_true(events & EPOLLIN);
	loop_look(arg);
}

static void
looks_at_an_inner_loop_when_it_wants_to(void **state)
{
	struct loop *outer = *state, *inner;
	struct reader reader;
	struct watch watch = { .fn = on_inner };

	assert_int_equal(loop_open(&inner), OK);
	watch.arg = inner;
	watch.fd = loop_fd(inner);
	reader_open(&reader, inner);
	reader.loop = outer;
	assert_false(loop_look(inner));
	assert_int_equal(write(reader.peer, "xy", 2), 2);
	loop_look(inner);
	assert_int_equal(reader.reads, 1);
	loop_run(outer);
	assert_int_equal(reader.reads, 1);
	assert_int_equal(loop_watch(outer, &watch, EPOLLIN), OK);
	loop_run(outer);
	assert_int_equal(reader.reads, 2);
	loop_unwatch(outer, &watch);
	reader.loop = inner;
	reader_close(&reader);
	loop_close(inner);
}

static void
says_whether_more_may_be_ready(void **state)
{
	static struct reader readers[600];

	for (size_t i = 0; i < LENGTH(readers); i++) {
		reader_open(&readers[i], *state);
		assert_int_equal(write(readers[i].peer, "x", 1), 1);
	}
	assert_true(loop_look(*state));
	assert_true(loop_look(*state));
	assert_false(loop_look(*state));
	for (size_t i = 0; i < LENGTH(readers); i++) {
		assert_int_equal(readers[i].reads, 1);
		reader_close(&readers[i]);
	}
}

#define WITH_LOOP(test) \
	cmocka_unit_test_setup_teardown(test, open_loop, close_loop)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_LOOP(calls_a_watch_when_its_descriptor_is_ready),
		WITH_LOOP(changes_what_is_watched),
		WITH_LOOP(watching_nothing_is_not_watching),
		WITH_LOOP(refuses_what_cannot_be_watched),
		WITH_LOOP(
			leaves_out_an_event_of_a_watch_ended_in_the_same_batch),
		WITH_LOOP(serves_ten_thousand_watches),
		WITH_LOOP(runs_timers_in_the_order_of_their_moments),
		WITH_LOOP(moves_and_clears_timers),
		WITH_LOOP(
			a_timer_that_is_always_due_does_not_starve_descriptors),
		WITH_LOOP(looks_at_an_inner_loop_when_it_wants_to),
		WITH_LOOP(says_whether_more_may_be_ready),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
