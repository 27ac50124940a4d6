/*
 * account.h: opens accounts, checks passwords and counts failures, and logs
 * each of these (audit.h). The functions that hash a password run in a thread
 * of later.h; before that, the account_may_... functions refuse whatever can be
 * refused without hashing.
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
	struct span code; /* of the second factor; absent: none */
};

/*
 * Whether an account of that name could be opened. ERR_FORBIDDEN
 * (registration_off, invite_required, invite_invalid), ERR_CONFLICT
 * (username_taken), ERR_INVALID (password_common).
 */
MUST_USE enum err account_may_register(
	struct request *rq, const struct registration *registration);

/* Creates an account and logs it in. Errors as for account_may_register(). */
MUST_USE enum err account_register(struct request *rq,
	const struct registration *registration, struct grant *out);

/* Whether another attempt is allowed. ERR_THROTTLED: there were too many
 * failures (failures.h); *wait_ms* is the time until another attempt may
 * succeed. */
MUST_USE enum err account_may_login(struct request *rq,
	const struct credentials *credentials, int64_t *wait_ms);

/*
 * Logs in; the previous login of this browser ends. ERR_DENIED:
 * bad_credentials, after the same work whether the user exists or not; after
 * the right password, otp_required and otp_wrong (second.h). ERR_FORBIDDEN
 * (account_disabled), also after the right password. ERR_THROTTLED as above.
 */
MUST_USE enum err
account_login(struct request *rq, const struct credentials *credentials,
	struct grant *out, int64_t *wait_ms);

/* Whether the logged-in user has a password here: ERR_FORBIDDEN (no_password)
 * for a user with site tokens. */
MUST_USE enum err account_is_ours(struct request *rq);

/* ERR_THROTTLED: the password was wrong too often. */
MUST_USE enum err account_may_confirm(struct request *rq, int64_t *wait_ms);

/*
 * Whether this is the password of the logged-in user, whom *out* then receives.
 * ERR_FORBIDDEN (wrong_password, no_password), ERR_THROTTLED.
 */
MUST_USE enum err account_confirm(struct request *rq, struct span password,
	struct user *out, int64_t *wait_ms);

/* ERR_CONFLICT (username_taken), for callers that insert a user. */
enum err account_name_taken(struct request *rq);

/* The refusal to remove the last administrator: then only the operator's
 * command could appoint another. */
enum err account_last_admin(struct request *rq);

/* ERR_INVALID (password_common): attackers try this password first. */
MUST_USE enum err account_check_password(struct request *rq, const char *field,
	const char *username, struct span password);

#endif
