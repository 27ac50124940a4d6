/*
 * token.h: random tokens and the hashes under which secrets and names are
 * stored. A token has 256 random bits, so a plain hash of it is as good as a
 * slow one. (BLAKE2b by libsodium.)
 *
 * A refresh token is "<login id>.<family>.<secret>". All tokens of one login
 * share id and family; the secret changes with each exchange. So a token that
 * was copied is known for what it is however old it is. A token without dots
 * is of the time before there were families.
 */

#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "auth/secret.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define TOKEN_LEN 43 /* characters of base64url */
#define TOKEN_HASH_LEN 32
#define REFRESH_LEN (20 + 1 + TOKEN_LEN + 1 + TOKEN_LEN)

/* A new token with its NUL. */
void token_new(char out[TOKEN_LEN + 1]);

/* The hash of any text. */
void token_hash(struct span text, char out[TOKEN_HASH_LEN]);

/* Whether they are the same, in a time that does not depend on where they
 * differ. */
bool token_equal(struct span a, struct span b);

/* The keyed hash of a text, with its NUL: nobody else can make it. *context*
 * as in secret_derive(). */
void token_mark(const struct secret_key *key, const char *context,
	const char *text, char out[TOKEN_LEN + 1]);

/* The first refresh token of a login, with its NUL. */
void refresh_new(uint64_t login_id, char out[REFRESH_LEN + 1]);

/*
 * The token that follows *token* in its login. It is made of *token* and a key
 * of ours and nothing else: so an exchange whose answer was lost, or that two
 * tabs asked for at once, gives the same token again.
 */
void refresh_next(const struct secret_key *key, uint64_t login_id,
	const char *token, char out[REFRESH_LEN + 1]);

struct refresh {
	uint64_t login_id; /* 0: of the time before there were families */
	char hash[TOKEN_HASH_LEN];
	char family_hash[TOKEN_HASH_LEN]; /* when login_id is not 0 */
};

/* False: it has not the form of a token. */
bool refresh_read(const char *token, struct refresh *out);

#endif
