#include "api/later.h"

#include "api/app.h"
#include "api/network.h"
#include "api/sweep.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/monitor.h"
#include "base/turns.h"
#include "db/db.h"
#include "http/fcgi.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#define THREADS_MAX 2 /* threads that use a processor */
#define SWEEP_MS 60000
#define SEND_MS 2000
#define WORK_MS 40 /* approximate duration of a job, for Retry-After */

struct job {
	struct arena arena;
	struct request rq; /* a copy, in its own arena */
	struct fcgi_exchange exchange; /* with a connection that we own */
	struct response rs; /* with the headers set so far */
	enum err (*work)(struct request *rq, struct response *rs);
	int64_t start_ms;
	const char *network;
	struct turn turn;
};

struct later {
	struct app *app;
	struct monitor monitor; /* guards the members below */
	struct turns *turns; /* struct job */
	int64_t swept_ms;
	bool sweeps;
	bool stopping;
	unsigned n_threads;
	pthread_t threads[LATER_WAITING_MAX];
};

/* ---- the queue */

/* ERR_BUSY | ERR_THROTTLED. On success the queue owns the job; *waiting is how
 * many were there before it. */
static enum err
put(struct later *later, struct job *job, size_t *waiting)
{
	uint64_t network =
		turns_key(later->turns, 0, job->network, strlen(job->network));
	enum err err = OK;

	monitor_enter(&later->monitor);
	*waiting = turns_waiting(later->turns);
	if (*waiting >= LATER_MAX || later->stopping)
		err = ERR_BUSY;
	else if (turns_waiting_for(later->turns, network) >= LATER_NETWORK_MAX)
		err = ERR_THROTTLED;
	if (err == OK) {
		turns_add(later->turns, &job->turn, &network, 1);
		monitor_notify(&later->monitor);
	}
	monitor_leave(&later->monitor);
	return err;
}

static struct job *
take(struct later *later)
{
	struct turn *turn = turns_next(later->turns);

	return turn != NULL ? CONTAINER_OF(turn, struct job, turn) : NULL;
}

/* ---- the threads */

static void
free_job(struct job *job)
{
	response_free(&job->rs);
	arena_reset(&job->arena);
	free(job);
}

/* The answer is small: it fits into the socket's buffer, unless the web server
 * does not read at all. */
static void
send_out(struct job *job)
{
	struct answer *answer = &job->exchange.answer;
	struct pollfd ready = { job->exchange.peer.fd, POLLOUT, 0 };

	while (answer_send(answer, ready.fd) && answer->left > 0)
		if (poll(&ready, 1, SEND_MS) <= 0)
			break;
	if (answer->left > 0)
		log_info("peer_gone", "unsent=%zu", answer->left);
	close(ready.fd);
}

static void
run(struct job *job, struct db *db)
{
	log_request(job->rq.id);
	log_trace(job->rq.trace.id);
	job->rq.db = db;
	app_answer(&job->rq, &job->rs, job->work(&job->rq, &job->rs),
		job->start_ms);
	send_out(job);
	log_request("");
	log_trace("");
	free_job(job);
}

/* Whether this thread has to sweep now. Called in the monitor. */
static bool
sweep_is_due(struct later *later)
{
	int64_t now_ms = clock_mono_ms();

	if (!later->sweeps || later->stopping ||
		now_ms - later->swept_ms < SWEEP_MS)
		return false;
	later->swept_ms = now_ms;
	return true;
}

static void *
run_thread(void *arg)
{
	struct later *later = arg;
	struct db *db = db_new(&later->app->conf.db);
	struct job *job;

	monitor_enter(&later->monitor);
	for (;;) {
		bool sweeps = sweep_is_due(later);

		job = take(later);
		if (job == NULL && !sweeps) {
			if (later->stopping)
				break;
			(void)monitor_wait_until(
				&later->monitor, clock_mono_ms() + SWEEP_MS);
			continue;
		}
		monitor_leave(&later->monitor);
		if (job != NULL)
			run(job, db);
		if (sweeps)
			sweep_over(db);
		monitor_enter(&later->monitor);
	}
	monitor_leave(&later->monitor);
	db_free(db);
	return NULL;
}

static struct later *
open_with(struct app *app, unsigned n_threads, bool sweeps)
{
	struct later *later = mem_zalloc(sizeof(*later));

	later->app = app;
	later->sweeps = sweeps;
	later->swept_ms = clock_mono_ms() - SWEEP_MS;
	monitor_open(&later->monitor);
	later->turns = turns_open();
	later->n_threads = n_threads;
	for (unsigned i = 0; i < later->n_threads; i++)
		if (pthread_create(
			    &later->threads[i], NULL, run_thread, later) != 0)
			abort();
	return later;
}

struct later *
later_open(struct app *app)
{
	/* Leave one processor for everything else. */
	return open_with(
		app, sysconf(_SC_NPROCESSORS_ONLN) > 2 ? THREADS_MAX : 1, true);
}

struct later *
later_open_waiting(struct app *app, unsigned n_threads)
{
	return open_with(app, MIN(n_threads, LATER_WAITING_MAX), false);
}

void
later_close(struct later *later)
{
	monitor_enter(&later->monitor);
	later->stopping = true;
	monitor_notify(&later->monitor);
	monitor_leave(&later->monitor);
	for (unsigned i = 0; i < later->n_threads; i++)
		pthread_join(later->threads[i], NULL);
	turns_close(later->turns);
	monitor_close(&later->monitor);
	free(later);
}

/* ---- queueing a request */

static void
copy_request(struct job *job, const struct request *rq)
{
	struct arena *arena = &job->arena;
	size_t n = 0;

	job->rq = *rq;
	job->rq.arena = arena;
	job->rq.json = NULL;
	job->rq.method = arena_str(arena, rq->method, strlen(rq->method));
	job->rq.path = arena_str(arena, rq->path, strlen(rq->path));
	job->rq.query = arena_str(arena, rq->query, strlen(rq->query));
	job->rq.body = arena_span(arena, rq->body);
	for (unsigned i = 0; i < rq->n_params; i++)
		job->rq.params[i].value =
			arena_span(arena, rq->params[i].value);
	while (rq->envp[n] != NULL)
		n++;
	job->rq.envp = arena_alloc(arena, (n + 1) * sizeof(char *));
	for (size_t i = 0; i < n; i++)
		job->rq.envp[i] =
			arena_str(arena, rq->envp[i], strlen(rq->envp[i]));
}

enum err
later_run(struct request *rq, struct response *rs,
	enum err (*work)(struct request *rq, struct response *rs))
{
	return later_run_on(rq->app->later, rq, rs, work);
}

enum err
later_run_on(struct later *later, struct request *rq, struct response *rs,
	enum err (*work)(struct request *rq, struct response *rs))
{
	struct job *job = mem_zalloc(sizeof(*job));
	size_t waiting;
	enum err err;

	copy_request(job, rq);
	job->work = work;
	job->start_ms = clock_mono_ms();
	job->network = network_of(&job->rq);
	job->exchange = (struct fcgi_exchange){ .peer = fcgi_peer_of(rq) };
	job->rq.exchange = &job->exchange;
	job->rq.hold = NULL; /* limits "at once" do not apply to these routes */
	buf_put_span(&job->rs.headers, buf_span(&rs->headers));
	err = put(later, job, &waiting);
	if (err == OK) {
		rs->taken = true;
		fcgi_release(rq);
		return OK;
	}
	free_job(job);
	rs->retry_s = 1 + (int64_t)waiting * WORK_MS / 1000;
	return err;
}
