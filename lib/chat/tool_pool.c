#include "chat/tool_pool.h"

#include "base/mem.h"
#include "base/monitor.h"

#include <stdlib.h>

struct tool_pool {
	const struct conf *conf;
	struct loop *loop;
	pthread_t *threads;
	struct monitor monitor;
	struct tool_job *jobs; /* all; the loop's */
	struct tool_job *queue,
		**queue_end; /* in the monitor, and what follows */
	size_t n_queued, n_threads, n_idle;
	bool closing;
};

/* ---- the loop's side */

static void
free_job(struct tool_pool *pool, struct tool_job *job)
{
	if (job->prev != NULL)
		job->prev->next = job->next;
	else
		pool->jobs = job->next;
	if (job->next != NULL)
		job->next->prev = job->prev;
	arena_reset(&job->arena);
	buf_free(&job->out);
	free(job);
}

static void
deliver(void *arg)
{
	struct tool_job *job = arg;

	if (!atomic_load(&job->cancelled))
		job->done(job);
	free_job(job->pool, job);
}

/* ---- the threads */

static struct tool_job *
take(struct tool_pool *pool)
{
	struct tool_job *job;

	monitor_enter(&pool->monitor);
	pool->n_idle++;
	while (pool->queue == NULL && !pool->closing)
		monitor_wait(&pool->monitor);
	pool->n_idle--;
	job = pool->closing ? NULL : pool->queue;
	if (job != NULL) {
		pool->n_queued--;
		pool->queue = job->next_queued;
		if (pool->queue == NULL)
			pool->queue_end = &pool->queue;
	}
	monitor_leave(&pool->monitor);
	return job;
}

static void *
run(void *arg)
{
	struct tool_pool *pool = arg;
	struct db *db = db_new(&pool->conf->db);
	struct tool_job *job;

	while ((job = take(pool)) != NULL) {
		if (!atomic_load(&job->cancelled))
			job->work(job, db);
		loop_post(pool->loop, deliver, job);
	}
	db_free(db);
	return NULL;
}

/* Inside the monitor. */
static void
add_thread(struct tool_pool *pool)
{
	pthread_t *thread = &pool->threads[pool->n_threads];

	if (pthread_create(thread, NULL, run, pool) == 0)
		pool->n_threads++;
	else if (pool->n_threads == 0)
		abort();
}

/* ---- in and out */

void
tool_pool_submit(struct tool_pool *pool, struct tool_job *job)
{
	job->pool = pool;
	job->next = pool->jobs;
	if (job->next != NULL)
		job->next->prev = job;
	pool->jobs = job;
	monitor_enter(&pool->monitor);
	*pool->queue_end = job;
	pool->queue_end = &job->next_queued;
	if (++pool->n_queued > pool->n_idle &&
		pool->n_threads < (size_t)pool->conf->tools.threads)
		add_thread(pool);
	monitor_tell(&pool->monitor);
	monitor_leave(&pool->monitor);
}

void
tool_job_cancel(struct tool_job *job)
{
	atomic_store(&job->cancelled, true);
}

struct tool_pool *
tool_pool_open(const struct conf *conf, struct loop *loop)
{
	struct tool_pool *pool = mem_zalloc(sizeof(*pool));

	pool->conf = conf;
	pool->loop = loop;
	pool->threads = mem_zalloc(
		(size_t)conf->tools.threads * sizeof(*pool->threads));
	pool->queue_end = &pool->queue;
	monitor_open(&pool->monitor);
	return pool;
}

void
tool_pool_close(struct tool_pool *pool)
{
	for (struct tool_job *job = pool->jobs; job != NULL; job = job->next)
		tool_job_cancel(job);
	monitor_enter(&pool->monitor);
	pool->closing = true;
	monitor_tell(&pool->monitor);
	monitor_leave(&pool->monitor);
	for (size_t i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	for (struct tool_job *job = pool->jobs, *next; job != NULL;
		job = next) {
		next = job->next;
		free_job(pool, job);
	}
	monitor_close(&pool->monitor);
	free(pool->threads);
	free(pool);
}
