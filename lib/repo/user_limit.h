/*
 * user_limit.h: the table `user_limit`: the limits of single users
 * (conf/own_limits.h). A request gets them when its login is checked
 * (login_live()), so a change takes effect with the next check, after half a
 * second.
 */

#ifndef REPO_USER_LIMIT_H
#define REPO_USER_LIMIT_H

#include "base/arena.h"
#include "base/err.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stdint.h>

struct user_limit {
	uint64_t user_id;
	const char *name; /* the operator's name for the user */
	const char *limits; /* lines "key=value" */
};

/* The lines of a user; NULL if there are none. */
MUST_USE enum err user_limit_find(struct db *db, struct arena *arena,
	uint64_t user_id, const char **limits);

/* Overrides the general *limits* with those of a user. */
MUST_USE enum err user_limit_apply(struct db *db, struct arena *arena,
	uint64_t user_id, struct limits_conf *limits);

/* Sets a value that own_limits_refusal() accepts. *value* NULL removes it, and
 * *key* NULL removes all. ERR_NOT_FOUND: there is no such user, or nothing to
 * remove. */
MUST_USE enum err user_limit_set(struct db *db, uint64_t user_id,
	const char *key, const char *value, int64_t now_ms);

/* Limits of users with ids above *after_id*, ascending, at most *n*. */
struct user_limit_list {
	struct user_limit *list;
	unsigned n;
};
MUST_USE enum err user_limit_list(struct db *db, struct arena *arena,
	uint64_t after_id, unsigned n, struct user_limit_list *out);

MUST_USE enum err user_limit_delete(struct db *db, uint64_t user_id);

#endif
