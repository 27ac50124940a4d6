/*
 * refresh.h: refresh tokens. One is "<login id>.<family>.<secret>". All tokens
 * of one login share id and family; the secret changes with each exchange. So
 * a token that was copied is known for what it is however old it is. A token
 * without dots is of the time before there were families.
 */

#ifndef AUTH_REFRESH_H
#define AUTH_REFRESH_H

#include "auth/secret.h"
#include "auth/token.h"

#include <stdbool.h>
#include <stdint.h>

#define REFRESH_LEN (20 + 1 + TOKEN_LEN + 1 + TOKEN_LEN)

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
