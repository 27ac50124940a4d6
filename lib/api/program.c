#include "api/program.h"

#include "api/dispatch.h"
#include "api/figures.h"
#include "api/guard.h"
#include "api/metrics.h"
#include "api/replica_reads.h"
#include "api/verbosity.h"
#include "auth/rates.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/replica.h"
#include "http/front.h"
#include "repo/schema.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* ---- figures */

static void
put_pool(const struct app *app, struct buf *out)
{
	struct db_pool_counts pool = db_pool_counts(&app->conf.db);
	const char *name = app->name;

	metrics_put_gauge(out, name, "lamplight_db_connections",
		"Connections to the database that are open.", pool.open);
	metrics_put_gauge(out, name, "lamplight_db_connections_used",
		"Connections to the database that are in use.", pool.used);
	metrics_put_gauge(out, name, "lamplight_db_connections_max",
		"Connections to the database that the program may have.",
		pool.max);
	metrics_put_gauge(out, name, "lamplight_db_waiting",
		"Statements that wait for a connection.", pool.waiting);
}

void
program_figures(struct app *app, struct buf *out)
{
	metrics_write(app->metrics, app->name, out);
	metrics_put_gauge(out, app->name, "lamplight_threads",
		"Threads that answer requests.",
		(uint64_t)app->conf.http.threads);
	put_pool(app, out);
	replica_reads_figures(app, out);
	if (app->ids != NULL)
		metrics_put_gauge(out, app->name, "lamplight_lease_held",
			"1 while the process holds a lease and may therefore "
			"store new data.",
			snowflake_held(app->ids));
	if (app->program->figures != NULL)
		app->program->figures(app, out);
}

enum err
program_answer_figures(struct request *rq, struct response *rs)
{
	rs->type = FIGURES_TYPE;
	program_figures(rq->app, &rs->body);
	return OK;
}

/* GET /api/health/live -> 200: the program is reachable */
static enum err
get_live(struct request *rq, struct response *rs)
{
	(void)rq;
	return app_reply_ok(rs);
}

static const struct route common[] = {
	{ "GET", "/api/health/live", get_live, ANYONE, LIMIT_NONE, SMALL_BODY },
	{ "GET", "/api/health/figures", program_answer_figures, OPERATOR,
		LIMIT_NONE, SMALL_BODY },
};

/* Only sigwait() in main() receives signals; writing to a closed socket returns
 * an error. */
