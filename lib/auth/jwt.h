/*
 * jwt.h: signed JSON Web Tokens (RFC 7519, with the advice of RFC 8725). Sole
 * user of libjwt, which signs and checks HMAC-SHA256 signatures. This module
 * decides everything else that makes a token valid, because the library does
 * not: it accepts any algorithm, an empty key and unknown critical headers, and
 * leaves times, issuer and audience to the caller. libsodium computes the
 * signatures of tokens whose `typ` is not JWT, because libjwt 1 refuses them.
 *
 * A token is accepted if it has three parts of canonical base64url without
 * padding, together at most JWT_MAX bytes; a header with alg "HS256" and no
 * other members but typ and kid; and if header and payload are strict JSON
 * objects without duplicate members.
 */

#ifndef AUTH_JWT_H
#define AUTH_JWT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "json/json.h"

#include <stdbool.h>
#include <stdint.h>

#define JWT_MAX 4096 /* largest token, in bytes */
#define JWT_SECRET_MIN 32 /* shortest key, in bytes (RFC 7518, 3.2) */
/* How far an issuer's clock may be ahead of ours. */
#define JWT_SKEW_S 30

/* The conditions under which a token is accepted. */
struct jwt_policy {
	struct span secret; /* if shorter than JWT_SECRET_MIN, all fail */
	const char *issuer; /* required `iss`; "" accepts any */
	const char *audience; /* required in `aud`; "" accepts any */
	bool dated; /* requires `iat` and `nbf`, besides `exp` */
	/* The key's name: put into signed tokens; a token that names another
	 * key is refused. NULL accepts any. */
	const char *kid;
	/* The header's required `typ` (RFC 8725, 3.11), ignoring case. NULL or
	 * "" requires JWT or none. */
	const char *typ;
	/* Longest time from `iat`, and from now, to `exp`; 0: no limit. */
	int64_t life_max_s;
};

/* The signed token for *claims*, a JSON object, in *arena*. ERR_INTERNAL
 * (logged). */
MUST_USE enum err jwt_sign(const struct jwt_policy *policy, struct arena *arena,
	const char *claims, const char **out);

/*
 * The payload, in *arena*, of a token that is valid at *now_s* (since 1970).
 * `exp` is required and must lie in the future; `iat` and `nbf` must not. Times
 * are whole seconds. Any failure is ERR_DENIED, without its reason.
 */
MUST_USE enum err
jwt_check(const struct jwt_policy *policy, struct arena *arena,
	struct span token, int64_t now_s, const struct json **out);

#endif
