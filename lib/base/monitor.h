/*
 * monitor.h: a lock with its condition, embedded beside the data they guard.
 * Waiting uses the monotonic clock, so a jump of the wall clock neither
 * shortens nor prolongs it.
 */

#ifndef BASE_MONITOR_H
#define BASE_MONITOR_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct monitor {
	pthread_mutex_t lock;
	pthread_cond_t changed;
};

void monitor_open(struct monitor *monitor);
void monitor_close(struct monitor *monitor);

void monitor_enter(struct monitor *monitor);
void monitor_leave(struct monitor *monitor);

/* Call the following functions while inside. */

/* Wakes all waiting threads, because something has changed. */
void monitor_notify(struct monitor *monitor);

/* Releases the lock while waiting; may return spuriously. */
void monitor_wait(struct monitor *monitor);

/* Like monitor_wait(), but waits no longer than until clock_mono_ms() reaches
 * *until_ms*; then returns false. */
bool monitor_wait_until(struct monitor *monitor, int64_t until_ms);

/* Call the following function while outside. */

/* The pause of a thread that works in rounds until *closing*: waits for *ms* or
 * for a notification. Returns false when the thread must end. */
bool monitor_rest(struct monitor *monitor, const bool *closing, int64_t ms);

#endif
