/*
 * ended.h: the table `ended_subject`: users with site tokens who were deleted
 * here. The site may continue to sign tokens for them, and a token creates a
 * missing user; so that they stay deleted, the hash of their subject is kept.
 */

#ifndef REPO_ENDED_H
#define REPO_ENDED_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

struct ended {
	int64_t valid_from_ms; /* older tokens are refused for ever */
	bool allowed; /* newer tokens create a new user */
};

/* Call it in the transaction that deletes the user. */
MUST_USE enum err ended_put(struct db *db, struct span subject, int64_t now_ms);

/* ERR_NOT_FOUND: no user with that subject was deleted. */
MUST_USE enum err ended_find(struct db *db, struct arena *arena,
	struct span subject, struct ended *out);

/* Allows the user to return, until deleted again; ERR_NOT_FOUND as above. */
MUST_USE enum err ended_allow(struct db *db, struct span subject);

#endif
