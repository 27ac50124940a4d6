/*
 * token.h: random tokens and the hashes under which secrets and names are
 * stored. A token has 256 random bits, so a plain hash of it is as safe as a
 * slow one. (BLAKE2b by libsodium.)
 */

#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "base/span.h"

#include <stdbool.h>

#define TOKEN_BYTES 32
#define TOKEN_LEN 43 /* their length in base64url */
#define TOKEN_HASH_LEN 32

/* Makes a new token with a terminating NUL. */
void token_new(char out[TOKEN_LEN + 1]);

/* Writes bytes in the form of a token, with a terminating NUL. */
void
token_encode(const unsigned char bytes[TOKEN_BYTES], char out[TOKEN_LEN + 1]);

/* The hash of any text. */
void token_hash(struct span text, char out[TOKEN_HASH_LEN]);

/* The hash of any text under a key: without the key, nobody can find a text
 * with the same hash. Meant for tables in memory; it costs a tenth of
 * token_hash(). (SipHash-2-4 of 128 bits.) */
#define TOKEN_KEY_LEN 16
#define TOKEN_MARK_LEN 16
void token_key(unsigned char out[TOKEN_KEY_LEN]); /* makes a new key */
void token_mark(const unsigned char key[TOKEN_KEY_LEN], struct span text,
	unsigned char out[TOKEN_MARK_LEN]);

/* Compares two texts in a time that does not depend on where they differ. */
bool token_equal(struct span a, struct span b);

#endif
