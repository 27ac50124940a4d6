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

#define USER_NAME_MIN 3
#define USER_NAME_MAX 64
#define USER_SUBJECT_MAX 255 /* bytes */

struct user {
	uint64_t id;
	const char *username; /* NULL: a site's own user */
	const char *password_hash; /* NULL likewise */
	const char *subject; /* NULL: an account of ours */
	int64_t create_ms;
	int64_t disable_ms; /* 0: not disabled */
	int64_t valid_from_ms; /* 0: whenever a site token was issued */
	bool has_second; /* a second factor in force; told by user_list() */
};

/* Whether it is 3 to 64 of A-Z a-z 0-9 . _ @ - ; case is kept, but two names
 * that differ in nothing else are the same. */
bool user_name_ok(struct span name);

/* A new account: id, names and hash of *user*. ERR_CONFLICT: the username is
 * taken. */
MUST_USE enum err
user_insert(struct db *db, const struct user *user, int64_t now_ms);

/* ERR_NOT_FOUND. The name must be user_name_ok(). */
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

MUST_USE enum err user_set_password(
	struct db *db, uint64_t id, const char *password_hash, int64_t now_ms);

/* Nobody is let in from *disable_ms* on; 0 enables again. */
MUST_USE enum err user_set_disabled(
	struct db *db, uint64_t id, int64_t disable_ms, int64_t now_ms);

/* Site tokens that were issued before *valid_from_ms* are refused. */
MUST_USE enum err user_set_valid_from(
	struct db *db, uint64_t id, int64_t valid_from_ms, int64_t now_ms);

/* The row alone: what belongs to the user is deleted before. */
MUST_USE enum err user_delete(struct db *db, uint64_t id);

#endif
