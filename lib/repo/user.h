/*
 * user.h: the table `user`. An account has a username and a password hash, or
 * a subject, the name that a site's own tokens give their user.
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
};

/* Whether it is 3 to 64 of A-Z a-z 0-9 . _ @ - ; case is kept, but two names
 * that differ in nothing else are the same. */
bool user_name_ok(struct span name);

/* A new account. ERR_CONFLICT: the username is taken. */
MUST_USE enum err
user_insert(struct db *db, const struct user *user, int64_t now_ms);

/* ERR_NOT_FOUND. The name must be user_name_ok(). */
MUST_USE enum err
user_find(struct db *db, struct arena *arena, uint64_t id, struct user *out);
MUST_USE enum err user_find_name(struct db *db, struct arena *arena,
	const char *username, struct user *out);
MUST_USE enum err user_find_subject(
	struct db *db, struct arena *arena, struct span subject, uint64_t *id);

/* The user of a subject, made with *id* when there is none; safe when
 * several processes see the subject for the first time at once. */
MUST_USE enum err user_of_subject(struct db *db, struct arena *arena,
	struct span subject, uint64_t id, int64_t now_ms, uint64_t *out);

MUST_USE enum err user_set_password(
	struct db *db, uint64_t id, const char *password_hash, int64_t now_ms);

/* The row alone: what belongs to the user is deleted before. */
MUST_USE enum err user_delete(struct db *db, uint64_t id);

#endif
