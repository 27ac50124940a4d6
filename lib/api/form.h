/* form.h: what account handlers read from bodies and write in answers. */

#ifndef API_FORM_H
#define API_FORM_H

#include "api/entry.h"
#include "base/err.h"
#include "base/span.h"
#include "http/request.h"
#include "http/response.h"

#include <stdint.h>

/* A username (json/name.h) in its stored form. */
MUST_USE enum err form_username(struct request *rq, const char **out);

/* A password of at least *min* characters; otherwise a 400 that names *min*. */
MUST_USE enum err form_password(
	struct request *rq, const char *key, size_t min, struct span *out);

/* A short optional text: {NULL, 0} if it is missing, null or empty. */
MUST_USE enum err
form_optional(struct request *rq, const char *key, struct span *out);

/* A code of a second factor; required. */
MUST_USE enum err form_code(struct request *rq, struct span *out);

/* Returns *err*; adds Retry-After for ERR_THROTTLED. */
enum err form_wait(struct response *rs, enum err err, int64_t wait_ms);

/* The user's second-factor code; absent if none was sent, even without a
 * body. */
MUST_USE enum err form_own_code(struct request *rq, struct span *out);

/* 200 or 201 {accessToken, expiresIn, user, storageKeys}, and the cookies.
 * While the login may only set up a second factor, it has secondFactorRequired:
 * true and no keys. storageKeys: 256 bits each in base64url, the current one
 * first. A page seals with them what it keeps in the browser for this user, so
 * that only somebody who has logged in as this user can read it. */
MUST_USE enum err form_grant(struct request *rq, struct response *rs,
	int status, const struct grant *grant);

#endif
