/* pool_test.c: jobs run in parallel, return to the loop, are cancelled or
 * abandoned. Also run under the thread sanitizer. */

#include "tool/pool.h"

#include "../unit.h"
#include "base/mem.h"

#include <dirent.h>
#include <pthread.h>
#include <time.h>

#define N_THREADS 3
#define ORDER_MAX 16

struct stage {
	struct conf conf;
	struct loop *loop;
	struct tool_pool *pool;
	pthread_t loop_thread;
	atomic_int n_working, n_worked, n_cancelled, n_done, n_wanted;
	atomic_bool open; /* opens the gate at which jobs wait */
	/* the users, in the order in which their jobs began */
	uint64_t order[ORDER_MAX];
	atomic_uint n_begun;
};

struct job {
	struct tool_job job;
	struct stage *stage;
	int number;
};

static void
nap(void)
{
	const struct timespec ms = { 0, 1000000 };

	nanosleep(&ms, NULL);
}

static void
work(struct tool_job *base, struct db *db)
{
	struct stage *stage = CONTAINER_OF(base, struct job, job)->stage;

	assert_non_null(db);
	stage->order[atomic_fetch_add(&stage->n_begun, 1) % ORDER_MAX] =
		base->user_id;
	atomic_fetch_add(&stage->n_working, 1);
	while (!atomic_load(&stage->open) && !atomic_load(&base->cancelled))
		nap();
	if (atomic_load(&base->cancelled))
		atomic_fetch_add(&stage->n_cancelled, 1);
	atomic_fetch_sub(&stage->n_working, 1);
	atomic_fetch_add(&stage->n_worked, 1);
	buf_puts(&base->out, "output");
	arena_alloc(&base->arena, 10);
}

static void
done(struct tool_job *base)
{
	struct stage *stage = CONTAINER_OF(base, struct job, job)->stage;

	assert_true(pthread_equal(pthread_self(), stage->loop_thread) != 0);
	assert_string_equal(buf_str(&base->out), "output");
	if (atomic_fetch_add(&stage->n_done, 1) + 1 == stage->n_wanted)
		loop_stop(stage->loop);
}

static struct job *
submit_for(struct stage *stage, uint64_t user_id)
{
	struct job *job = mem_zalloc(sizeof(*job));

	job->job.user_id = user_id;
	job->job.work = work;
	job->job.done = done;
	job->stage = stage;
	tool_pool_submit(stage->pool, &job->job);
	return job;
}

static struct job *
submit(struct stage *stage)
{
	return submit_for(stage, 1);
}

static void
stage_open_sized(struct stage *stage, size_t threads, size_t per_user)
{
	const struct tool_pool_size size = { threads, per_user };

	*stage = (struct stage){ .loop_thread = pthread_self() };
	assert_int_equal(loop_open(&stage->loop), OK);
	stage->pool = tool_pool_open(&stage->conf.db, stage->loop, size);
}

static void
stage_open(struct stage *stage)
{
	stage_open_sized(stage, N_THREADS, N_THREADS);
}

static void
stage_close(struct stage *stage)
{
	tool_pool_close(stage->pool);
	loop_close(stage->loop);
}

static size_t
count_threads(void)
{
	DIR *tasks = opendir("/proc/self/task");
	size_t n = 0;

	assert_non_null(tasks);
	while (readdir(tasks) != NULL)
		n++;
	closedir(tasks);
	return n;
}

static void
test_unused_pool_has_no_threads(void **state)
{
	const size_t before = count_threads();
	struct stage stage;

	(void)state;
	stage_open(&stage);
	assert_int_equal(count_threads(), before);
	stage_close(&stage);
	assert_int_equal(count_threads(), before);
}

static void
test_all_come_back(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage);
	stage.n_wanted = 50;
	for (int i = 0; i < 50; i++)
		submit(&stage);
	while (atomic_load(&stage.n_working) < N_THREADS)
		nap();
	assert_int_equal(stage.n_worked, 0);
	atomic_store(&stage.open, true);
	loop_run(stage.loop);
	assert_int_equal(stage.n_done, 50);
	stage_close(&stage);
}

/* A running and a waiting job are cancelled; the others return. */
static void
test_cancelled_jobs_do_not_return(void **state)
{
	struct stage stage;
	struct job *jobs[8];

	(void)state;
	stage_open(&stage);
	stage.n_wanted = 6;
	for (int i = 0; i < 8; i++)
		jobs[i] = submit(&stage);
	while (atomic_load(&stage.n_working) < N_THREADS)
		nap();
	tool_job_cancel(&jobs[7]->job);
	tool_job_cancel(&jobs[0]->job);
	while (atomic_load(&stage.n_cancelled) < 1)
		nap();
	atomic_store(&stage.open, true);
	loop_run(stage.loop);
	assert_int_equal(stage.n_done, 6);
	assert_int_equal(stage.n_worked, 7);
	stage_close(&stage);
}

/* Jobs are running, waiting, or finished but not returned: nothing is waited
 * for or lost. */
static void
test_closing_waits_for_no_job(void **state)
{
	struct stage stage;

	(void)state;
	stage_open(&stage);
	for (int i = 0; i < 10; i++)
		submit(&stage);
	while (atomic_load(&stage.n_working) < N_THREADS)
		nap();
	stage_close(&stage);
	assert_int_equal(stage.n_done, 0);
	assert_int_equal(stage.n_cancelled, N_THREADS);
}

/* However many slow jobs a user has, another user's job begins at once. */
static void
test_one_user_cannot_fill_the_pool(void **state)
{
	struct stage stage;

	(void)state;
	stage_open_sized(&stage, N_THREADS, N_THREADS - 1);
	stage.n_wanted = 12;
	for (int i = 0; i < 10; i++)
		submit_for(&stage, 1);
	while (atomic_load(&stage.n_working) < N_THREADS - 1)
		nap();
	submit_for(&stage, 1 + 256); /* in the same slot */
	while (atomic_load(&stage.n_working) < N_THREADS)
		nap();
	assert_int_equal(stage.order[N_THREADS - 1], 1 + 256);
	submit_for(&stage, 3);
	atomic_store(&stage.open, true);
	loop_run(stage.loop);
	assert_int_equal(stage.n_done, 12);
	stage_close(&stage);
}

/* Users take turns. */
static void
test_users_take_turns(void **state)
{
	static const uint64_t wanted[] = { 1, 2, 3, 1, 2, 1, 1 };
	struct stage stage;

	(void)state;
	stage_open_sized(&stage, 1, 1);
	stage.n_wanted = LENGTH(wanted);
	for (int i = 0; i < 4; i++)
		submit_for(&stage, 1);
	while (atomic_load(&stage.n_working) < 1)
		nap();
	submit_for(&stage, 2);
	submit_for(&stage, 2);
	submit_for(&stage, 3);
	atomic_store(&stage.open, true);
	loop_run(stage.loop);
	for (size_t i = 0; i < LENGTH(wanted); i++)
		assert_int_equal(stage.order[i], wanted[i]);
	assert_int_equal(stage.n_done, LENGTH(wanted));
	stage_close(&stage);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unused_pool_has_no_threads),
		cmocka_unit_test(test_all_come_back),
		cmocka_unit_test(test_cancelled_jobs_do_not_return),
		cmocka_unit_test(test_closing_waits_for_no_job),
		cmocka_unit_test(test_one_user_cannot_fill_the_pool),
		cmocka_unit_test(test_users_take_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
