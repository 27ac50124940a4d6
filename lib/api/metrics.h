/*
 * metrics.h: what every program counts of its requests (figures.h).
 */

#ifndef API_METRICS_H
#define API_METRICS_H

#include "base/buf.h"
#include "http/route.h"
#include "repo/budget.h"

#include <stdint.h>

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* A request has come to a thread; and when it has been answered, or handed
 * over. Of any thread. */
void metrics_begin(struct metrics *metrics);
void metrics_end(struct metrics *metrics);
/* *route*: its row, which is never freed; NULL: there is none. */
void metrics_count(struct metrics *metrics, const struct route *route,
	int status, int64_t ms);

/* A rule of [limits] has refused a request; a budget has. */
void metrics_refuse(
	struct metrics *metrics, enum limit limit, enum rule_scope scope);
void metrics_spend(struct metrics *metrics, enum budget_kind kind);

/* Requests and their times, and what limits have refused, by route, of the program of that name. */
void metrics_write(
	const struct metrics *metrics, const char *program, struct buf *out);

/* A gauge of a program's. */
void metrics_put_gauge(struct buf *out, const char *program, const char *name,
	const char *help, uint64_t value);

#endif
