/*
 * entry.h: creates, renews and ends the rows of logins. Each transaction locks
 * the user's row (repo/user.h), so a login that is created or renewed while all
 * logins end does not survive.
 */

#ifndef API_ENTRY_H
#define API_ENTRY_H

#include "auth/refresh.h"
#include "base/err.h"
#include "http/request.h"
#include "repo/login.h"
#include "repo/user.h"

#include <stdint.h>

/* What a client receives after logging in or renewing the login. */
struct grant {
	struct user user;
	uint64_t login_id;
	int64_t expire_ms; /* of the refresh token */
	bool second; /* the login has shown a second factor */
	/* "": the browser keeps the one it has. */
	char refresh[REFRESH_LEN + 1];
};

/* Fills in the row of a new login of grant->user, for insertion, and puts its
 * token into *grant*; grant->second must be set. */
MUST_USE enum err
entry_prepare(struct request *rq, struct grant *grant, struct login *out);

/*
 * Exchanges a refresh token for the next one. For LOGIN_GRACE_MS the previous
 * token yields the same next one; any other token of the login is a copy, and
 * ends the login (audit: login_stolen). ERR_DENIED: a copy, an unknown token,
 * or the login has ended.
 */
MUST_USE enum err
entry_renew(struct request *rq, const char *token, struct grant *out);

/* The login to which a token belongs or belonged; ERR_NOT_FOUND. */
MUST_USE enum err
entry_find(struct request *rq, const char *token, struct login *out);

/* Ends the login of a token; does nothing if the token is unknown. */
MUST_USE enum err entry_end(struct request *rq, const char *token);

#endif
