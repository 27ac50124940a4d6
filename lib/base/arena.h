/*
 * arena.h: memory with one lifetime. A request (or a turn) allocates from its
 * arena and frees nothing; arena_reset() frees all at once after running the
 * deferred cleanups, last in first out. Allocation never fails: without
 * memory the process ends and its supervisor restarts it.
 *
 * Not thread-safe; an arena belongs to one thread at a time.
 */

#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/attr.h"
#include "base/span.h"

#include <stddef.h>

struct arena {
	struct arena_block *blocks;
	struct arena_defer *defers;
	size_t used; /* bytes handed out, for caps and metrics */
};

/* An empty arena: `struct arena a = ARENA_INIT;` */
#define ARENA_INIT \
	{          \
		0  \
	}

/* Zeroed memory, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);

/* Like arena_alloc(), but not zeroed, for callers that fill all of it. */
void *arena_room(struct arena *arena, size_t size);

/* Copies; *arena_str* ends the copy with a NUL. */
void *arena_dup(struct arena *arena, const void *data, size_t len);
char *arena_str(struct arena *arena, const char *str, size_t len);
struct span arena_span(struct arena *arena, struct span span);
char *
arena_printf(struct arena *arena, const char *format, ...) PRINTF_LIKE(2, 3);

/* Calls cleanup(arg) at reset, so that a foreign resource lives as long as the
 * arena. */
void arena_defer(struct arena *arena, void (*cleanup)(void *), void *arg);

/* Runs the cleanups and frees everything; the arena is then empty and
 * reusable. */
void arena_reset(struct arena *arena);

/* Like arena_reset(), but keeps the first block for the next user. */
void arena_clear(struct arena *arena);

#endif
