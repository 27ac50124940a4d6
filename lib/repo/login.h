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

#include <stdbool.h>
#include <stdint.h>

/* How long the token before the current one is still good: two tabs that
 * refresh at the same moment send the same one. */
#define LOGIN_GRACE_MS 30000
#define LOGIN_AGENT_MAX 200 /* bytes */

struct login {
	uint64_t id;
	uint64_t user_id;
	int64_t rotate_ms; /* when the current token was made */
	int64_t expire_ms;
	int64_t create_ms;
	struct span hash; /* of the current token */
	struct span previous; /* of the one before, or absent */
	struct span family; /* absent: of the time before there were any */
	const char *agent; /* the browser, or "" */
	int64_t second_ms; /* when a second factor was shown; 0: never */
};

/* All but *previous*. */
MUST_USE enum err login_insert(struct db *db, const struct login *login);

struct login_live {
	bool second; /* a second factor that is in force was shown for it */
	bool admin; /* its user may administer the site */
	const char *limits; /* of the user alone (user_limit.h); NULL: none */
};

/* Whether the login is there and not over, and its user not disabled:
 * OK | ERR_NOT_FOUND. */
MUST_USE enum err login_live(struct db *db, struct arena *arena, uint64_t id,
	uint64_t user_id, int64_t now_ms, struct login_live *out);

/* A second factor was shown for the login; and: those that a user's logins have
 * shown are in force no more. */
MUST_USE enum err login_show_second(struct db *db, uint64_t id, int64_t now_ms);
/* Ends the user's logins that have shown none. */
MUST_USE enum err login_delete_unshown(struct db *db, uint64_t user_id);
MUST_USE enum err login_forget_second(struct db *db, uint64_t user_id);

/* By id, over or not; ERR_NOT_FOUND. */
MUST_USE enum err
login_find(struct db *db, struct arena *arena, uint64_t id, struct login *out);

/* The login whose current or previous token has this hash. */
MUST_USE enum err login_find_hash(struct db *db, struct arena *arena,
	struct span hash, struct login *out);

/* As login_find(), and locks the row to the end of the transaction. */
MUST_USE enum err
login_lock(struct db *db, struct arena *arena, uint64_t id, struct login *out);

/* Stores *hash* as the current token and what was current as the one before,
 * with family, rotate_ms and expire_ms of *login*, whose row is locked. */
MUST_USE enum err login_rotate(struct db *db, const struct login *login);

struct login_list {
	struct login *list;
	unsigned n;
};

/* A user's logins that are not over, the newest first, at most *n*. */
MUST_USE enum err login_list(struct db *db, struct arena *arena,
	uint64_t user_id, int64_t now_ms, unsigned n, struct login_list *out);

/* Ends it. Nothing to do when it is gone. */
MUST_USE enum err login_delete(struct db *db, uint64_t id);

/* Ends a user's own; ERR_NOT_FOUND. */
MUST_USE enum err
login_delete_own(struct db *db, uint64_t user_id, uint64_t id);

/* Ends all of a user's. */
MUST_USE enum err login_delete_all(struct db *db, uint64_t user_id);

/* Removes at most 1000 rows that are over; *n* is how many they were. */
MUST_USE enum err login_sweep(struct db *db, int64_t now_ms, uint64_t *n);

#endif
