/*
 * histogram.h: the distribution of durations in a few atomic counters, for
 * /metrics. Any thread may use it.
 */

#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

#define HISTOGRAM_N 8

/* The upper bounds of the buckets in ms, inclusive; one more bucket has no
 * upper bound. */
extern const int64_t histogram_ends_ms[HISTOGRAM_N];

struct histogram {
	_Atomic uint64_t counts[HISTOGRAM_N + 1]; /* not cumulative */
	_Atomic uint64_t sum_ms;
};

void histogram_add(struct histogram *histogram, int64_t ms);

#endif
