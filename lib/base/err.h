/*
 * err.h: the results that every fallible call shares, and the table that gives
 * each result its HTTP status and texts. Log an error once, where it arises; on
 * the way up it is only returned.
 */

#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/attr.h"

enum err {
	OK,
	ERR_INVALID, /* the input is malformed: 400 */
	ERR_DENIED, /* not logged in, or the login has ended: 401 */
	ERR_FORBIDDEN, /* logged in, but not allowed: 403 */
	ERR_NOT_FOUND, /* does not exist, or belongs to another user: 404 */
	ERR_NO_MODEL, /* no such model, or no longer offered: 404 */
	ERR_METHOD, /* the path exists, but not for this method: 405 */
	ERR_CONFLICT, /* the request contradicts what is stored: 409 */
	ERR_RUNNING, /* a reply is running in the session: 409 */
	ERR_TOO_BIG, /* above a documented cap: 413 */
	ERR_MEDIA_TYPE, /* the body is not JSON: 415 */
	ERR_THROTTLED, /* too many attempts: 429 */
	ERR_BUSY, /* the database is unavailable, or we are full: 503 */
	ERR_UPSTREAM, /* the model failed: 502 */
	ERR_INTERNAL, /* a defect of ours: 500 */
	ERR_N,
};

/* Returns from the calling function unless *call* is OK. */
#define TRY(call)                           \
	do {                                \
		enum err try_err_ = (call); \
		if (try_err_ != OK)         \
			return try_err_;    \
	} while (0)

/* The HTTP status of an error, 200 for OK. */
int err_status(enum err err);

/* A stable machine-readable word ("not_found"), for logs and `code`. */
const char *err_code(enum err err);

/* A short title for people ("Not found"). */
const char *err_title(enum err err);

/* A sentence for people that says what they can do. */
const char *err_detail(enum err err);

#endif
