/*
 * idgen.h: the arithmetic of Snowflake ids, without clock, database or lock:
 *
 *	63        62 .. 22                       21 .. 12   11 .. 0
 *	0         ms since 2024-01-01T00:00:00Z  node       sequence
 *
 * The generator is one atomic word, the last generated id. Ids rise with the
 * wall clock. Where the clock does not suffice (more than 4096 ids in a
 * millisecond, or a clock that stepped back), they run ahead of it.
 *
 * No id is generated twice: a grant names a node and a *reserved_ms* that is
 * already stored in the database. No id exceeds it, whatever the clocks and the
 * scheduler do, and the next holder of the node starts above it.
 */

#ifndef REPO_IDGEN_H
#define REPO_IDGEN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define ID_EPOCH_MS INT64_C(1704067200000) /* 2024-01-01T00:00:00Z */
#define ID_MS_MAX ((INT64_C(1) << 41) - 1) /* above ID_EPOCH_MS: year 2093 */
#define ID_NODES 1024

enum idgen_result {
	IDGEN_OK,
	IDGEN_NO_GRANT, /* no node has been granted */
	IDGEN_EXHAUSTED, /* the reserved time is used up */
	IDGEN_BEHIND, /* the clock is far behind the ids or the floor */
	IDGEN_ABSURD, /* the clock is outside the range of ids */
};

struct idgen {
	_Atomic uint64_t last; /* 0: no grant */
	/* Ms since 1970, inclusive: *ahead_max_ms* after the moment at which
	 * the clock was last known to be right. */
	_Atomic int64_t reserved_ms;
	_Atomic int64_t ahead_max_ms; /* relative to the wall clock */
};

/*
 * Starts generating ids for *node*, above *after_ms* and up to *reserved_ms*.
 * Only one thread at a time may call this function and the next two.
 */
void idgen_grant(struct idgen *gen, uint64_t node, int64_t after_ms,
	int64_t reserved_ms, int64_t ahead_max_ms);

/* Extends the reservation of the current grant; never reduces it. */
void idgen_reserve(struct idgen *gen, int64_t reserved_ms);

/* Ends the grant; returns the last ms used in an id. */
int64_t idgen_revoke(struct idgen *gen);

/* The next id above *floor* (0: any). Any number of threads may call it. */
enum idgen_result
idgen_next(struct idgen *gen, int64_t wall_ms, uint64_t floor, uint64_t *out);

/* How far the ids are ahead of *wall_ms*; 0 without a grant. */
int64_t idgen_ahead_ms(struct idgen *gen, int64_t wall_ms);

#endif
