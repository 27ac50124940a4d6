#include "api/metrics.h"

#include "api/figures.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Routes of a program and the common ones; any further ones share a place. */
#define ROUTES_MAX 64
#define SCOPES 3 /* of a rule */
#define CLASSES 6 /* 1xx is unused; 0: anything else */

struct route_counts {
	_Atomic(const struct route *) route; /* NULL: free, or the last place */
	_Atomic uint64_t statuses[CLASSES];
	struct histogram times;
};

struct metrics {
	_Atomic uint64_t running;
	/* The last place: no route. */
	struct route_counts routes[ROUTES_MAX + 1];
	_Atomic uint64_t refused[LIMIT_N][SCOPES], spent[BUDGET_N];
};

struct metrics *
metrics_new(void)
{
	return mem_zalloc(sizeof(struct metrics));
}

void
metrics_free(struct metrics *metrics)
{
	free(metrics);
}

void
metrics_begin(struct metrics *metrics)
{
	atomic_fetch_add_explicit(&metrics->running, 1, memory_order_relaxed);
}

void
metrics_end(struct metrics *metrics)
{
	atomic_fetch_sub_explicit(&metrics->running, 1, memory_order_relaxed);
}

/* A route takes a place when first counted, and keeps it. */
static struct route_counts *
counts_of(struct metrics *metrics, const struct route *route)
{
	const struct route *there;

	if (route == NULL)
		return &metrics->routes[ROUTES_MAX];
	for (unsigned i = 0; i < ROUTES_MAX; i++) {
		there = atomic_load_explicit(
			&metrics->routes[i].route, memory_order_relaxed);
		if (there == NULL &&
			atomic_compare_exchange_strong(
				&metrics->routes[i].route, &there, route))
			there = route;
		if (there == route)
			return &metrics->routes[i];
	}
	return &metrics->routes[ROUTES_MAX];
}

void
metrics_count(struct metrics *metrics, const struct route *route, int status,
	int64_t ms)
{
	struct route_counts *counts = counts_of(metrics, route);

	status /= 100;
	atomic_fetch_add_explicit(
		&counts->statuses[status > 1 && status < CLASSES ? status : 0],
		1, memory_order_relaxed);
	histogram_add(&counts->times, ms);
}

void
metrics_refuse(struct metrics *metrics, enum limit limit, enum rule_scope scope)
{
	atomic_fetch_add_explicit(
		&metrics->refused[limit][scope], 1, memory_order_relaxed);
}

void
metrics_spend(struct metrics *metrics, enum budget_kind kind)
{
	atomic_fetch_add_explicit(
		&metrics->spent[kind], 1, memory_order_relaxed);
}

/* ---- rendering as text */

static void
put_labels(
	const char *program, const struct route *route, char *out, size_t size)
{
	snprintf(out, size, "program=\"%s\",method=\"%s\",route=\"%s\"",
		program, route != NULL ? route->method : "",
		route != NULL ? route->pattern : "other");
}

static void
put_statuses(
	const struct route_counts *counts, const char *program, struct buf *out)
{
	char labels[200], more[240];

	put_labels(program, counts->route, labels, sizeof(labels));
	for (unsigned i = 0; i < CLASSES; i++) {
		uint64_t n = counts->statuses[i];

		if (n == 0)
			continue;
		snprintf(more, sizeof(more), "%s,status=\"%uxx\"", labels, i);
		figures_line(out, "lamplight_requests_total", more, n);
	}
}

static void
put_times(
	const struct route_counts *counts, const char *program, struct buf *out)
{
	char labels[200];

	put_labels(program, counts->route, labels, sizeof(labels));
	figures_histogram(
		out, "lamplight_request_seconds", labels, &counts->times);
}

static void
put_refused(const char *program, const char *rule, enum rule_scope scope,
	uint64_t n, struct buf *out)
{
	char labels[120];

	if (n == 0)
		return;
	snprintf(labels, sizeof(labels),
		"program=\"%s\",rule=\"%s\",scope=\"%s\"", program, rule,
		rule_scope_word(scope));
	figures_line(out, "lamplight_limited_total", labels, n);
}

static void
put_limits(const struct metrics *metrics, const char *program, struct buf *out)
{
	figures_head(out, FIGURE_COUNTER, "lamplight_limited_total",
		"Requests refused by a rule or a budget of [limits].");
	for (int i = 0; i < LIMIT_N; i++)
		for (int scope = 0; scope < SCOPES; scope++)
			put_refused(program, limit_word((enum limit)i),
				(enum rule_scope)scope,
				metrics->refused[i][scope], out);
	for (int i = 0; i < BUDGET_N; i++)
		put_refused(program, budget_word((enum budget_kind)i),
			RULE_USER, metrics->spent[i], out);
}

void
metrics_put_gauge(struct buf *out, const char *program, const char *name,
	const char *help, uint64_t value)
{
	char labels[64];

	snprintf(labels, sizeof(labels), "program=\"%s\"", program);
	figures_head(out, FIGURE_GAUGE, name, help);
	figures_line(out, name, labels, value);
}

void
metrics_write(
	const struct metrics *metrics, const char *program, struct buf *out)
{
	figures_head(out, FIGURE_COUNTER, "lamplight_requests_total",
		"Requests answered, by route and class of status.");
	for (unsigned i = 0; i <= ROUTES_MAX; i++)
		put_statuses(&metrics->routes[i], program, out);
	figures_head(out, FIGURE_HISTOGRAM, "lamplight_request_seconds",
		"Time from a whole request to its answer, or to the start of "
		"its stream.");
	for (unsigned i = 0; i <= ROUTES_MAX; i++)
		put_times(&metrics->routes[i], program, out);
	put_limits(metrics, program, out);
	metrics_put_gauge(out, program, "lamplight_requests_running",
		"Requests being handled.", metrics->running);
}
