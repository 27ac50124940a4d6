/*
 * invite.h: the table `invite`: who has one of these codes may open an account
 * where registration is closed. Hashes of codes are stored (auth/token.h),
 * never the codes.
 */

#ifndef REPO_INVITE_H
#define REPO_INVITE_H

#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

MUST_USE enum err invite_insert(
	struct db *db, struct span hash, int64_t now_ms, int64_t expire_ms);

/* Uses it up, or ERR_NOT_FOUND: there is none, any more. */
MUST_USE enum err invite_take(struct db *db, struct span hash, int64_t now_ms);

/* Whether there is one: OK | ERR_NOT_FOUND. */
MUST_USE enum err invite_live(
	struct db *db, struct arena *arena, struct span hash, int64_t now_ms);

/* Removes what is over. */
MUST_USE enum err invite_sweep(struct db *db, int64_t now_ms);

#endif
