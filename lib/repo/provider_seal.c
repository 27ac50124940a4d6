#include "repo/provider_seal.h"

#include "auth/seal.h"
#include "repo/sealing.h"

#include <inttypes.h>

#define TAIL 4
/* Of a shorter key, the last characters would reveal too much. */
#define TAIL_OF 16

static const char *
about(struct arena *arena, const struct provider_row *row, const char *what)
{
	return arena_printf(arena, "provider %" PRIu64 " %s", row->id, what);
}

enum err
provider_open(const struct secret_ring *ring, struct arena *arena,
	const struct provider_row *row, struct provider_secrets *out)
{
	*out = (struct provider_secrets){ 0 };
	if (row->key_sealed.data != NULL)
		TRY(seal_open(ring, arena, about(arena, row, "key"),
			row->key_sealed, &out->key));
	if (row->headers_sealed.data != NULL)
		TRY(seal_open(ring, arena, about(arena, row, "headers"),
			row->headers_sealed, &out->headers));
	return OK;
}

bool
provider_seal_covers(const struct provider_row *row, bool key, bool headers)
{
	return (key || row->key_sealed.data == NULL) &&
		(headers || row->headers_sealed.data == NULL);
}

static struct span
sealed(const struct secret_ring *ring, struct arena *arena, const char *what,
	struct span text)
{
	return text.data != NULL ? seal(ring, arena, what, text) : text;
}

void
provider_seal(const struct secret_ring *ring, struct arena *arena,
	const struct provider_secrets *secrets, struct provider_row *row)
{
	struct span key = secrets->key;

	row->key_sealed = sealed(ring, arena, about(arena, row, "key"), key);
	row->headers_sealed = sealed(
		ring, arena, about(arena, row, "headers"), secrets->headers);
	row->key_tail = key.len >= TAIL_OF
		? arena_str(arena, key.data + key.len - TAIL, TAIL)
		: "";
}

/* ---- sealing again under another key */

struct sealing {
	struct arena *arena;
	const struct secret_ring *ring;
	void (*lost)(void *arg, const char *name);
	void *arg;
};

static bool
is_current(const struct secret_ring *ring, struct span sealed)
{
	return sealed.data == NULL || seal_is_current(ring, sealed);
}

static enum err
seal_row(struct db *db, const struct sealing *s, const struct provider_row *was)
{
	struct provider_secrets secrets;
	struct provider_row row = *was;

	if (is_current(s->ring, was->key_sealed) &&
		is_current(s->ring, was->headers_sealed))
		return OK;
	if (provider_open(s->ring, s->arena, was, &secrets) != OK) {
		s->lost(s->arg, was->name);
		return OK;
	}
	provider_seal(s->ring, s->arena, &secrets, &row);
	return provider_reseal(db, was, &row);
}

static enum err
seal_anew(struct db *db, void *arg)
{
	const struct sealing *s = arg;
	struct provider_list all;

	TRY(setting_raise(db));
	TRY(sealing_renew(db, s->arena, s->ring));
	TRY(provider_list(db, s->arena, &all));
	for (size_t i = 0; i < all.n; i++)
		TRY(seal_row(db, s, &all.list[i]));
	return OK;
}

enum err
provider_seal_anew(struct db *db, struct arena *arena,
	const struct secret_ring *ring,
	void (*lost)(void *arg, const char *name), void *arg)
{
	struct sealing s = { arena, ring, lost, arg };

	return db_transaction(db, seal_anew, &s);
}
