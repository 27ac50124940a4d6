/* metrics.h: what every program counts about its requests (figures.h). */

#ifndef API_METRICS_H
#define API_METRICS_H

#include "base/buf.h"
#include "http/route.h"
#include "repo/budget.h"

#include <stdint.h>

struct metrics;

struct metrics *metrics_new(void);
void metrics_free(struct metrics *metrics);

/* Called when a thread takes a request, and when it has been answered or handed
 * over. Any thread may call these functions. */
void metrics_begin(struct metrics *metrics);
void metrics_end(struct metrics *metrics);
/* *route*: the matching row, which is never freed; NULL if there is none. */
void metrics_count(struct metrics *metrics, const struct route *route,
	int status, int64_t ms);

/* Counts a request refused by a rule of [limits], or by a budget. */
void metrics_refuse(
	struct metrics *metrics, enum limit limit, enum rule_scope scope);
void metrics_spend(struct metrics *metrics, enum budget_kind kind);

/* Writes the requests of the program of that name and their times by route, and
 * the refusals by limit. */
void metrics_write(
	const struct metrics *metrics, const char *program, struct buf *out);

/* Writes a gauge of a program. */
void metrics_put_gauge(struct buf *out, const char *program, const char *name,
	const char *help, uint64_t value);

#endif
