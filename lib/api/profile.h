/*
 * profile.h: what somebody who is signed in does with their own account:
 * another password, an end of all logins, the end of the account. A site's own
 * user has none of these here: ERR_FORBIDDEN (no_password).
 */

#ifndef API_PROFILE_H
#define API_PROFILE_H

#include "base/err.h"
#include "base/span.h"
#include "http/request.h"

#include <stdint.h>

/* Ends all logins but the one that asks. Errors as account_confirm(). */
MUST_USE enum err profile_set_password(struct request *rq, struct span password,
	struct span new_password, int64_t *wait_ms);

/* Ends all logins, the one that asks too. */
MUST_USE enum err profile_logout_all(struct request *rq);

/*
 * Deletes all that is the user's, a few sessions at a time. What was not
 * reached when it fails is there as before, and can be deleted by logging in
 * and asking again. Errors as account_confirm().
 */
MUST_USE enum err
profile_delete(struct request *rq, struct span password, int64_t *wait_ms);

#endif
