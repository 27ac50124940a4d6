/*
 * queue.h: private to lib/db: who waits for a connection, in the order in which
 * they get one. A waiter lives with its thread while it waits; whoever calls
 * keeps all others out meanwhile.
 */

#ifndef DB_QUEUE_H
#define DB_QUEUE_H

#include <stdbool.h>

struct waiter {
	struct waiter *next;
	bool urgent;
};

/* Behind those of its kind, the urgent ones before all others; or *first*, when
 * it has waited before, ahead of its kind. */
void queue_add(struct waiter **queue, struct waiter *waiter, bool first);

/* It must be in the queue. */
void queue_remove(struct waiter **queue, const struct waiter *waiter);

#endif
