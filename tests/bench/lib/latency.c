#include "measure.h"

#include "base/attr.h"
#include "base/mem.h"

#include <stdio.h>

#define STEP_US 10
#define STEPS 1000000

struct latency {
	uint64_t n;
	uint32_t steps[STEPS + 1]; /* the last one: that and more */
};

struct latency *
latency_new(void)
{
	return mem_zalloc(sizeof(struct latency));
}

void
latency_add(struct latency *latency, int64_t us)
{
	latency->n++;
	latency->steps[MIN(MAX(us / STEP_US, 0), (int64_t)STEPS)]++;
}

uint64_t
latency_count(const struct latency *latency)
{
	return latency->n;
}

static double
percentile(const struct latency *latency, double part)
{
	uint64_t limit = MIN((uint64_t)((double)latency->n * part),
			 MAX(latency->n, 1) - 1),
		 sum = 0;
	int step = 0;

	if (latency->n == 0)
		return 0;
	while (step < STEPS && (sum += latency->steps[step]) <= limit)
		step++;
	return (double)step * STEP_US / 1000;
}

void
latency_print(const struct latency *latency)
{
	printf("\"latency\":{\"p50\":%.2f,\"p90\":%.2f,\"p99\":%.2f,"
	       "\"max\":%.2f}",
		percentile(latency, 0.5), percentile(latency, 0.9),
		percentile(latency, 0.99), percentile(latency, 1));
}
