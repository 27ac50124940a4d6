#include "api/later.h"

#include "api/app.h"
#include "api/network.h"
#include "api/sweep.h"
#include "base/attr.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/db.h"
#include "http/fcgi.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
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
	uint64_t turn; /* the turn in which it is served */
	struct job *next; /* in order of arrival */
};

struct later {
	struct app *app;
	pthread_mutex_t mutex;
	pthread_cond_t wake;
	struct job *jobs;
	unsigned n;
	uint64_t turn; /* turn of the job that began last */
	int64_t swept_ms;
	bool sweeps;
	bool stopping;
	unsigned n_threads;
	pthread_t threads[LATER_WAITING_MAX];
};

/* ---- the queue */

/* A network's next job is served one turn after its last waiting one, so a
 * network with few jobs does not wait for the many of another. */
static uint64_t
turn_of(const struct later *later, const char *network, unsigned *waiting)
{
	uint64_t turn = later->turn;

	*waiting = 0;
	for (const struct job *job = later->jobs; job != NULL; job = job->next)
		if (strcmp(job->network, network) == 0) {
			turn = MAX(turn, job->turn);
			(*waiting)++;
		}
	return turn + 1;
}

/* ERR_BUSY | ERR_THROTTLED. On success the queue owns the job. */
static enum err
put(struct later *later, struct job *job, unsigned *waiting)
{
	struct job **end = &later->jobs;
	enum err err = OK;

	pthread_mutex_lock(&later->mutex);
	job->turn = turn_of(later, job->network, waiting);
	if (later->n >= LATER_MAX || later->stopping)
		err = ERR_BUSY;
	else if (*waiting >= LATER_NETWORK_MAX)
		err = ERR_THROTTLED;
	*waiting = later->n;
	if (err == OK) {
		while (*end != NULL)
			end = &(*end)->next;
		*end = job;
		later->n++;
		pthread_cond_signal(&later->wake);
	}
	pthread_mutex_unlock(&later->mutex);
	return err;
}

/* The first job of the earliest turn. */
static struct job *
take(struct later *later)
{
	struct job **best = &later->jobs, *job;

	for (struct job **at = &later->jobs; *at != NULL; at = &(*at)->next)
		if ((*at)->turn < (*best)->turn)
			best = at;
	job = *best;
	if (job != NULL) {
		*best = job->next;
		later->n--;
		later->turn = job->turn;
	}
	return job;
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

/* Whether this thread has to sweep now. The caller holds the mutex. */
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

static void
wait_for_job(struct later *later)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += SWEEP_MS / 1000;
	pthread_cond_timedwait(&later->wake, &later->mutex, &until);
}

static void *
run_thread(void *arg)
{
	struct later *later = arg;
	struct db *db = db_new(&later->app->conf.db);
	struct job *job;

	pthread_mutex_lock(&later->mutex);
	for (;;) {
		bool sweeps = sweep_is_due(later);

		job = take(later);
		if (job == NULL && !sweeps) {
			if (later->stopping)
				break;
			wait_for_job(later);
			continue;
		}
		pthread_mutex_unlock(&later->mutex);
		if (job != NULL)
			run(job, db);
		if (sweeps)
			sweep_over(db);
		pthread_mutex_lock(&later->mutex);
	}
	pthread_mutex_unlock(&later->mutex);
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
	pthread_mutex_init(&later->mutex, NULL);
	pthread_cond_init(&later->wake, NULL);
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
	pthread_mutex_lock(&later->mutex);
	later->stopping = true;
	pthread_cond_broadcast(&later->wake);
	pthread_mutex_unlock(&later->mutex);
	for (unsigned i = 0; i < later->n_threads; i++)
		pthread_join(later->threads[i], NULL);
	pthread_cond_destroy(&later->wake);
	pthread_mutex_destroy(&later->mutex);
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
	unsigned waiting;
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
