/*
 * user_limit.h: the table `user_limit`: the limits of single users
 * (conf/own_limits.h). Requests get them with the check of their login
 * (login_live()), so a change counts when that is made again, after half a
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
	const char *name; /* what an operator calls the user */
	const char *limits; /* lines key=value */
};

/* The lines of a user, NULL: there are none. */
MUST_USE enum err user_limit_find(struct db *db, struct arena *arena,
	uint64_t user_id, const char **limits);

/* What holds for a user, of what holds for all. */
MUST_USE enum err user_limit_apply(struct db *db, struct arena *arena,
	uint64_t user_id, struct limits_conf *limits);

/* Sets one that own_limits_refusal() does not refuse; *value* NULL takes it
 * away, and a NULL *key* all. ERR_NOT_FOUND: there is no such user, or nothing
 * to take away. */
MUST_USE enum err user_limit_set(struct db *db, uint64_t user_id,
	const char *key, const char *value, int64_t now_ms);

/* Those of users above *after_id*, ascending, *n* at most. */
struct user_limit_list {
	struct user_limit *list;
	unsigned n;
};
MUST_USE enum err user_limit_list(struct db *db, struct arena *arena,
	uint64_t after_id, unsigned n, struct user_limit_list *out);

MUST_USE enum err user_limit_delete(struct db *db, uint64_t user_id);

#endif
