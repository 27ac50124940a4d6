/*
 * ended.h: the table `ended_subject`: a site's users who were deleted here.
 * The site goes on to sign tokens for them, and a token makes a user who is not
 * there: so that they stay deleted, their subject is remembered, as a hash.
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
	int64_t valid_from_ms; /* tokens issued before are refused for ever */
	bool allowed; /* later ones make a new user */
};

/* In the transaction that deletes the user. */
MUST_USE enum err ended_put(struct db *db, struct span subject, int64_t now_ms);

/* ERR_NOT_FOUND: no user of that subject was deleted. */
MUST_USE enum err ended_find(struct db *db, struct arena *arena,
	struct span subject, struct ended *out);

/* They may come back, until they are deleted again; ERR_NOT_FOUND likewise. */
MUST_USE enum err ended_allow(struct db *db, struct span subject);

#endif
