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

/* A username that user_name_ok(). */
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

/* 200 or 201 {accessToken, expiresIn, user}, and the cookies;
 * secondFactorRequired: true, while the login may do nothing but set one up. */
MUST_USE enum err form_grant(struct request *rq, struct response *rs,
	int status, const struct grant *grant);

#endif
