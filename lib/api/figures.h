/*
 * figures.h: figures in the Prometheus text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Labels are
 * of closed sets: programs, routes as they stand in the tables, classes of
 * statuses, words of outcomes, models that administrators have added; never a
 * user's, nor a text of theirs.
 */

#ifndef API_FIGURES_H
#define API_FIGURES_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/histogram.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

#define FIGURES_TYPE "text/plain; version=0.0.4; charset=utf-8"

enum figure { FIGURE_GAUGE, FIGURE_COUNTER, FIGURE_HISTOGRAM };

/* Before the lines of a figure. *help* is one line. */
void figures_head(
	struct buf *out, enum figure type, const char *name, const char *help);

/* One value. *labels*: "a=\"b\",c=\"d\"", or "". */
void figures_line(
	struct buf *out, const char *name, const char *labels, uint64_t value);

/* The lines of a histogram, in seconds; nothing when it is empty. */
void figures_histogram(struct buf *out, const char *name, const char *labels,
	const struct histogram *histogram);

/* Head and value of a figure that has one. */
void figures_put(struct buf *out, enum figure type, const char *name,
	const char *help, uint64_t value);

/*
 * Several texts of these functions as one: each figure has one head, and its
 * lines follow each other, as the format wants it. Lines are not compared:
 * labels must tell the texts apart.
 */
void figures_merge(struct buf *out, struct arena *arena,
	const struct span *texts, size_t n);

#endif
