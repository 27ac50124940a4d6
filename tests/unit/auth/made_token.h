/*
 * made_token.h: tokens built by hand, with libsodium's HMAC, so that both
 * directions of jwt.h meet a second implementation.
 */

#ifndef TESTS_MADE_TOKEN_H
#define TESTS_MADE_TOKEN_H

#include "auth/jwt.h"

#define NOW 1750000000
#define KEY "0123456789abcdef0123456789abcdef"
#define HEADER "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"
#define CLAIMS                                                               \
	"{\"iss\":\"us\",\"aud\":\"here\",\"sub\":\"7\",\"iat\":1750000000," \
	"\"nbf\":1750000000,\"exp\":1750000900}"

/* Everything made is in it; made_teardown() empties it. */
extern struct arena made_arena;

int made_setup(void **state);
int made_teardown(void **state);

const char *made_encode(const void *data, size_t len);
const char *made_mac(const char *text, const char *key);

/* Signed over exactly these two parts, whatever they hold. */
const char *made_parts(const char *header, const char *payload);
const char *made_token(const char *header, const char *claims);

/* What jwt_check() says; of what holds the claims are an object. */
enum err
made_check(const struct jwt_policy *with, const char *token, int64_t now_s);

#endif
