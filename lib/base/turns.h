/*
 * turns.h: a fair queue. An item names its askers, from the widest to the
 * narrowest: a network, and a client within it. On each level askers take
 * turns, so one with few items does not wait for the many of another; the items
 * of one asker leave in the order in which they came. Adding and taking cost
 * the same however many items wait.
 *
 * Not for several threads at a time, except turns_key(). Items belong to the
 * caller, who embeds a struct turn in each and keeps it there while it waits.
 */

#ifndef BASE_TURNS_H
#define BASE_TURNS_H

#include <stddef.h>
#include <stdint.h>

struct turns;

struct turn {
	struct turn *next;
};

struct turns *turns_open(void);
/* No item may be waiting. */
void turns_close(struct turns *turns);

/* The key of an asker with this name, and *before* it with others: 0, or the
 * key so far. Nobody can choose a name with another's key. */
uint64_t turns_key(const struct turns *turns, uint64_t before, const void *name,
	size_t len);

/* All items of a queue have the same number of askers, at least one. */
void turns_add(struct turns *turns, struct turn *turn, const uint64_t *askers,
	unsigned n_askers);

/* Takes the next item; NULL if none is waiting. */
struct turn *turns_next(struct turns *turns);

/* How many wait, in all and for an asker of the widest kind. */
size_t turns_waiting(const struct turns *turns);
size_t turns_waiting_for(const struct turns *turns, uint64_t asker);

#endif
