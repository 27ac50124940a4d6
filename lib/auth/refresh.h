/*
 * refresh.h: refresh tokens of the form "<login id>.<family>.<secret>". All
 * tokens of a login share id and family; the secret changes with each exchange.
 * A copied token is therefore recognised as such, however old it is. A token
 * without dots predates families.
 */

#ifndef AUTH_REFRESH_H
#define AUTH_REFRESH_H

#include "auth/secret.h"
#include "auth/token.h"

#include <stdbool.h>
#include <stdint.h>

#define REFRESH_LEN (20 + 1 + TOKEN_LEN + 1 + TOKEN_LEN)

/* Writes the first refresh token of a login, with a terminating NUL. */
void refresh_new(uint64_t login_id, char out[REFRESH_LEN + 1]);

/*
 * Writes the token that follows *token* in its login. It depends only on
 * *token* and our key: when the answer to an exchange was lost, or two tabs ask
 * at once, they get the same token again.
 */
void refresh_next(const struct secret_key *key, uint64_t login_id,
	const char *token, char out[REFRESH_LEN + 1]);

struct refresh {
	uint64_t login_id; /* 0 if the token predates families */
	char hash[TOKEN_HASH_LEN];
	char family_hash[TOKEN_HASH_LEN]; /* set if login_id is not 0 */
};

/* Returns false if *token* does not have the form of a token. */
bool refresh_read(const char *token, struct refresh *out);

#endif
