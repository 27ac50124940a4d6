/*
 * instructions.h: instructions of users to the model: a column of `user`, for
 * all of their sessions, and a column of `session`. They are deleted with these
 * rows.
 */

#ifndef REPO_INSTRUCTIONS_H
#define REPO_INSTRUCTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define INSTRUCTIONS_MAX 4000 /* characters, for each of the two */

/* The instructions, in *arena*; absent if there are none. ERR_NOT_FOUND, also
 * for another user's session. */
MUST_USE enum err instructions_of_user(
	struct db *db, struct arena *arena, uint64_t user_id, struct span *out);
MUST_USE enum err instructions_of_session(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t session_id, struct span *out);

/* An empty text removes them. ERR_NOT_FOUND as above. */
MUST_USE enum err
instructions_set_user(struct db *db, uint64_t user_id, struct span text);
MUST_USE enum err instructions_set_session(
	struct db *db, uint64_t user_id, uint64_t session_id, struct span text);

/* What is sent with a session's requests to the model. */
struct instructions {
	struct span user, session; /* absent if there are none */
	bool untitled; /* a title may be requested (session_title.h) */
	struct span options; /* chosen in the session (session.h) */
	/* From the assistant with which it was started (assistant.h); absent:
	 * none, or all tools. */
	struct span assistant, tools;
	const char *user_name; /* the subject, for a user with site tokens */
};

/* ERR_NOT_FOUND. */
MUST_USE enum err instructions_find(struct db *db, struct arena *arena,
	uint64_t session_id, struct instructions *out);

#endif
