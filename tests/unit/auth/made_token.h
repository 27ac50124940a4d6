/*
 * made_token.h: builds tokens with libsodium's HMAC, so that both directions of
 * jwt.h are checked against a second implementation.
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

/* Everything made is allocated here; made_teardown() empties it. */
extern struct arena made_arena;

int made_setup(void **state);
int made_teardown(void **state);
#define TEST(name) cmocka_unit_test_teardown(name, made_teardown)

const char *made_encode(const void *data, size_t len);
const char *made_mac(const char *text, const char *key);

/* Signs exactly these two parts, whatever they contain. */
const char *made_parts(const char *header, const char *payload);
const char *made_token(const char *header, const char *claims);

/* The result of jwt_check(); if it succeeds, the claims must be an object. */
enum err
made_check(const struct jwt_policy *with, const char *token, int64_t now_s);

#endif
