/*
 * user.h: the table `user`. An account has a username and a password hash, or
 * a subject, the name that a site's own tokens give their user.
 *
 * Whoever makes a login, or ends all of a user's, holds the user's row locked
 * (user_lock) in the same transaction: so no login survives what ended the
 * others, whatever was in flight.
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
	const char *username; /* NULL: a site's own user */
	struct span username_key; /* of user_name(), for user_insert() */
	const char *password_hash; /* NULL likewise */
	const char *subject; /* NULL: an account of ours */
	int64_t create_ms;
	int64_t disable_ms; /* 0: not disabled */
	int64_t valid_from_ms; /* 0: whenever a site token was issued */
	bool is_admin; /* may administer the site */
	bool has_second; /* a second factor in force; filled by user_list() */
	int64_t last_ms; /* last there, 0: never; filled by user_search() */
};

/* The username that somebody has typed (json/name.h), in *arena*. False: it is
 * none. */
bool user_name(struct arena *arena, struct span text, struct user *out);

/* A new account: id, names and hash of *user*. ERR_CONFLICT: the username, or
 * one that is taken for it, is there. */
MUST_USE enum err
user_insert(struct db *db, const struct user *user, int64_t now_ms);

/* ERR_NOT_FOUND. The name is any text, in any case and form. */
MUST_USE enum err
user_find(struct db *db, struct arena *arena, uint64_t id, struct user *out);
MUST_USE enum err user_find_name(struct db *db, struct arena *arena,
	const char *username, struct user *out);
MUST_USE enum err user_find_subject(struct db *db, struct arena *arena,
	struct span subject, struct user *out);

/* As user_find(), and locks the row to the end of the transaction. */
MUST_USE enum err
user_lock(struct db *db, struct arena *arena, uint64_t id, struct user *out);

/* That there is such a user, not disabled, and to the end of the transaction
 * stays so: OK | ERR_NOT_FOUND. For whoever makes something that is theirs. */
MUST_USE enum err user_share(struct db *db, struct arena *arena, uint64_t id);
/* The same in a statement: the id, or NULL for a column that takes none. */
#define USER_SHARED                                                  \
	"(SELECT id FROM user WHERE id = ? AND disable_time IS NULL" \
	" LOCK IN SHARE MODE)"

/* The user of a subject, made with *id* when there is none; safe when
 * several processes see the subject for the first time at once. */
MUST_USE enum err user_of_subject(struct db *db, struct arena *arena,
	struct span subject, uint64_t id, int64_t now_ms, struct user *out);

/* Users above *after_id*, ascending, *n* at most. */
struct user_list {
	struct user *list;
	unsigned n;
};
MUST_USE enum err user_list(struct db *db, struct arena *arena,
	uint64_t after_id, unsigned n, struct user_list *out);

/* The same of those whose name holds *part* ("": all). */
MUST_USE enum err user_search(struct db *db, struct arena *arena,
	struct span part, uint64_t after_id, unsigned n, struct user_list *out);

/* How many administrators there are, not disabled, besides this one. */
MUST_USE enum err
user_count_admins(struct db *db, uint64_t but_id, uint64_t *n);

MUST_USE enum err user_set_password(
	struct db *db, uint64_t id, const char *password_hash, int64_t now_ms);

/* Nobody is let in from *disable_ms* on; 0 enables again. */
MUST_USE enum err user_set_disabled(
	struct db *db, uint64_t id, int64_t disable_ms, int64_t now_ms);

/* In a transaction that has raised the settings' epoch (setting.h), where the
 * last administrator must stay one. */
MUST_USE enum err
user_set_admin(struct db *db, uint64_t id, bool is_admin, int64_t now_ms);

/* Site tokens that were issued before *valid_from_ms* are refused. */
MUST_USE enum err user_set_valid_from(
	struct db *db, uint64_t id, int64_t valid_from_ms, int64_t now_ms);

/* The row alone: what belongs to the user is deleted before. */
MUST_USE enum err user_delete(struct db *db, uint64_t id);

#endif
