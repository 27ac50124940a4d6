#include "base/histogram.h"

const int64_t histogram_ends_ms[HISTOGRAM_N] = { 5, 25, 100, 250, 1000, 2500,
	10000, 60000 };

void
histogram_add(struct histogram *histogram, int64_t ms)
{
	unsigned i = 0;

	while (i < HISTOGRAM_N && ms > histogram_ends_ms[i])
		i++;
	atomic_fetch_add_explicit(
		&histogram->counts[i], 1, memory_order_relaxed);
	atomic_fetch_add_explicit(&histogram->sum_ms, ms > 0 ? (uint64_t)ms : 0,
		memory_order_relaxed);
}
