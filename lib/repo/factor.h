/*
 * factor.h: the tables `factor` and `recovery_code`: what somebody has besides
 * a password, and what stands in when it is lost. Kinds: "totp", of which a
 * user has one at most; there is room for others.
 */

#ifndef REPO_FACTOR_H
#define REPO_FACTOR_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

#define FACTOR_TOTP "totp"

struct factor {
	uint64_t id, user_id;
	struct span sealed; /* auth/seal.h */
	uint64_t last_step;
	int64_t confirm_ms; /* 0: not in force yet */
};

/* The user's TOTP, in force or not; ERR_NOT_FOUND. */
MUST_USE enum err factor_find(struct db *db, struct arena *arena,
	uint64_t user_id, struct factor *out);

/* Of all; ERR_NOT_FOUND. */
MUST_USE enum err
factor_newest(struct db *db, struct arena *arena, struct factor *out);

/* What its secret is sealed about. */
const char *factor_about(struct arena *arena, const struct factor *factor);

/* Puts a TOTP that is not in force in the place of one that is not either. The
 * user's row is locked; ERR_CONFLICT: one is in force. */
MUST_USE enum err factor_enrol(struct db *db, struct arena *arena,
	const struct factor *factor, int64_t now_ms);

/* It is in force, and the code of *step* was used; ERR_CONFLICT: it was, or
 * another factor is there now. */
MUST_USE enum err
factor_confirm(struct db *db, uint64_t id, uint64_t step, int64_t now_ms);

/* The code of *step* is used up; ERR_CONFLICT: it was before, or a later one. */
MUST_USE enum err factor_use(struct db *db, uint64_t id, uint64_t step);

MUST_USE enum err factor_reseal(struct db *db, uint64_t id, struct span sealed);

/* Factors and recovery codes of a user; nothing to do when there are none. */
MUST_USE enum err factor_delete_all(struct db *db, uint64_t user_id);

/* Factors above *after_id*, ascending, *n* at most. */
struct factor_list {
	struct factor *list;
	unsigned n;
};
MUST_USE enum err factor_list(struct db *db, struct arena *arena,
	uint64_t after_id, unsigned n, struct factor_list *out);

/* ---- recovery codes */

/* These instead of those that the user had. */
MUST_USE enum err recovery_replace(
	struct db *db, uint64_t user_id, const struct span *hashes, unsigned n);

/* Uses one up, or ERR_NOT_FOUND. */
MUST_USE enum err
recovery_use(struct db *db, uint64_t user_id, struct span hash);

MUST_USE enum err recovery_count(
	struct db *db, struct arena *arena, uint64_t user_id, uint64_t *n);

#endif
