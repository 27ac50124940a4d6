#include "api/dispatch.h"

#include "api/app.h"
#include "api/guard.h"
#include "api/limit.h"
#include "api/metrics.h"
#include "api/operator.h"
#include "api/replica_reads.h"
#include "base/clock.h"

#include <string.h>

/* Allows cross-origin access for the origins that the operator has listed. */
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

/* *allowed* is the result of allow_origin(). No route uses the method
 * OPTIONS. */
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

static bool
is_common(const struct routes *routes, const char *path)
{
	for (size_t i = 0; i < routes->n_common; i++)
		if (strcmp(path, routes->common[i].pattern) == 0)
			return true;
	return false;
}

static enum err
find_route(struct app *app, struct request *rq, struct response *rs,
	const struct route **out)
{
	const struct routes *routes = &app->routes;
	enum err err;

	if (!atomic_load(&app->is_ready))
		return ERR_BUSY;
	err = is_common(routes, rq->path)
		? route_find(routes->common, routes->n_common, rq, rs, out)
		: route_find(routes->own, routes->n_own, rq, rs, out);
	rq->route = err == OK ? *out : NULL;
	return err;
}

static bool
needs_login(const struct route *route)
{
	return route->access == LOGGED_IN || route->access == ENROLLING ||
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
handle(struct app *app, struct request *rq, struct response *rs)
{
	const struct route *route;

	TRY(find_route(app, rq, rs, &route));
	TRY(limit_network(app->rates, &app->conf.limits, route->limit, rq));
	TRY(check_access(app, route, rq));
	if (rq->body.len > body_max(app, route))
		return ERR_TOO_BIG;
	TRY(limit_user(app->rates, route->limit, rq));
	return replica_reads_handle(route, rq, rs);
}

/* Refuses before the body arrives what handle() would certainly refuse. */
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

bool
dispatch_admit(struct request *rq, size_t *max, void *arg)
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

void
dispatch_serve(struct request *rq, enum err err, void *thread, void *arg)
{
	int64_t start_ms = clock_mono_ms();
	struct app *app = arg;
	struct response rs = { 0 };
	struct rates_hold hold = { 0 };
	bool allowed;

	rq->app = app;
	metrics_begin(app->metrics);
	/* The hold lives as long as the request, which ends with this
	 * function. */
	/* cppcheck-suppress autoVariables */
	rq->hold = &hold;
	replica_reads_lend(rq, thread);
	allowed = allow_origin(app, rq, &rs);
	if (err == OK && is_preflight(rq, allowed))
		err = preflight(&rs);
	else if (err == OK)
		err = handle(app, rq, &rs);
	app_answer(rq, &rs, err, start_ms);
	rates_give_back(&hold);
	response_free(&rs);
	metrics_end(app->metrics);
}
