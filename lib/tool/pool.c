#include "tool/pool.h"

#include "base/id.h"
#include "base/mem.h"
#include "base/monitor.h"

#include <stdlib.h>

#define SLOTS 256 /* a power of two */

/* A user with jobs in the pool. The line is in the round while one of its jobs
 * may begin. */
struct tool_line {
	uint64_t user_id;
	struct tool_job *first, **end; /* the waiting jobs */
	size_t n_working;
	bool in_round;
	struct tool_line *next_in_slot, *next_in_round;
};

struct tool_pool {
	const struct db_conf *conf;
	struct loop *loop;
	struct tool_pool_size size;
	pthread_t *threads;
	struct list jobs; /* all jobs; the loop's */

	struct monitor monitor; /* guards the members below */
	struct tool_line *lines[SLOTS];
	struct tool_line *round, **round_end; /* the users in turn */
	size_t n_ready, n_threads, n_idle;
	bool closing;
};

/* ---- lines; inside the monitor */

static struct tool_line **
slot_of(struct tool_pool *pool, uint64_t user_id)
{
	return &pool->lines[id_slot(user_id, SLOTS)];
}

static struct tool_line *
line_of(struct tool_pool *pool, uint64_t user_id)
{
	struct tool_line **slot = slot_of(pool, user_id), *line;

	for (line = *slot; line != NULL; line = line->next_in_slot)
		if (line->user_id == user_id)
			return line;
	line = mem_zalloc(sizeof(*line));
	line->user_id = user_id;
	line->end = &line->first;
	line->next_in_slot = *slot;
	*slot = line;
	return line;
}

static void
drop_line(struct tool_pool *pool, struct tool_line *line)
{
	struct tool_line **link = slot_of(pool, line->user_id);

	while (*link != line)
		link = &(*link)->next_in_slot;
	*link = line->next_in_slot;
	free(line);
}

/* Appends the line to the round if one of its jobs may begin. */
static void
queue_up(struct tool_pool *pool, struct tool_line *line)
{
	if (line->in_round || line->first == NULL ||
		line->n_working >= pool->size.per_user)
		return;
	line->in_round = true;
	line->next_in_round = NULL;
	*pool->round_end = line;
	pool->round_end = &line->next_in_round;
	pool->n_ready++;
}

static struct tool_job *
next_job(struct tool_pool *pool)
{
	struct tool_line *line = pool->round;
	struct tool_job *job = line->first;

	pool->round = line->next_in_round;
	if (pool->round == NULL)
		pool->round_end = &pool->round;
	pool->n_ready--;
	line->in_round = false;
	line->first = job->next_in_line;
	if (line->first == NULL)
		line->end = &line->first;
	line->n_working++;
	queue_up(pool, line);
	return job;
}

static void
leave_line(struct tool_pool *pool, struct tool_line *line)
{
	monitor_enter(&pool->monitor);
	line->n_working--;
	queue_up(pool, line);
	if (line->first == NULL && line->n_working == 0)
		drop_line(pool, line);
	monitor_leave(&pool->monitor);
}

/* ---- the loop's side */

static void
free_job(struct tool_job *job)
{
	list_remove(&job->place);
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
	free_job(job);
}

/* ---- the threads */

static void *run(void *arg);

/* Called in the monitor. Starts or wakes as many threads as there is work
 * for. */
static void
staff(struct tool_pool *pool)
{
	pthread_t *thread = &pool->threads[pool->n_threads];

	if (pool->n_ready == 0)
		return;
	monitor_notify(&pool->monitor);
	if (pool->n_ready <= pool->n_idle ||
		pool->n_threads == pool->size.threads)
		return;
	if (pthread_create(thread, NULL, run, pool) == 0)
		pool->n_threads++;
	else if (pool->n_threads == 0)
		abort();
}

static struct tool_job *
take(struct tool_pool *pool)
{
	struct tool_job *job = NULL;

	monitor_enter(&pool->monitor);
	pool->n_idle++;
	while (pool->round == NULL && !pool->closing)
		monitor_wait(&pool->monitor);
	pool->n_idle--;
	if (!pool->closing) {
		job = next_job(pool);
		staff(pool);
	}
	monitor_leave(&pool->monitor);
	return job;
}

static void *
run(void *arg)
{
	struct tool_pool *pool = arg;
	struct db *db = db_new(pool->conf);
	struct tool_line *line;
	struct tool_job *job;

	while ((job = take(pool)) != NULL) {
		line = job->line;
		if (!atomic_load(&job->cancelled))
			job->work(job, db);
		leave_line(pool, line);
		loop_post(pool->loop, deliver, job);
	}
	db_free(db);
	return NULL;
}

/* ---- opening and closing */

void
tool_pool_submit(struct tool_pool *pool, struct tool_job *job)
{
	job->pool = pool;
	list_add(&pool->jobs, &job->place);
	monitor_enter(&pool->monitor);
	job->line = line_of(pool, job->user_id);
	*job->line->end = job;
	job->line->end = &job->next_in_line;
	queue_up(pool, job->line);
	staff(pool);
	monitor_leave(&pool->monitor);
}

void
tool_job_cancel(struct tool_job *job)
{
	atomic_store(&job->cancelled, true);
}

struct tool_pool *
tool_pool_open(const struct db_conf *conf, struct loop *loop,
	struct tool_pool_size size)
{
	struct tool_pool *pool = mem_zalloc(sizeof(*pool));

	pool->conf = conf;
	pool->loop = loop;
	pool->size = size;
	pool->threads = mem_zalloc(size.threads * sizeof(*pool->threads));
	pool->round_end = &pool->round;
	list_open(&pool->jobs);
	monitor_open(&pool->monitor);
	return pool;
}

static void
free_lines(struct tool_pool *pool)
{
	struct tool_line *line, *next;

	for (size_t i = 0; i < SLOTS; i++)
		for (line = pool->lines[i]; line != NULL; line = next) {
			next = line->next_in_slot;
			free(line);
		}
}

static struct tool_job *
first_job(const struct tool_pool *pool)
{
	return LIST_FIRST(&pool->jobs, struct tool_job, place);
}

void
tool_pool_close(struct tool_pool *pool)
{
	struct tool_job *job = first_job(pool), *next;

	for (; job != NULL;
		job = LIST_NEXT(&pool->jobs, job, struct tool_job, place))
		tool_job_cancel(job);
	monitor_enter(&pool->monitor);
	pool->closing = true;
	monitor_notify(&pool->monitor);
	monitor_leave(&pool->monitor);
	for (size_t i = 0; i < pool->n_threads; i++)
		pthread_join(pool->threads[i], NULL);
	for (job = first_job(pool); job != NULL; job = next) {
		next = LIST_NEXT(&pool->jobs, job, struct tool_job, place);
		free_job(job);
	}
	free_lines(pool);
	monitor_close(&pool->monitor);
	free(pool->threads);
	free(pool);
}
