/*
 * account.h: accounts opened and passwords checked, failures counted, each
 * with its line in the log (audit.h). What hashes a password runs in a thread
 * of later.h; what can be refused without that is looked at before, by the
 * functions named account_may_...
 */

#ifndef API_ACCOUNT_H
#define API_ACCOUNT_H

#include "api/entry.h"
#include "base/err.h"
#include "base/span.h"
#include "http/request.h"
#include "repo/user.h"

#include <stdint.h>

struct registration {
	const char *username;
	struct span password;
	const char *invite; /* or NULL */
};

struct credentials {
	const char *username;
	struct span password;
	struct span code; /* of a second factor; absent: none */
};

/*
 * Whether an account of that name could be opened. ERR_FORBIDDEN
 * (registration_off, invite_required, invite_invalid), ERR_CONFLICT
 * (username_taken), ERR_INVALID (password_common).
 */
MUST_USE enum err account_may_register(
	struct request *rq, const struct registration *registration);

/* A new account, logged in. Errors as account_may_register(). */
MUST_USE enum err account_register(struct request *rq,
	const struct registration *registration, struct grant *out);

/* Whether there may be another try. ERR_THROTTLED: there were too many
 * failures (failures.h); *wait_ms* until it is worth one. */
MUST_USE enum err account_may_login(struct request *rq,
	const struct credentials *credentials, int64_t *wait_ms);

/*
 * ERR_DENIED: bad_credentials, after the same work whether the user exists or
 * not; otp_required and otp_wrong (second.h) after the right password.
 * ERR_FORBIDDEN (account_disabled), after the right password as well.
 * ERR_THROTTLED as above. The login that this browser had ends.
 */
MUST_USE enum err
account_login(struct request *rq, const struct credentials *credentials,
	struct grant *out, int64_t *wait_ms);

/* Whether the one who is logged in has a password here: ERR_FORBIDDEN
 * (no_password) for a site's own user. */
MUST_USE enum err account_is_ours(struct request *rq);

/* ERR_THROTTLED: the password was wrong too often. */
MUST_USE enum err account_may_confirm(struct request *rq, int64_t *wait_ms);

/*
 * Whether this is the password of the one who is logged in, who is in *out*
 * then. ERR_FORBIDDEN (wrong_password, no_password), ERR_THROTTLED.
 */
MUST_USE enum err account_confirm(struct request *rq, struct span password,
	struct user *out, int64_t *wait_ms);

/* ERR_CONFLICT (username_taken), for who inserts a user. */
enum err account_name_taken(struct request *rq);

/* Nobody could make another administrator but by command. */
enum err account_last_admin(struct request *rq);

/* ERR_INVALID (password_common): it is among the first that are tried. */
MUST_USE enum err account_check_password(struct request *rq, const char *field,
	const char *username, struct span password);

#endif
