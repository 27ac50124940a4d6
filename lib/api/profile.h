/*
 * profile.h: what a logged-in user can do with the account: change the
 * password, see and end logins, delete the account. None of this is available
 * to users with site tokens: ERR_FORBIDDEN (no_password). A user with a second
 * factor must show its code for each change (api/second.h): ERR_FORBIDDEN
 * (code_required, wrong_code), ERR_THROTTLED with *wait_ms*.
 */

#ifndef API_PROFILE_H
#define API_PROFILE_H

#include "api/entry.h"
#include "base/err.h"
#include "base/span.h"
#include "http/request.h"

#include <stdint.h>

#define PROFILE_LOGINS_MAX 100 /* the most logins listed */

/* Ends all logins, including the current one, and creates a new one in its
 * place: copies of earlier tokens become worthless. Errors as for
 * account_confirm(), and ERR_INVALID (password_common). */
MUST_USE enum err profile_set_password(struct request *rq, struct span password,
	struct span new_password, struct span code, struct grant *out,
	int64_t *wait_ms);

/* Ends all logins, including the current one. */
MUST_USE enum err
profile_logout_all(struct request *rq, struct span code, int64_t *wait_ms);

/* Lists the logins, newest first. */
MUST_USE enum err profile_logins(struct request *rq, struct login_list *out);

/* Ends a login; ERR_NOT_FOUND. The current one needs no code. */
MUST_USE enum err profile_end_login(
	struct request *rq, uint64_t id, struct span code, int64_t *wait_ms);

/*
 * Deletes all data of the user, a few sessions at a time. If it fails, the rest
 * remains, and can be deleted by logging in and asking again. Errors as for
 * account_confirm().
 */
MUST_USE enum err profile_delete(struct request *rq, struct span password,
	struct span code, int64_t *wait_ms);

#endif
