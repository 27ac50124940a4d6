/*
 * user.h: the table `user`. An account has a username and a password hash, or a
 * subject, which is the name of the user in site tokens.
 *
 * A transaction that creates a login, or ends all logins of a user, locks the
 * user's row (user_lock()): no login in progress then survives the end of the
 * others.
 */

#ifndef REPO_USER_H
#define REPO_USER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

#define USER_SUBJECT_MAX 255 /* bytes */

struct user {
	uint64_t id;
	const char *username; /* NULL: a user with site tokens */
	struct span username_key; /* from user_name(), for user_insert() */
	const char *password_hash; /* NULL: a user with site tokens */
	const char *subject; /* NULL: a user with a password */
	int64_t create_ms;
	int64_t disable_ms; /* 0: enabled */
	int64_t valid_from_ms; /* 0: site tokens of any age are valid */
	bool is_admin; /* may administer the site */
	bool has_second; /* a second factor is in force; set by user_list() */
	int64_t last_ms; /* last active, 0: never; set by user_search() */
};

/* Checks and normalises a typed username (json/name.h), in *arena*. Returns
 * false if it is not valid. */
bool user_name(struct arena *arena, struct span text, struct user *out);

/* Creates an account with the id, names and hash of *user*. ERR_CONFLICT: the
 * username, or one that could be confused with it, exists. */
MUST_USE enum err
user_insert(struct db *db, const struct user *user, int64_t now_ms);

/* ERR_NOT_FOUND. The name may be any text, in any case and form. */
MUST_USE enum err
user_find(struct db *db, struct arena *arena, uint64_t id, struct user *out);
MUST_USE enum err user_find_name(struct db *db, struct arena *arena,
	const char *username, struct user *out);
MUST_USE enum err user_find_subject(struct db *db, struct arena *arena,
	struct span subject, struct user *out);

/* Like user_find(); also locks the row until the end of the transaction. */
MUST_USE enum err
user_lock(struct db *db, struct arena *arena, uint64_t id, struct user *out);

/* Ensures that the user exists, is not disabled, and stays so until the end of
 * the transaction: OK | ERR_NOT_FOUND. For transactions that create something
 * for the user. */
MUST_USE enum err user_share(struct db *db, struct arena *arena, uint64_t id);
/* The same within a statement: the id, or NULL, which a NOT NULL column
 * refuses. */
#define USER_SHARED                                                  \
	"(SELECT id FROM user WHERE id = ? AND disable_time IS NULL" \
	" LOCK IN SHARE MODE)"

/* Finds the user of a subject, or creates one with *id*; safe if several
 * processes see the subject for the first time at once. */
MUST_USE enum err user_of_subject(struct db *db, struct arena *arena,
	struct span subject, uint64_t id, int64_t now_ms, struct user *out);

/* Users with ids above *after_id*, ascending, at most *n*. */
struct user_list {
	struct user *list;
	unsigned n;
};
MUST_USE enum err user_list(struct db *db, struct arena *arena,
	uint64_t after_id, unsigned n, struct user_list *out);

/* The same for users whose name contains *part* ("": all). */
MUST_USE enum err user_search(struct db *db, struct arena *arena,
	struct span part, uint64_t after_id, unsigned n, struct user_list *out);

/* The number of enabled administrators other than this user. */
MUST_USE enum err
user_count_admins(struct db *db, uint64_t but_id, uint64_t *n);

MUST_USE enum err user_set_password(
	struct db *db, uint64_t id, const char *password_hash, int64_t now_ms);

/* Refuses the user from *disable_ms* on; 0 enables the account again. */
MUST_USE enum err user_set_disabled(
	struct db *db, uint64_t id, int64_t disable_ms, int64_t now_ms);

/* Call it in a transaction that has raised the settings' epoch (setting.h) if
 * the last administrator must remain one. */
MUST_USE enum err
user_set_admin(struct db *db, uint64_t id, bool is_admin, int64_t now_ms);

/* Refuses site tokens issued before *valid_from_ms*. */
MUST_USE enum err user_set_valid_from(
	struct db *db, uint64_t id, int64_t valid_from_ms, int64_t now_ms);

/* Deletes only the row; the caller has deleted what belongs to the user. */
MUST_USE enum err user_delete(struct db *db, uint64_t id);

#endif
