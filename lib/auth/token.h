/*
 * token.h: random tokens and the hashes under which secrets and names are
 * stored. A token has 256 random bits, so a plain hash of it is as good as a
 * slow one. (BLAKE2b by libsodium.)
 */

#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "base/span.h"

#include <stdbool.h>

#define TOKEN_BYTES 32
#define TOKEN_LEN 43 /* the same in characters of base64url */
#define TOKEN_HASH_LEN 32

/* A new token with its NUL. */
void token_new(char out[TOKEN_LEN + 1]);

/* Bytes as a token is written, with its NUL. */
void
token_encode(const unsigned char bytes[TOKEN_BYTES], char out[TOKEN_LEN + 1]);

/* The hash of any text. */
void token_hash(struct span text, char out[TOKEN_HASH_LEN]);

/* The hash of any text under a key: who does not know the key cannot find a text
 * that has another one's. For tables in memory; costs a tenth of the above.
 * (SipHash-2-4 of 128 bits.) */
#define TOKEN_KEY_LEN 16
#define TOKEN_MARK_LEN 16
void token_key(unsigned char out[TOKEN_KEY_LEN]); /* a new one */
void token_mark(const unsigned char key[TOKEN_KEY_LEN], struct span text,
	unsigned char out[TOKEN_MARK_LEN]);

/* Whether they are the same, in a time that does not depend on where they
 * differ. */
bool token_equal(struct span a, struct span b);

#endif
