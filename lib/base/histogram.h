/*
 * histogram.h: how long things take, in a few atomic counters: for /metrics.
 * Of any thread.
 */

#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdatomic.h>
#include <stdint.h>

#define HISTOGRAM_N 8

/* Where its buckets end, in ms, each included; a last one has no end. */
extern const int64_t histogram_ends_ms[HISTOGRAM_N];

struct histogram {
	_Atomic uint64_t counts[HISTOGRAM_N + 1]; /* not added up */
	_Atomic uint64_t sum_ms;
};

void histogram_add(struct histogram *histogram, int64_t ms);

#endif
