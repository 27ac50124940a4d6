/*
 * second.h: a user's second factor: time-based codes (auth/totp.h) and recovery
 * codes. A code is checked first, outside of a transaction, and used up inside
 * the transaction for which it is meant: so no code works twice, and none is
 * lost to a transaction that fails.
 */

#ifndef API_SECOND_H
#define API_SECOND_H

#include "api/recovery_codes.h"
#include "base/err.h"
#include "http/request.h"
#include "repo/factor.h"

#include <stdint.h>

#define CODE_TEXT_MAX 64 /* length of what is entered as a code */

/* A code that was valid when it was checked. */
struct second {
	uint64_t factor_id; /* 0: no second factor is in force */
	uint64_t user_id;
	uint64_t step;
	bool recovery;
	char hash[TOKEN_HASH_LEN]; /* of the recovery code */
};

/*
 * ERR_DENIED (otp_required): the user has a factor, but sent no code (*code* is
 * absent). ERR_DENIED (otp_wrong). ERR_THROTTLED with *wait_ms* after too many
 * wrong codes.
 */
MUST_USE enum err second_check(struct request *rq, uint64_t user_id,
	struct span code, struct second *out, int64_t *wait_ms);

/* Call it in the transaction, with the user's row locked. ERR_CONFLICT: the
 * code has been used meanwhile. ERR_DENIED: no code was required before, but
 * the user has a factor now. */
MUST_USE enum err
second_use(struct db *db, struct arena *arena, const struct second *second);

/* Turns the result of second_use() into an answer, after the transaction:
 * ERR_DENIED with otp_wrong for a used code, or with otp_required. */
MUST_USE enum err
second_answer(struct request *rq, const struct second *second, enum err err);

/*
 * Both functions for a logged-in user who changes the account, where a missing
 * or wrong code must not log the user out. ERR_FORBIDDEN (code_required,
 * wrong_code), ERR_THROTTLED.
 */
MUST_USE enum err second_check_own(struct request *rq, struct span code,
	struct second *out, int64_t *wait_ms);
MUST_USE enum err second_answer_own(
	struct request *rq, const struct second *second, enum err err);

/* ---- turning it on and off, by a logged-in user */

struct second_state {
	bool totp; /* in force */
	uint64_t recovery_codes; /* left */
};
MUST_USE enum err second_state(struct request *rq, struct second_state *out);

/* Makes a secret that is not yet in force, in base32. ERR_CONFLICT
 * (totp_on). */
MUST_USE enum err second_enrol(struct request *rq, char *text);

/* Puts it in force with its first code, which also counts for this login.
 * ERR_CONFLICT (totp_on), ERR_NOT_FOUND if nothing was enrolled, ERR_FORBIDDEN
 * (wrong_code), ERR_THROTTLED. */
MUST_USE enum err second_confirm(struct request *rq, struct span code,
	struct recovery_codes *out, int64_t *wait_ms);

/* Removes the factor, or makes new recovery codes; both require a code.
 * ERR_CONFLICT (totp_off), ERR_FORBIDDEN (wrong_code), ERR_THROTTLED. */
MUST_USE enum err
second_disable(struct request *rq, struct span code, int64_t *wait_ms);
MUST_USE enum err second_renew_codes(struct request *rq, struct span code,
	struct recovery_codes *out, int64_t *wait_ms);

#endif
