/*
 * setting.h: the tables `setting` and `settings_epoch`: what administrators
 * change while the programs run, and the number by which workers notice.
 *
 * A writer of provider.h's, model.h's or this file's table first raises the
 * epoch, in the same transaction. That locks the only row of `settings_epoch`:
 * writers take turns, what they have checked holds until they commit, and
 * epochs are committed in order. A reader that reads an epoch and then the
 * tables sees at least the changes up to that epoch; if rows contradict each
 * other, another epoch is being committed.
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
	REFUSED_CHANGED, /* the row has another version */
	REFUSED_NAME, /* another row has this name */
	REFUSED_IN_USE, /* the provider has models */
	REFUSED_TOO_MANY,
	REFUSED_PROVIDER, /* there is no such provider */
	REFUSED_FALLBACK, /* there is no such model, or it is this one */
	REFUSED_FULL, /* the owner has no room left for texts */
};

/* ---- writing a row of these tables */

struct setting_write {
	const void *row; /* belongs to the caller */
	int64_t now_ms;
	enum refusal why;
};

/* Runs *body* with a struct setting_write for this row, in a transaction
 * that has raised the epoch. *why* receives the reason passed to
 * setting_refuse(). */
MUST_USE enum err
setting_write(struct db *db, enum err (*body)(struct db *db, void *w),
	const void *row, int64_t now_ms, enum refusal *why);

/* Stores the reason and returns ERR_CONFLICT, for *body* to return. */
MUST_USE enum err setting_refuse(struct setting_write *w, enum refusal why);

/* ---- the epoch and the settings */

MUST_USE enum err
setting_epoch(struct db *db, struct arena *arena, uint64_t *epoch);

/* Call it in a transaction, before anything else. */
MUST_USE enum err setting_raise(struct db *db);

/* Takes a turn without raising the epoch, for changes that everybody may see
 * but no worker caches. */
MUST_USE enum err setting_take_turn(struct db *db);

struct setting {
	const char *name;
	struct span value;
	uint32_t version; /* 0: does not exist yet */
};

/* Finds the setting named *out->name*; ERR_NOT_FOUND. */
MUST_USE enum err
setting_find(struct db *db, struct arena *arena, struct setting *out);

/* ERR_CONFLICT: it has been created meanwhile, or has another version. */
MUST_USE enum err setting_put(struct db *db, const struct setting *setting);

/* The sealed text that identifies the right secret file; absent: nothing has
 * been sealed yet. */
MUST_USE enum err
setting_key_check(struct db *db, struct arena *arena, struct span *sealed);

/* Call it in a transaction that has raised the epoch. */
MUST_USE enum err setting_set_key_check(struct db *db, struct span sealed);

#endif
