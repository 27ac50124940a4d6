#include "base/monitor.h"

#include "base/clock.h"

#include <errno.h>
#include <time.h>

void
monitor_open(struct monitor *monitor)
{
	pthread_condattr_t monotonic;

	pthread_mutex_init(&monitor->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&monitor->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
}

void
monitor_close(struct monitor *monitor)
{
	pthread_cond_destroy(&monitor->changed);
	pthread_mutex_destroy(&monitor->lock);
}

void
monitor_enter(struct monitor *monitor)
{
	pthread_mutex_lock(&monitor->lock);
}

void
monitor_leave(struct monitor *monitor)
{
	pthread_mutex_unlock(&monitor->lock);
}

void
monitor_notify(struct monitor *monitor)
{
	pthread_cond_broadcast(&monitor->changed);
}

void
monitor_wait(struct monitor *monitor)
{
	pthread_cond_wait(&monitor->changed, &monitor->lock);
}

bool
monitor_wait_until(struct monitor *monitor, int64_t until_ms)
{
	const struct timespec until = { until_ms / 1000,
		until_ms % 1000 * 1000000 };

	return pthread_cond_timedwait(
		       &monitor->changed, &monitor->lock, &until) != ETIMEDOUT;
}

bool
monitor_rest(struct monitor *monitor, const bool *closing, int64_t ms)
{
	int64_t until_ms = clock_mono_ms() + ms;
	bool over;

	monitor_enter(monitor);
	if (!*closing)
		(void)monitor_wait_until(monitor, until_ms);
	over = *closing;
	monitor_leave(monitor);
	return !over;
}
