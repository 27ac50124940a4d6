/*
 * loop.h: an event loop: descriptors (epoll), timers, and work posted by other
 * threads. A loop belongs to the thread in loop_run(); other threads may call
 * only loop_post() and loop_stop().
 *
 * Events of an object can be in the same epoll batch as the event that ends it.
 * The owner of a watch therefore frees it with loop_free_later(), never at
 * once.
 */

#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include "base/attr.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;

/* A watched descriptor; embed it. *fn* gets the EPOLL* bits that are set. */
struct watch {
	void (*fn)(void *arg, uint32_t events);
	void *arg;
	int fd;
	uint32_t events; /* what is watched now, 0: nothing */
};

/* One moment; embed it. It is cleared before *fn* runs, which may set it. */
struct timer {
	void (*fn)(void *arg);
	void *arg;
	int64_t due_ms; /* clock_mono_ms() */
	size_t slot; /* private: place in the heap + 1, 0 when not set */
};

MUST_USE enum err loop_open(struct loop **out);
void loop_close(struct loop *loop);

/* Runs until loop_stop(). */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/*
 * For a loop inside another one, which belongs to the same thread and decides
 * when the descriptors of the inner one are looked at. loop_fd() is readable
 * while one of them is ready; loop_look() handles up to 256 that are, without
 * waiting, and returns whether there may be more. Not called from the inner
 * loop's own functions.
 */
int loop_fd(const struct loop *loop);
bool loop_look(struct loop *loop);

/* Starts watching, or changes what is watched. *watch* has fn, arg and fd. */
MUST_USE enum err
loop_watch(struct loop *loop, struct watch *watch, uint32_t events);

/* Stops watching; harmless when it is not watched. Before the fd is closed. */
void loop_unwatch(struct loop *loop, struct watch *watch);

/* Sets, moves or clears a timer that has fn and arg. */
void loop_timer_set(struct loop *loop, struct timer *timer, int64_t due_ms);
void loop_timer_clear(struct loop *loop, struct timer *timer);

/* The time at which this iteration began. */
int64_t loop_now_ms(const struct loop *loop);

/* Calls fn(arg) in the loop's thread, in the order posted. Thread-safe. */
void loop_post(struct loop *loop, void (*fn)(void *), void *arg);

/* Calls fn(arg) when this iteration's events have all been handled. */
void loop_free_later(struct loop *loop, void (*fn)(void *), void *arg);

/* Calls fn(arg) at the end of every iteration. One per loop. */
void loop_at_end(struct loop *loop, void (*fn)(void *), void *arg);

#endif
