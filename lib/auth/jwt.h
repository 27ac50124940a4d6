/*
 * jwt.h: signed JSON Web Tokens (RFC 7519, with the advice of RFC 8725). Sole
 * user of libjwt, which signs and checks HMAC-SHA256 signatures; everything
 * else that makes a token good is decided here, because the library does not:
 * it takes any algorithm, an empty key, unknown critical headers, and leaves
 * times, issuer and audience to the caller. Tokens of a type of their own are
 * summed by libsodium, since libjwt 1 refuses them.
 *
 * Accepted is: three parts of canonical base64url without padding, together
 * at most JWT_MAX bytes; a header with alg "HS256" and nothing but typ and
 * kid beside it; header and payload as strict JSON objects without a member
 * twice.
 */

#ifndef AUTH_JWT_H
#define AUTH_JWT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "json/json.h"

#include <stdbool.h>
#include <stdint.h>

#define JWT_MAX 4096 /* bytes of a token */
#define JWT_SECRET_MIN 32 /* bytes of a key (RFC 7518, 3.2) */
#define JWT_SKEW_S 30 /* how far an issuer's clock may be ahead of ours */

/* What a token must be to be believed. */
struct jwt_policy {
	struct span secret; /* shorter than JWT_SECRET_MIN: nothing passes */
	const char *issuer; /* `iss` is this; "" : not looked at */
	const char *audience; /* `aud` is or holds this; "" : not looked at */
	bool dated; /* `iat` and `nbf` must be there, not only `exp` */
	/* The key's name: signed tokens say it, a token that says another is
	 * refused. NULL: not looked at. */
	const char *kid;
	/* `typ` of the header is this (RFC 8725, 3.11), any case. NULL or "":
	 * it is JWT, or not there. */
	const char *typ;
	int64_t life_max_s; /* from `iat`, and from now, to `exp`; 0: any */
};

/* The token for *claims*, a JSON object, in *arena*. ERR_INTERNAL (logged). */
MUST_USE enum err jwt_sign(const struct jwt_policy *policy, struct arena *arena,
	const char *claims, const char **out);

/*
 * The payload of a token that holds at *now_s* (since 1970), in *arena*. `exp`
 * is required and lies in the future; `iat` and `nbf` do not. Times are whole
 * seconds. Everything else is ERR_DENIED, without a word on which.
 */
MUST_USE enum err
jwt_check(const struct jwt_policy *policy, struct arena *arena,
	struct span token, int64_t now_s, const struct json **out);

#endif
