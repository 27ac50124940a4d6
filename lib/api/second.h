/*
 * second.h: the second factor of whoever has one: codes by time (auth/totp.h)
 * and recovery codes. A code is checked first, outside of a transaction, and
 * used up inside of the one that it is for: so none is good twice, and none is
 * lost to a transaction that fails.
 */

#ifndef API_SECOND_H
#define API_SECOND_H

#include "api/recovery.h"
#include "base/err.h"
#include "http/request.h"
#include "repo/factor.h"

#include <stdint.h>

#define CODE_TEXT_MAX 64 /* of what is entered as a code */

/* A code that was good when it was looked at. */
struct second {
	uint64_t factor_id; /* 0: the user has no second factor in force */
	uint64_t user_id;
	uint64_t step;
	bool recovery;
	char hash[TOKEN_HASH_LEN]; /* of the recovery code */
};

/*
 * ERR_DENIED (otp_required) without a code from whoever has a factor,
 * ERR_DENIED (otp_wrong), ERR_THROTTLED with *wait_ms* after too many wrong
 * ones. *code* absent: none was given.
 */
MUST_USE enum err second_check(struct request *rq, uint64_t user_id,
	struct span code, struct second *out, int64_t *wait_ms);

/* In the transaction, with the user's row locked. ERR_CONFLICT: the code has
 * been used meanwhile. ERR_DENIED: no code was asked for, and now the user has
 * a factor. */
MUST_USE enum err
second_use(struct db *db, struct arena *arena, const struct second *second);

/* What second_use() said, as an answer, after the transaction: ERR_DENIED with
 * otp_wrong for a code that was used, or otp_required. */
MUST_USE enum err
second_answer(struct request *rq, const struct second *second, enum err err);

/*
 * The two for whoever is logged in and changes their account: to them a code
 * that is missing or wrong is no reason to be logged out. ERR_FORBIDDEN
 * (code_required, wrong_code), ERR_THROTTLED.
 */
MUST_USE enum err second_check_own(struct request *rq, struct span code,
	struct second *out, int64_t *wait_ms);
MUST_USE enum err second_answer_own(
	struct request *rq, const struct second *second, enum err err);

/* ---- turning it on and off, by whoever is logged in */

struct second_state {
	bool totp; /* in force */
	uint64_t recovery_codes; /* left */
};
MUST_USE enum err second_state(struct request *rq, struct second_state *out);

/* A secret that is not in force yet, in base32. ERR_CONFLICT (totp_on). */
MUST_USE enum err second_enrol(struct request *rq, char *text);

/* Puts it in force by its first code, which counts for this login.
 * ERR_CONFLICT (totp_on), ERR_NOT_FOUND
 * when nothing was enrolled, ERR_FORBIDDEN (wrong_code), ERR_THROTTLED. */
MUST_USE enum err second_confirm(struct request *rq, struct span code,
	struct recovery_codes *out, int64_t *wait_ms);

/* Takes it away, or gives new recovery codes, against a code. ERR_CONFLICT
 * (totp_off), ERR_FORBIDDEN (wrong_code), ERR_THROTTLED. */
MUST_USE enum err
second_disable(struct request *rq, struct span code, int64_t *wait_ms);
MUST_USE enum err second_renew_codes(struct request *rq, struct span code,
	struct recovery_codes *out, int64_t *wait_ms);

#endif
