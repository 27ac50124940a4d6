/*
 * sealing.h: tells whether the secret file is the right one. When something is
 * first sealed in a database (a second factor, a provider's key), a text sealed
 * under the same key is stored in `settings_epoch`; a file that cannot open it
 * is a different one. An older database without that text is judged by its
 * newest second factor.
 */

#ifndef REPO_SEALING_H
#define REPO_SEALING_H

#include "auth/secret.h"
#include "db/db.h"
#include "repo/factor.h"

/* OK, also if nothing has been sealed yet; ERR_CONFLICT: it is a different
 * file. */
MUST_USE enum err sealing_check(
	struct db *db, struct arena *arena, const struct secret_ring *ring);
#define SEALING_WRONG                                                          \
	"The secret file (auth.secret_file) is not the one that second "       \
	"factors and the providers' keys were sealed with. Put the right one " \
	"back; if it is lost, run: lamplight secret accept"

/* Whether anything has been sealed, so that a missing file matters. */
MUST_USE enum err sealing_any(struct db *db, struct arena *arena, bool *any);

/* Call it before sealing something: does the same check and, if nothing has
 * been sealed yet, makes this file the right one from now on. */
MUST_USE enum err sealing_begin(
	struct db *db, struct arena *arena, const struct secret_ring *ring);

/* Makes this file the right one, whatever was sealed with another. */
MUST_USE enum err sealing_accept(
	struct db *db, struct arena *arena, const struct secret_ring *ring);

/* Calls lost(arg, factor) for every second factor that the file cannot open;
 * *factor* is valid until *lost* returns. */
MUST_USE enum err sealing_lost(struct db *db, const struct secret_ring *ring,
	void (*lost)(void *arg, const struct factor *factor), void *arg);

/* Call it after a rotation, in a transaction that has raised the epoch. */
MUST_USE enum err sealing_renew(
	struct db *db, struct arena *arena, const struct secret_ring *ring);

#endif
