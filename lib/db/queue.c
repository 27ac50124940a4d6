#include "db/queue.h"

#include <stddef.h>

void
queue_add(struct waiter **queue, struct waiter *waiter, bool first)
{
	struct waiter **link = queue;

	while (*link != NULL &&
		((*link)->urgent > waiter->urgent ||
			(!first && (*link)->urgent == waiter->urgent)))
		link = &(*link)->next;
	waiter->next = *link;
	*link = waiter;
}

void
queue_remove(struct waiter **queue, const struct waiter *waiter)
{
	struct waiter **link = queue;

	while (*link != waiter)
		link = &(*link)->next;
	*link = waiter->next;
}
