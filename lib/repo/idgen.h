/*
 * idgen.h: the arithmetic of Snowflake ids, without clock, database or lock:
 *
 *	63        62 .. 22                       21 .. 12   11 .. 0
 *	0         ms since 2024-01-01T00:00:00Z  node       sequence
 *
 * The generator is one atomic word, the last id that was made. Ids rise with
 * the wall clock, and by themselves where it does not: more than 4096 ids in
 * a millisecond, or a clock that stepped back, are answered by running ahead.
 *
 * Why no id is made twice: a grant names a node, and *reserved_ms* that is
 * already in the database. No id goes above it, whatever the clocks and the
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
	IDGEN_NO_GRANT, /* there is no node to make ids for */
	IDGEN_EXHAUSTED, /* what is reserved is used up */
	IDGEN_BEHIND, /* the clock is far behind the ids, or the floor */
	IDGEN_ABSURD, /* the clock is outside of what an id can hold */
};

struct idgen {
	_Atomic uint64_t last; /* 0: no grant */
	/* Since 1970, inclusive: *ahead_max_ms* beyond the moment at which the
	 * clock was last known to be right. */
	_Atomic int64_t reserved_ms;
	_Atomic int64_t ahead_max_ms; /* of the wall clock */
};

/*
 * Starts making ids for *node*, above *after_ms* up to *reserved_ms*. For one
 * thread at a time, as are the next two.
 */
void idgen_grant(struct idgen *gen, uint64_t node, int64_t after_ms,
	int64_t reserved_ms, int64_t ahead_max_ms);

/* More room under the same grant; never less. */
void idgen_reserve(struct idgen *gen, int64_t reserved_ms);

/* Ends the grant; returns the last ms that an id was made of. */
int64_t idgen_revoke(struct idgen *gen);

/* The next id above *floor* (0: any). Any number of threads. */
enum idgen_result
idgen_next(struct idgen *gen, int64_t wall_ms, uint64_t floor, uint64_t *out);

/* How far the ids are ahead of that moment; 0 without a grant. */
int64_t idgen_ahead_ms(struct idgen *gen, int64_t wall_ms);

int64_t id_ms(uint64_t id); /* since 1970 */
uint64_t id_node(uint64_t id);

#endif
