#include "base/turns.h"

#include "base/mem.h"
#include "base/span.h"

#include <stdlib.h>
#include <sys/random.h>

#define SLOTS 1024 /* a power of two */

/* An asker that waits, with its items, or with the lines of the askers within
 * it. */
struct line {
	uint64_t key;
	struct line *above;
	struct line *next_in_slot, *next_in_round;
	struct line *round, **round_end; /* the lines below, in turn */
	struct turn *first, **end;
	size_t n; /* items, also in the lines below */
};

struct turns {
	uint64_t seed;
	struct line all; /* its lines are the widest askers */
	struct line *slots[SLOTS];
};

static void
open_line(struct line *line, struct line *above, uint64_t key)
{
	*line = (struct line){ .key = key, .above = above };
	line->round_end = &line->round;
	line->end = &line->first;
}

struct turns *
turns_open(void)
{
	struct turns *turns = mem_zalloc(sizeof(*turns));

	if (getrandom(&turns->seed, sizeof(turns->seed), 0) !=
		(ssize_t)sizeof(turns->seed))
		abort();
	open_line(&turns->all, NULL, 0);
	return turns;
}

/* FNV-1a with a secret start. */
uint64_t
turns_key(const struct turns *turns, uint64_t before, const void *name,
	size_t len)
{
	uint64_t hash = span_hash_more(
		turns->seed ^ before, (struct span){ name, len });

	return hash ^ hash >> 29;
}

/* ---- lines */

static size_t
slot_of(const struct line *above, uint64_t key)
{
	uint64_t hash = key ^ above->key * UINT64_C(0x9e3779b97f4a7c15);

	return (hash ^ hash >> 32) & (SLOTS - 1);
}

static struct line *
find(const struct turns *turns, const struct line *above, uint64_t key)
{
	struct line *line = turns->slots[slot_of(above, key)];

	while (line != NULL && (line->key != key || line->above != above))
		line = line->next_in_slot;
	return line;
}

/* Joins the end of the round of the line above. */
static void
join(struct line *line)
{
	line->next_in_round = NULL;
	*line->above->round_end = line;
	line->above->round_end = &line->next_in_round;
}

static struct line *
add_line(struct turns *turns, struct line *above, uint64_t key)
{
	struct line **slot = &turns->slots[slot_of(above, key)];
	struct line *line = mem_alloc(sizeof(*line));

	open_line(line, above, key);
	line->next_in_slot = *slot;
	*slot = line;
	join(line);
	return line;
}

static void
drop_line(struct turns *turns, struct line *line)
{
	struct line **at = &turns->slots[slot_of(line->above, line->key)];

	while (*at != line)
		at = &(*at)->next_in_slot;
	*at = line->next_in_slot;
	free(line);
}

/* The line has had its turn. */
static void
move_on(struct turns *turns, struct line *line)
{
	struct line *above = line->above;

	above->round = line->next_in_round;
	if (above->round == NULL)
		above->round_end = &above->round;
	if (line->n > 0)
		join(line);
	else
		drop_line(turns, line);
}

/* ---- items */

void
turns_add(struct turns *turns, struct turn *turn, const uint64_t *askers,
	unsigned n_askers)
{
	struct line *line = &turns->all, *below;

	line->n++;
	for (unsigned i = 0; i < n_askers; i++) {
		below = find(turns, line, askers[i]);
		line = below != NULL ? below : add_line(turns, line, askers[i]);
		line->n++;
	}
	turn->next = NULL;
	*line->end = turn;
	line->end = &turn->next;
}

/* Takes the next item of a line, or of those below it, which move on. */
static struct turn *
take(struct turns *turns, struct line *line)
{
	struct line *below = line->round;
	struct turn *turn;

	line->n--;
	if (below != NULL) {
		turn = take(turns, below);
		move_on(turns, below);
		return turn;
	}
	turn = line->first;
	line->first = turn->next;
	if (line->first == NULL)
		line->end = &line->first;
	return turn;
}

struct turn *
turns_next(struct turns *turns)
{
	return turns->all.n > 0 ? take(turns, &turns->all) : NULL;
}

void
turns_close(struct turns *turns)
{
	if (turns->all.n > 0)
		abort();
	free(turns);
}

size_t
turns_waiting(const struct turns *turns)
{
	return turns->all.n;
}

size_t
turns_waiting_for(const struct turns *turns, uint64_t asker)
{
	const struct line *line = find(turns, &turns->all, asker);

	return line != NULL ? line->n : 0;
}
