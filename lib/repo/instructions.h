/*
 * instructions.h: what users want to be heeded by the model: a column of
 * `user`, for all of their sessions, and one of `session`. They go with their
 * rows when these are deleted.
 */

#ifndef REPO_INSTRUCTIONS_H
#define REPO_INSTRUCTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define INSTRUCTIONS_MAX 4000 /* characters, of each */

/* In *arena*; absent: none. ERR_NOT_FOUND, also for another user's session. */
MUST_USE enum err instructions_of_user(
	struct db *db, struct arena *arena, uint64_t user_id, struct span *out);
MUST_USE enum err instructions_of_session(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t session_id, struct span *out);

/* An empty text is none. ERR_NOT_FOUND likewise. */
MUST_USE enum err
instructions_set_user(struct db *db, uint64_t user_id, struct span text);
MUST_USE enum err instructions_set_session(
	struct db *db, uint64_t user_id, uint64_t session_id, struct span text);

/* What goes with a session's requests to the model. */
struct instructions {
	struct span user, session; /* absent: none */
	bool untitled; /* a title may be asked for (session_title.h) */
	struct span options; /* that are chosen in it (session.h) */
	/* Of the assistant that it was started with (assistant.h); absent: none,
	 * or all tools. */
	struct span assistant, tools;
	const char *user_name; /* a site's own user goes by its subject */
};

/* ERR_NOT_FOUND. */
MUST_USE enum err instructions_find(struct db *db, struct arena *arena,
	uint64_t session_id, struct instructions *out);

#endif
