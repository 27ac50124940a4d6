/*
 * form.h: what the handlers of accounts read of a body and say in answers.
 */

#ifndef API_FORM_H
#define API_FORM_H

#include "api/entry.h"
#include "base/err.h"
#include "base/span.h"
#include "http/request.h"
#include "http/response.h"

#include <stdint.h>

/* A username (json/name.h), as it is kept. */
MUST_USE enum err form_username(struct request *rq, const char **out);

/* A password of *min* characters at least; 400 with *min* in words. */
MUST_USE enum err form_password(
	struct request *rq, const char *key, size_t min, struct span *out);

/* A short text that may be left out, null or empty: {NULL, 0} then. */
MUST_USE enum err
form_optional(struct request *rq, const char *key, struct span *out);

/* A code of a second factor, required. */
MUST_USE enum err form_code(struct request *rq, struct span *out);

/* Passes *err* on; ERR_THROTTLED with a Retry-After. */
enum err form_wait(struct response *rs, enum err err, int64_t wait_ms);

/* The code of whoever has a second factor; absent: none was given, be it that
 * there is no body. */
MUST_USE enum err form_own_code(struct request *rq, struct span *out);

/* 200 or 201 {accessToken, expiresIn, user, storageKeys}, and the cookies;
 * secondFactorRequired: true, and no keys, while the login may do nothing but
 * set one up. storageKeys: 256 bits each in base64url, the one in use first.
 * What a page keeps in the browser for this user it seals with them, so that
 * nobody can read it who has not logged in as this user. */
MUST_USE enum err form_grant(struct request *rq, struct response *rs,
	int status, const struct grant *grant);

#endif
