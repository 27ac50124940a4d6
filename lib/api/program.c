#include "api/program.h"

#include "api/figures.h"
#include "api/guard.h"
#include "api/limit.h"
#include "api/metrics.h"
#include "api/operator.h"
#include "api/reading.h"
#include "api/verbosity.h"
#include "base/clock.h"
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

/* Cross-origin access, for the origins that the operator has listed. */
static bool
allow_origin(const struct app *app, struct request *rq, struct response *rs)
{
	const char *origin = request_header(rq, "Origin");

	if (app->conf.http.cors_origins[0] == '\0')
		return false;
	response_header(rs, "Vary", "Origin");
	if (origin == NULL || !app_allows_origin(app, origin))
		return false;
	response_header(rs, "Access-Control-Allow-Origin", "%s", origin);
	response_header(rs, "Access-Control-Expose-Headers",
		"x-session-id, x-request-id, Link, Retry-After, RateLimit");
	return true;
}

/* *allowed*: what allow_origin() said. No route has this method. */
static bool
is_preflight(const struct request *rq, bool allowed)
{
	return allowed && strcmp(rq->method, "OPTIONS") == 0;
}

static enum err
preflight(struct response *rs)
{
	response_header(rs, "Access-Control-Allow-Methods",
		"GET, POST, PUT, PATCH, DELETE");
	response_header(rs, "Access-Control-Allow-Headers",
		"authorization, content-type, idempotency-key");
	response_header(rs, "Access-Control-Max-Age", "600");
	return response_empty(rs);
}

static size_t
body_max(const struct app *app, const struct route *route)
{
	if (route->body == LARGE_BODY)
		return (size_t)app->conf.http.body_max;
	return route->body == TEXT_BODY ? ROUTE_TEXT_BODY : ROUTE_SMALL_BODY;
}

/* GET /api/health/live -> 200: whoever asks reaches this program */
static enum err
get_live(struct request *rq, struct response *rs)
{
	(void)rq;
	return app_reply_ok(rs);
}

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
	reading_figures(app, out);
	if (app->ids != NULL)
		metrics_put_gauge(out, app->name, "lamplight_lease_held",
			"1 while the process holds a lease, and so may store "
			"what is new.",
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

/* What every program answers. */
static const struct route common[] = {
	{ "GET", "/api/health/live", get_live, ANYONE, LIMIT_NONE, SMALL_BODY },
	{ "GET", "/api/health/figures", program_answer_figures, OPERATOR,
		LIMIT_NONE, SMALL_BODY },
};

static enum err
find_route(struct app *app, struct request *rq, struct response *rs,
	const struct route **out)
{
	const struct route *routes = app->program->routes;
	size_t n = app->program->n_routes;
	enum err err;

	for (size_t i = 0; i < LENGTH(common); i++)
		if (strcmp(rq->path, common[i].pattern) == 0) {
			routes = common;
			n = LENGTH(common);
		}
	err = route_find(routes, n, rq, rs, out);
	rq->route = err == OK ? *out : NULL;
	return err;
}

static bool
needs_login(const struct route *route)
{
	return route->access == SIGNED_IN || route->access == ENROLLING ||
		route->access == ADMIN;
}

static enum err
check_access(struct app *app, const struct route *route, struct request *rq)
{
	if (route->access == ADMIN)
		TRY(guard_admin(app->guard, rq));
	else if (needs_login(route))
		TRY(guard_user(app->guard, rq));
	if (route->access != ENROLLING && rq->enrolling)
		return request_fail(rq, ERR_FORBIDDEN, "second_factor_required",
			"This site requires a second factor. Set it up first.");
	if (route->access == OPERATOR)
		TRY(operator_check(&app->conf.http, rq));
	return OK;
}

static enum err
dispatch(struct app *app, struct request *rq, struct response *rs)
{
	const struct route *route;

	TRY(find_route(app, rq, rs, &route));
	TRY(limit_network(app->rates, &app->conf.limits, route->limit, rq));
	TRY(check_access(app, route, rq));
	if (rq->body.len > body_max(app, route))
		return ERR_TOO_BIG;
	TRY(limit_user(app->rates, route->limit, rq));
	return reading_handle(route, rq, rs);
}

/* What dispatch() will refuse for certain is refused before its body comes. */
static enum err
check_head(
	struct app *app, struct request *rq, struct response *rs, size_t *max)
{
	const struct route *route;

	TRY(find_route(app, rq, rs, &route));
	if (needs_login(route))
		TRY(guard_signed(app->guard, rq));
	if (route->access == OPERATOR)
		TRY(operator_check(&app->conf.http, rq));
	*max = body_max(app, route);
	return OK;
}

static bool
admit(struct request *rq, size_t *max, void *arg)
{
	struct app *app = arg;
	struct response rs = { 0 };
	enum err err = OK;

	rq->app = app;
	if (is_preflight(rq, allow_origin(app, rq, &rs)))
		*max = 0;
	else
		err = check_head(app, rq, &rs, max);
	if (err != OK)
		app_answer(rq, &rs, err, clock_mono_ms());
	response_free(&rs);
	return err == OK;
}

static void
serve(struct request *rq, enum err err, void *thread, void *arg)
{
	int64_t start_ms = clock_mono_ms();
	struct app *app = arg;
	struct response rs = { 0 };
	struct rates_hold hold = { 0 };
	bool allowed;

	rq->app = app;
	metrics_begin(app->metrics);
	/* The request ends with this function. */
	/* cppcheck-suppress autoVariables */
	rq->hold = &hold;
	reading_lend(rq, thread);
	allowed = allow_origin(app, rq, &rs);
	if (err == OK && is_preflight(rq, allowed))
		err = preflight(&rs);
	else if (err == OK)
		err = dispatch(app, rq, &rs);
	app_answer(rq, &rs, err, start_ms);
	rates_give_back(&hold);
	response_free(&rs);
	metrics_end(app->metrics);
}

/* Signals go to sigwait() in main alone; a closed socket is an error code. */
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

/* A database that is away delays the start; a schema that is wrong ends it. */
static enum err
wait_for_schema(struct app *app, const sigset_t *signals)
{
	struct timespec pause = { 1, 0 };
	struct db *db = db_new(&app->conf.db);
	enum err err;
	int signal_number;

	while ((err = schema_check(db, app->program->name)) == ERR_BUSY) {
		signal_number = sigtimedwait(signals, NULL, &pause);
		if (signal_number > 0 &&
			!verbosity_take(signal_number, app->conf.log_level))
			break;
	}
	db_free(db);
	return err;
}

/* What it has to know of the database may not have been had at its start. */
static void
wait_until_ready(struct app *app)
{
	sigset_t told;

	while (!app->program->is_ready(app) && sigpending(&told) == 0 &&
		!sigismember(&told, SIGTERM) && !sigismember(&told, SIGINT))
		usleep(50000);
}

/* Keys and passwords are in our memory: no core of it, and nobody else of the
 * same user may look into it. Sanitizers have to, and so has who provokes
 * faults (base/fault.h). */
static void
keep_memory_private(void)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) && \
	!defined(FAULTS)
	if (prctl(PR_SET_DUMPABLE, 0) != 0)
		abort();
