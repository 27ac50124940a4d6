/*
 * sealing.h: which secret file is the right one. What is first sealed in a
 * database (a second factor, a provider's key) leaves a text sealed under the
 * same key in `settings_epoch`; a file that does not open it is another one.
 * A database of before, which has none, is judged by its newest second factor.
 */

#ifndef REPO_SEALING_H
#define REPO_SEALING_H

#include "auth/secret.h"
#include "db/db.h"
#include "repo/factor.h"

/* OK, also when nothing was sealed yet; ERR_CONFLICT: it is another one. */
MUST_USE enum err sealing_check(
	struct db *db, struct arena *arena, const struct secret_ring *ring);
#define SEALING_WRONG                                                          \
	"The secret file (auth.secret_file) is not the one that second "       \
	"factors and the providers' keys were sealed with. Put the right one " \
	"back; if it is lost, run: lamplight secret accept"

/* Whether anything was, so that a file that is gone is missed. */
MUST_USE enum err sealing_any(struct db *db, struct arena *arena, bool *any);

/* To be called before something is sealed: the same check, for good; where
 * nothing was sealed yet, this file is the right one from now on. */
MUST_USE enum err sealing_begin(
	struct db *db, struct arena *arena, const struct secret_ring *ring);

/* This file is the right one, whatever was sealed with another. */
MUST_USE enum err sealing_accept(
	struct db *db, struct arena *arena, const struct secret_ring *ring);

/* lost(arg, factor) for every second factor that the file does not open; what
 * it gets is valid until it returns. */
MUST_USE enum err sealing_lost(struct db *db, const struct secret_ring *ring,
	void (*lost)(void *arg, const struct factor *factor), void *arg);

/* After a rotation, in a transaction that has raised the epoch. */
MUST_USE enum err sealing_renew(
	struct db *db, struct arena *arena, const struct secret_ring *ring);

#endif
