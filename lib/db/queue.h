/*
 * queue.h: private to lib/db: the threads that wait for a connection, in the
 * order in which they get one. A waiter lives on its thread's stack while it
 * waits; the caller must hold the lock.
 */

#ifndef DB_QUEUE_H
#define DB_QUEUE_H

#include <stdbool.h>

struct waiter {
	struct waiter *next;
	bool urgent;
};

/* Adds the waiter after those of its kind, and urgent ones before all others.
 * With *first*, because it has waited before, puts it ahead of its kind. */
void queue_add(struct waiter **queue, struct waiter *waiter, bool first);

/* The waiter must be in the queue. */
void queue_remove(struct waiter **queue, const struct waiter *waiter);

#endif
