#include "repo/sealing.h"

#include "auth/seal.h"
#include "repo/setting.h"

#define CHECK_ABOUT "settings check"
#define CHECK_TEXT "lamplight"
#define FACTORS_AT_ONCE 500

static enum err
judge(enum err opened)
{
	return opened == OK ? OK : ERR_CONFLICT;
}

/* Also OK if there is no factor. */
static enum err
check_factor(struct db *db, struct arena *arena, const struct secret_ring *ring)
{
	struct factor factor;
	struct span secret;
	enum err err = factor_newest(db, arena, &factor);

	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	return judge(seal_open(ring, arena, factor_about(arena, &factor),
		factor.sealed, &secret));
}

static enum err
check_sealed(struct db *db, struct arena *arena, const struct secret_ring *ring,
	struct span check)
{
	struct span text;

	if (check.data == NULL)
		return check_factor(db, arena, ring);
	return judge(seal_open(ring, arena, CHECK_ABOUT, check, &text));
}

enum err
sealing_check(
	struct db *db, struct arena *arena, const struct secret_ring *ring)
{
	struct span check;

	TRY(setting_key_check(db, arena, &check));
	return check_sealed(db, arena, ring, check);
}

enum err
sealing_any(struct db *db, struct arena *arena, bool *any)
{
	struct factor factor;
	struct span check;
	enum err err = OK;

	TRY(setting_key_check(db, arena, &check));
	if (check.data == NULL)
		err = factor_newest(db, arena, &factor);
	*any = err == OK;
	return err == ERR_NOT_FOUND ? OK : err;
}

struct looking {
	const struct secret_ring *ring;
	void (*lost)(void *arg, const struct factor *factor);
	void *arg;
	uint64_t after_id;
	unsigned n; /* number of factors in the last query */
};

static enum err
look_at_some(struct db *db, struct arena *arena, struct looking *l)
{
	struct factor_list all;
	struct span secret;

	TRY(factor_list(db, arena, l->after_id, FACTORS_AT_ONCE, &all));
	for (unsigned i = 0; i < all.n; i++) {
		const struct factor *factor = &all.list[i];

		l->after_id = factor->id;
		if (seal_open(l->ring, arena, factor_about(arena, factor),
			    factor->sealed, &secret) != OK)
			l->lost(l->arg, factor);
	}
	l->n = all.n;
	return OK;
}

enum err
sealing_lost(struct db *db, const struct secret_ring *ring,
	void (*lost)(void *arg, const struct factor *factor), void *arg)
{
	struct arena arena = ARENA_INIT;
	struct looking l = { .ring = ring, .lost = lost, .arg = arg };
	enum err err;

	do {
		err = look_at_some(db, &arena, &l);
		arena_reset(&arena);
	} while (err == OK && l.n == FACTORS_AT_ONCE);
	return err;
}

struct marking {
	struct arena *arena;
	const struct secret_ring *ring;
};

static enum err
put_check(struct db *db, const struct marking *m)
{
	return setting_set_key_check(
		db, seal(m->ring, m->arena, CHECK_ABOUT, span_of(CHECK_TEXT)));
}

static enum err
begin(struct db *db, void *arg)
{
	const struct marking *m = arg;
	struct span check;

	TRY(setting_raise(db));
	TRY(setting_key_check(db, m->arena, &check));
	TRY(check_sealed(db, m->arena, m->ring, check));
	return check.data == NULL ? put_check(db, m) : OK;
}

/* The usual case needs no lock. */
enum err
sealing_begin(
	struct db *db, struct arena *arena, const struct secret_ring *ring)
{
	struct marking m = { arena, ring };
	struct span check;

	TRY(setting_key_check(db, arena, &check));
	return check.data != NULL ? check_sealed(db, arena, ring, check)
				  : db_transaction(db, begin, &m);
}

static enum err
accept(struct db *db, void *arg)
{
	TRY(setting_raise(db));
	return put_check(db, arg);
}

enum err
sealing_accept(
	struct db *db, struct arena *arena, const struct secret_ring *ring)
{
	struct marking m = { arena, ring };

	return db_transaction(db, accept, &m);
}

enum err
sealing_renew(
	struct db *db, struct arena *arena, const struct secret_ring *ring)
{
	struct marking m = { arena, ring };
	struct span check;

	TRY(setting_key_check(db, arena, &check));
	if (check.data == NULL || seal_is_current(ring, check) ||
		check_sealed(db, arena, ring, check) != OK)
		return OK;
	return put_check(db, &m);
}
