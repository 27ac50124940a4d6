/*
 * factor.h: the tables `factor` and `recovery_code`: second factors, and the
 * codes that replace a lost one. The only kind so far is "totp", at most one
 * per user; the table allows for others.
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
	struct span sealed; /* see auth/seal.h */
	uint64_t last_step;
	int64_t confirm_ms; /* 0: not yet in force */
};

/* The user's TOTP factor, in force or not; ERR_NOT_FOUND. */
MUST_USE enum err factor_find(struct db *db, struct arena *arena,
	uint64_t user_id, struct factor *out);

/* The newest factor of all users; ERR_NOT_FOUND. */
MUST_USE enum err
factor_newest(struct db *db, struct arena *arena, struct factor *out);

/* The text that binds the sealed secret to this factor (seal.h: *about*). */
const char *factor_about(struct arena *arena, const struct factor *factor);

/* Adds a TOTP factor that is not yet in force, in place of an earlier one that
 * was not either. The caller has locked the user's row. ERR_CONFLICT: a factor
 * is in force. */
MUST_USE enum err factor_enrol(struct db *db, struct arena *arena,
	const struct factor *factor, int64_t now_ms);

/* Puts the factor in force and marks the code of *step* as used. ERR_CONFLICT:
 * it was in force already, or has been replaced. */
MUST_USE enum err
factor_confirm(struct db *db, uint64_t id, uint64_t step, int64_t now_ms);

/* Marks the code of *step* as used; ERR_CONFLICT: it, or a later one, was used
 * before. */
MUST_USE enum err factor_use(struct db *db, uint64_t id, uint64_t step);

MUST_USE enum err factor_reseal(struct db *db, uint64_t id, struct span sealed);

/* Deletes a user's factors and recovery codes; does nothing if there are
 * none. */
MUST_USE enum err factor_delete_all(struct db *db, uint64_t user_id);

/* Factors with ids above *after_id*, ascending, at most *n*. */
struct factor_list {
	struct factor *list;
	unsigned n;
};
MUST_USE enum err factor_list(struct db *db, struct arena *arena,
	uint64_t after_id, unsigned n, struct factor_list *out);

/* ---- recovery codes */

/* Replaces the user's codes by these. */
MUST_USE enum err recovery_codes_replace(
	struct db *db, uint64_t user_id, const struct span *hashes, unsigned n);

/* Uses up one code; ERR_NOT_FOUND if there is no such code. */
MUST_USE enum err
recovery_codes_use(struct db *db, uint64_t user_id, struct span hash);

MUST_USE enum err recovery_codes_count(
	struct db *db, struct arena *arena, uint64_t user_id, uint64_t *n);

#endif
