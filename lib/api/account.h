/*
 * account.h: what signing in and out does: passwords checked, tries counted,
 * logins made, renewed and ended, each with its line in the log.
 */

#ifndef API_ACCOUNT_H
#define API_ACCOUNT_H

#include "auth/token.h"
#include "base/err.h"
#include "base/span.h"
#include "http/request.h"
#include "repo/user.h"

#include <stdint.h>

/* What somebody who is signed in now is given. */
struct grant {
	struct user user;
	uint64_t login_id;
	char refresh[TOKEN_LEN + 1]; /* "": the one the browser has stays */
};

/* A new account, signed in. ERR_CONFLICT (username_taken), ERR_FORBIDDEN. */
MUST_USE enum err account_register(struct request *rq, const char *username,
	struct span password, struct grant *out);

/*
 * ERR_DENIED (bad_credentials), after the same work whether the user exists
 * or not. ERR_THROTTLED: too many tries for this account or from this
 * address; *wait_ms until there are new ones.
 */
MUST_USE enum err account_login(struct request *rq, const char *username,
	struct span password, struct grant *out, int64_t *wait_ms);

/* Whether the one who is signed in has a password here: ERR_FORBIDDEN
 * (no_password) for a site's own user. */
MUST_USE enum err account_is_ours(struct request *rq);

/*
 * Whether this is the password of the one who is signed in; a try counts like
 * a log-in. ERR_FORBIDDEN (wrong_password, no_password), ERR_THROTTLED with
 * *wait_ms*.
 */
MUST_USE enum err
account_confirm(struct request *rq, struct span password, int64_t *wait_ms);

/*
 * Exchanges a refresh token for the next one. The one before it is accepted
 * for LOGIN_GRACE_MS without a further exchange; later it has been copied by
 * somebody, and the login is ended. ERR_DENIED.
 */
MUST_USE enum err
account_refresh(struct request *rq, const char *token, struct grant *out);

/* Ends the login of a refresh token; nothing to do for an unknown one. */
MUST_USE enum err account_logout(struct request *rq, const char *token);

#endif
