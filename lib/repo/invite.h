/*
 * invite.h: the table `invite`: codes that let people register where
 * registration is closed. It stores hashes of the codes (auth/token.h), never
 * the codes.
 */

#ifndef REPO_INVITE_H
#define REPO_INVITE_H

#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

MUST_USE enum err invite_insert(
	struct db *db, struct span hash, int64_t now_ms, int64_t expire_ms);

/* Uses up an invitation. ERR_NOT_FOUND: it does not exist, is used up or has
 * expired. */
MUST_USE enum err invite_take(struct db *db, struct span hash, int64_t now_ms);

/* Whether the invitation is valid: OK | ERR_NOT_FOUND. */
MUST_USE enum err invite_live(
	struct db *db, struct arena *arena, struct span hash, int64_t now_ms);

/* Removes expired invitations. */
MUST_USE enum err invite_sweep(struct db *db, int64_t now_ms);

#endif
