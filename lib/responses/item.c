/* Finds the item of an event. Some servers use the index 0 for all items, and
 * some give an item another id in each event. */

#include "responses/answer.h"

#include "base/mem.h"

/* FNV-1a; 0 for an empty id. */
static uint64_t
hash_of(struct span id)
{
	return id.len > 0 ? span_hash(id) : 0;
}

static struct responses_item *
add(struct responses_answer *own, enum responses_kind kind, uint64_t id,
	int64_t index)
{
	size_t n = own->n;

	if (n == RESPONSES_ITEMS_MAX)
		return NULL;
	if (n == 0 || (n >= 4 && (n & (n - 1)) == 0))
		own->items = mem_realloc(
			own->items, (n < 4 ? 4 : n * 2) * sizeof(*own->items));
	own->items[n] = (struct responses_item){
		.kind = kind, .index = index, .id = id
	};
	own->n++;
	return &own->items[n];
}

static struct responses_item *
by_id(struct responses_answer *own, enum responses_kind kind, uint64_t id)
{
	for (size_t i = own->n; id != 0 && i-- > 0;)
		if (own->items[i].kind == kind && own->items[i].id == id)
			return &own->items[i];
	return NULL;
}

/* The latest item of that index that has not ended; without an index, the
 * latest one. */
static struct responses_item *
by_index(struct responses_answer *own, enum responses_kind kind, int64_t index)
{
	for (size_t i = own->n; i-- > 0;)
		if (own->items[i].kind == kind && !own->items[i].ended &&
			(index < 0 || own->items[i].index < 0 ||
				own->items[i].index == index))
			return &own->items[i];
	return NULL;
}

struct responses_item *
responses_item(struct responses_answer *own, enum responses_kind kind,
	struct span id, int64_t index)
{
	uint64_t hash = hash_of(id);
	struct responses_item *item = by_id(own, kind, hash);

	if (item == NULL)
		item = by_index(own, kind, index);
	return item != NULL ? item : add(own, kind, hash, index);
}

struct responses_item *
responses_item_added(struct responses_answer *own, enum responses_kind kind,
	struct span id, int64_t index)
{
	uint64_t hash = hash_of(id);
	struct responses_item *item = by_id(own, kind, hash);

	return item != NULL ? item : add(own, kind, hash, index);
}
