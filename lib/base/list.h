/*
 * list.h: an intrusive list. The owner has a struct list (list_open()); each
 * item embeds one for every list that it can be in, all zero while it is in
 * none. This module neither allocates nor frees them.
 */

#ifndef BASE_LIST_H
#define BASE_LIST_H

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *prev, *next;
};

/* Makes an empty list. */
static inline void
list_open(struct list *list)
{
	list->prev = list->next = list;
}

static inline bool
list_empty(const struct list *list)
{
	return list->next == list;
}

/* Takes the item out of its list; does nothing if it is in none. */
static inline void
list_remove(struct list *item)
{
	if (item->next == NULL)
		return;
	item->prev->next = item->next;
	item->next->prev = item->prev;
	item->prev = item->next = NULL;
}

/* Moves the item to the end of *list*, from whatever list it was in. */
static inline void
list_add(struct list *list, struct list *item)
{
	list_remove(item);
	item->prev = list->prev;
	item->next = list;
	list->prev->next = item;
	list->prev = item;
}

/* The first item, or NULL. *type* is the item's type, *member* its struct
 * list. */
#define LIST_FIRST(list, type, member) \
	(list_empty(list) ? NULL : CONTAINER_OF((list)->next, type, member))

/* The item after *item*, or NULL. */
#define LIST_NEXT(list, item, type, member) \
	((item)->member.next == (list)      \
			? NULL              \
			: CONTAINER_OF((item)->member.next, type, member))

#endif
