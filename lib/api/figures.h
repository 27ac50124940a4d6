/*
 * figures.h: writes figures in the Prometheus text format 0.0.4
 * (https://prometheus.io/docs/instrumenting/exposition_formats/). Labels come
 * from closed sets: programs, route patterns, classes of statuses, names of
 * outcomes, models added by administrators; they never contain a user's name or
 * text.
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

/* Writes the lines before a figure's values. *help* is one line. */
void figures_head(
	struct buf *out, enum figure type, const char *name, const char *help);

/* Writes one value. *labels*: "a=\"b\",c=\"d\"", or "". */
void figures_line(
	struct buf *out, const char *name, const char *labels, uint64_t value);

/* Writes the lines of a histogram, in seconds; nothing if it is empty. */
void figures_histogram(struct buf *out, const char *name, const char *labels,
	const struct histogram *histogram);

/* Writes a figure with a single value. */
void figures_put(struct buf *out, enum figure type, const char *name,
	const char *help, uint64_t value);

/*
 * Merges several texts of these functions: each figure has one head, followed
 * by all its lines, as the format requires. It does not compare lines: labels
 * must distinguish the texts.
 */
void figures_merge(struct buf *out, struct arena *arena,
	const struct span *texts, size_t n);

#endif