#endif
}

static enum err
open_app(
	struct app *app, const struct program *program, const sigset_t *signals)
{
	keep_memory_private();
	app->name = program->name;
	app->program = program;
	log_open(program->name, LOG_INFO);
	TRY(conf_load(&app->arena, &app->conf));
	log_open(program->name, (enum log_level)app->conf.log_level);
	log_start();
	db_library_open();
	db_pool_open(&app->conf.db);
	if (program->needs != PROGRAM_NEEDS_NOTHING && !program->hands_over)
		app->replica = replica_open(&app->conf.db,
			(unsigned)MAX(app->conf.http.threads / 2, 1));
	if (program->needs != PROGRAM_NEEDS_NOTHING)
		TRY(wait_for_schema(app, signals));
	TRY(guard_open(&app->conf.auth, &app->guard));
	app->rates = rates_new();
	app->metrics = metrics_new();
	if (program->needs == PROGRAM_MAKES_IDS)
		TRY(snowflake_open(&app->conf, program->name, &app->ids));
	return program->start != NULL ? program->start(app) : OK;
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
 * The supervisor may start the next worker on the same socket while this one
 * drains: it waits for the end of the pipe that it gave us.
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
	const struct front_hooks hooks = { program->hands_over, reading_open,
		reading_close, admit, serve, &app };
	struct front *front;
	sigset_t signals;
	int signal_number;

	mem_open();
	block_signals(&signals);
	if (open_app(&app, program, &signals) != OK)
		return EXIT_FAILURE;
	if (program->is_ready != NULL)
		wait_until_ready(&app);
	if (front_start(&app.conf.http, &hooks, &front) != OK)
		return EXIT_FAILURE;
	log_info("started", "threads=%lld", (long long)app.conf.http.threads);
	do
		sigwait(&signals, &signal_number);
	while (verbosity_take(signal_number, app.conf.log_level));
	log_info("stopping", "signal=%d", signal_number);
	let_successor_start();
	front_stop(front);
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
