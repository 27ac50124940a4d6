/*
 * login.h: the table `login`: one row from log-in to log-out of one browser.
 * It holds hashes of refresh tokens (auth/token.h), never the tokens.
 */

#ifndef REPO_LOGIN_H
#define REPO_LOGIN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

/* How long the token before the current one is still good: two tabs that
 * refresh at the same moment send the same one. */
#define LOGIN_GRACE_MS 30000

struct login {
	uint64_t id;
	uint64_t user_id;
	int64_t rotate_ms; /* when the current token was made */
	int64_t expire_ms;
};

MUST_USE enum err
login_insert(struct db *db, const struct login *login, struct span token_hash);

/* Whether the login is there and not over: OK | ERR_NOT_FOUND. */
MUST_USE enum err login_live(struct db *db, struct arena *arena, uint64_t id,
	uint64_t user_id, int64_t now_ms);

/*
 * Puts *next* in the place of the current token *hash*, which becomes the one
 * before. *login* brings the new rotate_ms and expire_ms and gets the rest.
 * ERR_NOT_FOUND: it is not the current token of a live login. Of several at
 * once, one succeeds.
 */
MUST_USE enum err login_rotate(struct db *db, struct arena *arena,
	struct span hash, struct span next, struct login *login);

/* The live login whose token before the current one was *hash*, or
 * ERR_NOT_FOUND. */
MUST_USE enum err login_find_previous(struct db *db, struct arena *arena,
	struct span hash, int64_t now_ms, struct login *out);

/* The login of a current or previous token, or ERR_NOT_FOUND. */
MUST_USE enum err login_find(struct db *db, struct arena *arena,
	struct span hash, struct login *out);

/* Ends it. Nothing to do when it is gone. */
MUST_USE enum err login_delete(struct db *db, uint64_t id);

/* Ends all of a user's but *keep_id*; 0 keeps none. */
MUST_USE enum err
login_delete_all(struct db *db, uint64_t user_id, uint64_t keep_id);

/* Removes a few rows that are over. */
MUST_USE enum err login_sweep(struct db *db, int64_t now_ms);

#endif
