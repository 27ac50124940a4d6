/*
 * login.h: the table `login`: one row per login of one browser. It holds hashes
 * of refresh tokens (auth/token.h), never the tokens.
 */

#ifndef REPO_LOGIN_H
#define REPO_LOGIN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* How long the previous token remains valid: two tabs that refresh at the same
 * moment send the same one. */
#define LOGIN_GRACE_MS 30000
#define LOGIN_AGENT_MAX 200 /* bytes */

struct login {
	uint64_t id;
	uint64_t user_id;
	int64_t rotate_ms; /* when the current token was issued */
	int64_t expire_ms;
	int64_t create_ms;
	struct span hash; /* of the current token */
	struct span previous; /* of the previous token, or absent */
	struct span family; /* absent: the login predates families */
	const char *agent; /* the browser, or "" */
	int64_t second_ms; /* when a second factor was shown; 0: never */
};

/* Stores all members but *previous*. */
MUST_USE enum err login_insert(struct db *db, const struct login *login);

struct login_live {
	bool second; /* it has shown a second factor that is in force */
	bool admin; /* its user may administer the site */
	const char *limits; /* the user's own (user_limit.h); NULL: none */
};

/* Whether the login exists and has not expired, and its user is not disabled:
 * OK | ERR_NOT_FOUND. */
MUST_USE enum err login_live(struct db *db, struct arena *arena, uint64_t id,
	uint64_t user_id, int64_t now_ms, struct login_live *out);

/* login_show_second() records that the login has shown a second factor;
 * login_forget_second() revokes this for all of a user's logins. */
MUST_USE enum err login_show_second(struct db *db, uint64_t id, int64_t now_ms);
/* Ends those of the user's logins that have shown no second factor. */
MUST_USE enum err login_delete_unshown(struct db *db, uint64_t user_id);
MUST_USE enum err login_forget_second(struct db *db, uint64_t user_id);

/* Finds a login by id, expired or not; ERR_NOT_FOUND. */
MUST_USE enum err
login_find(struct db *db, struct arena *arena, uint64_t id, struct login *out);

/* The login whose current or previous token has this hash. */
MUST_USE enum err login_find_hash(struct db *db, struct arena *arena,
	struct span hash, struct login *out);

/* Like login_find(); also locks the row until the end of the transaction. */
MUST_USE enum err
login_lock(struct db *db, struct arena *arena, uint64_t id, struct login *out);

/* Stores *hash* as the current token and makes the current token the previous
 * one; also stores family, rotate_ms and expire_ms of *login*, whose row is
 * locked. */
MUST_USE enum err login_rotate(struct db *db, const struct login *login);

struct login_list {
	struct login *list;
	unsigned n;
};

/* A user's logins that have not expired, newest first, at most *n*. */
MUST_USE enum err login_list(struct db *db, struct arena *arena,
	uint64_t user_id, int64_t now_ms, unsigned n, struct login_list *out);

/* Ends the login; does nothing if it has ended already. */
MUST_USE enum err login_delete(struct db *db, uint64_t id);

/* Ends a login that belongs to the user; ERR_NOT_FOUND. */
MUST_USE enum err
login_delete_own(struct db *db, uint64_t user_id, uint64_t id);

/* Ends all logins of a user. */
MUST_USE enum err login_delete_all(struct db *db, uint64_t user_id);

/* Removes at most 1000 expired rows; *n* receives their number. */
MUST_USE enum err login_sweep(struct db *db, int64_t now_ms, uint64_t *n);

#endif
