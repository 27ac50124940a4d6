/*
 * setting.h: the tables `setting` and `settings_epoch`: what administrators
 * change while everything runs, and the number by which workers notice.
 *
 * Whoever writes provider.h's, model.h's or this file's table raises the epoch
 * first, in the same transaction. That locks its one row: writers take turns,
 * what they check holds until they commit, and epochs are committed in order.
 * Whoever reads an epoch and then the tables has read at least what it stands
 * for; where rows do not fit together, another epoch is on its way.
 */

#ifndef REPO_SETTING_H
#define REPO_SETTING_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

/* Why a change was refused, with ERR_CONFLICT. */
enum refusal {
	REFUSED_NOT,
	REFUSED_CHANGED, /* the row has another version by now */
	REFUSED_NAME, /* another row has this name */
	REFUSED_IN_USE, /* the provider has models */
	REFUSED_TOO_MANY,
	REFUSED_PROVIDER, /* there is no such provider */
	REFUSED_FALLBACK, /* there is no such model, or it is this one */
	REFUSED_FULL, /* its owner's texts take all their room */
};

/* ---- writing a row of one of these tables */

struct setting_write {
	const void *row; /* the caller's */
	int64_t now_ms;
	enum refusal why;
};

/* Runs *body* with a struct setting_write of this row in a transaction that
 * has raised the epoch; *why*: what setting_refuse() was told. */
MUST_USE enum err
setting_write(struct db *db, enum err (*body)(struct db *db, void *w),
	const void *row, int64_t now_ms, enum refusal *why);

/* ERR_CONFLICT, for *body* to return. */
MUST_USE enum err setting_refuse(struct setting_write *w, enum refusal why);

/* ---- */

MUST_USE enum err
setting_epoch(struct db *db, struct arena *arena, uint64_t *epoch);

/* In a transaction, before anything else of it. */
MUST_USE enum err setting_raise(struct db *db);

/* Takes the same turn without another epoch: for who writes what all may see,
 * but no worker keeps. */
MUST_USE enum err setting_take_turn(struct db *db);

struct setting {
	const char *name;
	struct span value;
	uint32_t version; /* 0: not there yet */
};

/* The setting of *out->name*; ERR_NOT_FOUND. */
MUST_USE enum err
setting_find(struct db *db, struct arena *arena, struct setting *out);

/* ERR_CONFLICT: by now it is there, or has another version. */
MUST_USE enum err setting_put(struct db *db, const struct setting *setting);

/* What was sealed so that a wrong secret file is known; absent: nothing yet. */
MUST_USE enum err
setting_key_check(struct db *db, struct arena *arena, struct span *sealed);

/* In a transaction that has raised the epoch. */
MUST_USE enum err setting_set_key_check(struct db *db, struct span sealed);

#endif
