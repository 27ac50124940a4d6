/*
 * profile.h: what somebody who is logged in does with their own account:
 * another password, logins seen and ended, the end of the account. A site's
 * own user has none of these here: ERR_FORBIDDEN (no_password). Whoever has a
 * second factor shows its code for each change (api/second.h): ERR_FORBIDDEN
 * (code_required, wrong_code), ERR_THROTTLED with *wait_ms*.
 */

#ifndef API_PROFILE_H
#define API_PROFILE_H

#include "api/entry.h"
#include "base/err.h"
#include "base/span.h"
#include "http/request.h"

#include <stdint.h>

#define PROFILE_LOGINS_MAX 100 /* of those that are listed */

/* Ends all logins, the one that asks too, and makes a new one in its place:
 * who has a copy of anything of before has nothing. Errors as
 * account_confirm(), and ERR_INVALID (password_common). */
MUST_USE enum err profile_set_password(struct request *rq, struct span password,
	struct span new_password, struct span code, struct grant *out,
	int64_t *wait_ms);

/* Ends all logins, the one that asks too. */
MUST_USE enum err
profile_logout_all(struct request *rq, struct span code, int64_t *wait_ms);

/* The newest first. */
MUST_USE enum err profile_logins(struct request *rq, struct login_list *out);

/* Ends one of them; ERR_NOT_FOUND. For the one that asks no code is needed. */
MUST_USE enum err profile_end_login(
	struct request *rq, uint64_t id, struct span code, int64_t *wait_ms);

/*
 * Deletes all that is the user's, a few sessions at a time. What was not
 * reached when it fails is there as before, and can be deleted by logging in
 * and asking again. Errors as account_confirm().
 */
MUST_USE enum err profile_delete(struct request *rq, struct span password,
	struct span code, int64_t *wait_ms);

#endif
