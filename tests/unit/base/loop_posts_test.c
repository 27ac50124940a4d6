/* loop_posts_test.c: posts from other threads, and calls deferred to the end of
 * an iteration. */

#include "base/loop.h"

#include "../unit.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 4
#define POSTS_PER_THREAD 50000

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

struct poster {
	struct loop *loop;
	pthread_t thread;
	int *left; /* threads that still have posts to make */
	int sent, seen;
	struct post {
		struct poster *poster;
		int number;
	} posts[POSTS_PER_THREAD];
};

static void
on_post(void *arg)
{
	struct post *post = arg;
	struct poster *poster = post->poster;

	assert_int_equal(post->number, poster->seen);
	if (++poster->seen == POSTS_PER_THREAD && --*poster->left == 0)
		loop_stop(poster->loop);
}

static void *
post_all(void *arg)
{
	struct poster *poster = arg;

	for (int i = 0; i < POSTS_PER_THREAD; i++) {
		poster->posts[i] = (struct post){ poster, i };
		loop_post(poster->loop, on_post, &poster->posts[i]);
	}
	return NULL;
}

static void
runs_every_post_of_every_thread_in_order(void **state)
{
	struct poster *posters = calloc(THREADS, sizeof(*posters));
	int left = THREADS;

	for (int i = 0; i < THREADS; i++) {
		posters[i].loop = *state;
		posters[i].left = &left;
		pthread_create(&posters[i].thread, NULL, post_all, &posters[i]);
	}
	loop_run(*state);
	for (int i = 0; i < THREADS; i++) {
		pthread_join(posters[i].thread, NULL);
		assert_int_equal(posters[i].seen, POSTS_PER_THREAD);
	}
	free(posters);
}

static void
on_count(void *arg)
{
	++*(int *)arg;
}

static void
stops_after_what_was_posted_before(void **state)
{
	int count = 0;

	for (int i = 0; i < 1000; i++)
		loop_post(*state, on_count, &count);
	loop_stop(*state);
	loop_run(*state);
	assert_int_equal(count, 1000);
}

static void
runs_again_after_a_stop(void **state)
{
	int count = 0;

	for (int i = 0; i < 3; i++) {
		loop_post(*state, on_count, &count);
		loop_stop(*state);
		loop_run(*state);
	}
	assert_int_equal(count, 3);
}

struct trace {
	struct loop *loop;
	char text[16];
};

static void
note(struct trace *trace, char c)
{
	trace->text[strlen(trace->text)] = c;
}

static void
on_late_free(void *arg)
{
	note(arg, 'g');
}

static void
on_free(void *arg)
{
	struct trace *trace = arg;

	note(trace, 'f');
	loop_free_later(trace->loop, on_late_free, trace);
}

static void
on_end(void *arg)
{
	note(arg, 'e');
}

static void
on_work(void *arg)
{
	struct trace *trace = arg;

	loop_free_later(trace->loop, on_free, trace);
	note(trace, 'w');
}

static void
frees_after_the_end_of_the_iteration(void **state)
{
	struct trace trace = { .loop = *state };

	loop_at_end(*state, on_end, &trace);
	loop_post(*state, on_work, &trace);
	loop_post(*state, on_work, &trace);
	loop_stop(*state);
	loop_run(*state);
	assert_string_equal(trace.text, "wweffgg");
}

#define WITH_LOOP(test) \
	cmocka_unit_test_setup_teardown(test, open_loop, close_loop)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_LOOP(runs_every_post_of_every_thread_in_order),
		WITH_LOOP(stops_after_what_was_posted_before),
		WITH_LOOP(runs_again_after_a_stop),
		WITH_LOOP(frees_after_the_end_of_the_iteration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
