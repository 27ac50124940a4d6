/*
 * monitor.h: a lock and the condition that goes with it, embedded beside what
 * they guard. Waiting goes by the monotonic clock: a step of the wall clock
 * neither cuts it short nor makes it longer.
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

/* What follows is called inside. */

/* Something has changed: all who wait look again. */
void monitor_notify(struct monitor *monitor);

/* Waits, outside; may come back without reason. */
void monitor_wait(struct monitor *monitor);

/* The same, no longer than to *until_ms* of clock_mono_ms(). False when that
 * is over. */
bool monitor_wait_until(struct monitor *monitor, int64_t until_ms);

/* What follows is called outside. */

/* The rest of a thread that goes round until *closing*: waits *ms*, or until
 * there is something to look at. False when it is to end. */
bool monitor_rest(struct monitor *monitor, const bool *closing, int64_t ms);

#endif
