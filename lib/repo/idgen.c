#include "repo/idgen_private.h"

#include "base/attr.h"

#define SEQUENCE_BITS 12
#define SEQUENCE_MAX ((UINT64_C(1) << SEQUENCE_BITS) - 1)
#define NODE_MASK ((uint64_t)ID_NODES - 1)
#define MS_SHIFT 22

int64_t
id_ms(uint64_t id)
{
	return (int64_t)(id >> MS_SHIFT) + ID_EPOCH_MS;
}

uint64_t
id_node(uint64_t id)
{
	return id >> SEQUENCE_BITS & NODE_MASK;
}

static uint64_t
make_id(int64_t ms, uint64_t node, uint64_t sequence)
{
	return (uint64_t)(ms - ID_EPOCH_MS) << MS_SHIFT |
		node << SEQUENCE_BITS | sequence;
}

void
idgen_grant(struct idgen *gen, uint64_t node, int64_t after_ms,
	int64_t reserved_ms, int64_t ahead_max_ms)
{
	/* This order keeps a thread between reading and replacing `last` from
	 * using the new limit for an id of the old grant. */
	atomic_store(&gen->last, 0);
	atomic_store(&gen->ahead_max_ms, ahead_max_ms);
	atomic_store(
		&gen->reserved_ms, MIN(reserved_ms, ID_EPOCH_MS + ID_MS_MAX));
	atomic_store(&gen->last,
		make_id(MIN(MAX(after_ms, ID_EPOCH_MS),
				ID_EPOCH_MS + ID_MS_MAX),
			node, SEQUENCE_MAX));
}

void
idgen_reserve(struct idgen *gen, int64_t reserved_ms)
{
	reserved_ms = MIN(reserved_ms, ID_EPOCH_MS + ID_MS_MAX);
	if (reserved_ms > atomic_load(&gen->reserved_ms))
		atomic_store(&gen->reserved_ms, reserved_ms);
}

int64_t
idgen_revoke(struct idgen *gen)
{
	return id_ms(atomic_exchange(&gen->last, 0));
}

int64_t
idgen_ahead_ms(struct idgen *gen, int64_t wall_ms)
{
	uint64_t last = atomic_load(&gen->last);

	return last != 0 ? id_ms(last) - wall_ms : 0;
}

static uint64_t
successor(uint64_t id)
{
	if ((id & SEQUENCE_MAX) < SEQUENCE_MAX)
		return id + 1;
	return make_id(id_ms(id) + 1, id_node(id), 0);
}

/* Ignores a clock that is past the reservation or before its moment: it may
 * have jumped, which is checked before the next reservation. Ids then use the
 * moment of the reservation. */
static int64_t
believed_ms(int64_t wall_ms, int64_t trusted_ms, int64_t reserved_ms)
{
	return wall_ms > reserved_ms ? trusted_ms : MAX(wall_ms, trusted_ms);
}

static uint64_t
candidate(uint64_t last, int64_t ms, uint64_t floor)
{
	uint64_t id = successor(last);

	if (ms > id_ms(id))
		id = make_id(ms, id_node(last), 0);
	if (id <= floor)
		id = make_id(id_ms(floor) + 1, id_node(last), 0);
	return id;
}

enum idgen_result
idgen_next(struct idgen *gen, int64_t wall_ms, uint64_t floor, uint64_t *out)
{
	uint64_t last = atomic_load(&gen->last), id;

	if (wall_ms < ID_EPOCH_MS || wall_ms > ID_EPOCH_MS + ID_MS_MAX)
		return IDGEN_ABSURD;
	do {
		int64_t reserved_ms = atomic_load(&gen->reserved_ms);
		int64_t ahead_max_ms = atomic_load(&gen->ahead_max_ms);
		int64_t trusted_ms = reserved_ms - ahead_max_ms;
		int64_t limit_ms = wall_ms + ahead_max_ms;

		if (last == 0)
			return IDGEN_NO_GRANT;
		if (id_ms(floor) > limit_ms || id_ms(last) > limit_ms ||
			trusted_ms > limit_ms)
			return IDGEN_BEHIND;
		id = candidate(last,
			believed_ms(wall_ms, trusted_ms, reserved_ms), floor);
		if (id_ms(id) > reserved_ms)
			return IDGEN_EXHAUSTED;
	} while (!atomic_compare_exchange_weak(&gen->last, &last, id));
	*out = id;
	return IDGEN_OK;
}
