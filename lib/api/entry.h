/*
 * entry.h: logins as rows: made, renewed and ended. Each transaction holds the
 * user's row locked (repo/user.h), so a login that is made or renewed while
 * all of them end does not survive that.
 */

#ifndef API_ENTRY_H
#define API_ENTRY_H

#include "auth/refresh.h"
#include "base/err.h"
#include "http/request.h"
#include "repo/login.h"
#include "repo/user.h"

#include <stdint.h>

/* What somebody who has logged in, or has renewed the login, is given. */
struct grant {
	struct user user;
	uint64_t login_id;
	int64_t expire_ms; /* of the refresh token */
	bool second; /* a second factor was shown for the login */
	char refresh[REFRESH_LEN + 1]; /* "": the one the browser has stays */
};

/* The row of a new login of grant->user, to be inserted, and its token in
 * *grant*; grant->second is set already. */
MUST_USE enum err
entry_prepare(struct request *rq, struct grant *grant, struct login *out);

/*
 * Exchanges a refresh token for the next one. The one before it gets the same
 * next one for LOGIN_GRACE_MS; any other token of the login is a copy, and
 * ends it (audit: login_stolen). ERR_DENIED: that, or it is over, or unknown.
 */
MUST_USE enum err
entry_renew(struct request *rq, const char *token, struct grant *out);

/* The login that a token is or was of, or ERR_NOT_FOUND. */
MUST_USE enum err
entry_find(struct request *rq, const char *token, struct login *out);

/* Ends the login of a token; nothing to do for an unknown one. */
MUST_USE enum err entry_end(struct request *rq, const char *token);

#endif