static void
block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGINT);
	verbosity_add(set);
	pthread_sigmask(SIG_BLOCK, set, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* ---- getting ready */

/* A condition for serving requests. *step* is repeated while it returns
 * ERR_BUSY. */
struct opening {
	struct app *app;
	const sigset_t *signals;
	struct front *front; /* set once it accepts connections */
};

static enum err
check_schema(struct app *app)
{
	struct db *db = db_new(&app->conf.db);
	enum err err = schema_check(db, app->program->name);

	db_free(db);
	return err;
}

static enum err
take_lease(struct app *app)
{
	return snowflake_open(&app->conf, app->program->name, &app->ids);
}

/* Checks the database, if that was not possible at the start. */
static enum err
look_ready(struct app *app)
{
	return app->program->is_ready(app) ? OK : ERR_BUSY;
}

static enum err
start_front(struct opening *o)
{
	const struct front_hooks hooks = {
		.hands_over = o->app->program->hands_over,
		.thread_open = replica_reads_open,
		.thread_close = replica_reads_close,
		.admit = dispatch_admit,
		.serve = dispatch_serve,
		.arg = o->app,
	};

	return o->front != NULL
		? OK
		: front_start(&o->app->conf.http, &hooks, &o->front);
}

/* Waits for a second. Returns false if the program must end. */
static bool
wait_a_moment(const struct opening *o)
{
	struct timespec pause = { 1, 0 };
	int signal_number = sigtimedwait(o->signals, NULL, &pause);

	return signal_number <= 0 ||
		verbosity_take(signal_number, o->app->conf.log_level);
}

/* An unreachable database delays the start; a wrong schema ends it. Refuse
 * requests meanwhile: one left waiting would occupy a web-server slot, and
 * mod_fcgid starts a process for each. */
static enum err
wait_for(struct opening *o, enum err (*step)(struct app *app))
{
	enum err err;

	while ((err = step(o->app)) == ERR_BUSY) {
		TRY(start_front(o));
		if (!wait_a_moment(o))
			break;
	}
	return err;
}

/* Keys and passwords are in our memory, so no core is dumped, and other
 * processes of the same user may not inspect it. Builds with sanitizers or
 * fault injection (base/fault.h) need that access. */
static void
keep_memory_private(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
	!defined(FAULTS)
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		abort();
#endif
}

/* Opens everything that needs no database. */
static enum err
open_app(struct app *app, const struct program *program)
{
	keep_memory_private();
	app->name = program->name;
	app->program = program;
	app->routes = (struct routes){ program->routes, common,
		program->n_routes, LENGTH(common) };
	log_open(program->name, LOG_INFO);
	TRY(conf_load(&app->arena, &app->conf));
	log_open(program->name, (enum log_level)app->conf.log_level);
	log_start();
	db_library_open();
	db_pool_open(&app->conf.db);
	if (program->needs != PROGRAM_NEEDS_NOTHING && !program->hands_over)
		app->replica = replica_open(&app->conf.db,
			(unsigned)MAX(app->conf.http.threads / 2, 1));
	app->rates = rates_new();
	app->metrics = metrics_new();
	return guard_open(&app->conf.auth, &app->guard);
}

static enum err
get_ready(struct opening *o)
{
	struct app *app = o->app;
	const struct program *program = app->program;

	if (program->needs != PROGRAM_NEEDS_NOTHING)
		TRY(wait_for(o, check_schema));
	if (program->needs == PROGRAM_MAKES_IDS)
		TRY(wait_for(o, take_lease));
	if (program->start != NULL)
		TRY(program->start(app));
	if (program->is_ready != NULL)
		TRY(wait_for(o, look_ready));
	TRY(start_front(o));
	atomic_store(&app->is_ready, true);
	return OK;
}

static void
close_app(struct app *app)
{
	if (app->program->stop != NULL)
		app->program->stop(app);
	if (app->ids != NULL)
		snowflake_close(app->ids);
	rates_free(app->rates);
	metrics_free(app->metrics);
	guard_close(app->guard);
	replica_close(app->replica);
	db_pool_close(&app->conf.db);
	arena_reset(&app->arena);
	db_library_close();
}

/*
 * While this worker drains, the supervisor may start the next one on the same
 * socket: it waits for the end of the pipe that it gave us.
 */
static void
let_successor_start(void)
{
	const char *fd = getenv("LAMPLIGHT_DRAIN_FD");

	if (fd != NULL)
		close((int)strtol(fd, NULL, 10));
}

int
program_run(const struct program *program)
{
	struct app app = { 0 };
	sigset_t signals;
	struct opening o = { &app, &signals, NULL };
	int signal_number;

	mem_open();
	block_signals(&signals);
	if (open_app(&app, program) != OK || get_ready(&o) != OK)
		return EXIT_FAILURE;
	log_info("started", "threads=%lld", (long long)app.conf.http.threads);
	do
		sigwait(&signals, &signal_number);
	while (verbosity_take(signal_number, app.conf.log_level));
	log_info("stopping", "signal=%d", signal_number);
	let_successor_start();
	front_stop(o.front);
	close_app(&app);
	log_info("stopped", "clean=1");
	log_stop();
	return EXIT_SUCCESS;
}

int
program_serve(const char *name, enum program_needs needs,
	const struct route *routes, size_t n_routes)
{
	const struct program program = { .name = name,
		.needs = needs,
		.routes = routes,
		.n_routes = n_routes };

	return program_run(&program);
}
