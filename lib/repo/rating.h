/*
 * rating.h: what a reader thinks of a reply: columns of the table `message`,
 * read by history.h and export.h. A session has one reader, its owner; so a
 * reply has one rating at most.
 */

#ifndef REPO_RATING_H
#define REPO_RATING_H

#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

#define RATING_COMMENT_MAX 500 /* characters */

struct rating {
	uint64_t user_id, session_id, message_id;
	const char *word; /* "up", "down"; NULL takes it back */
	const char *comment; /* NULL: none */
};

/* In place of the one before. ERR_NOT_FOUND: it is no reply of the user's, or
 * it has not ended. */
MUST_USE enum err rating_set(struct db *db, const struct rating *rating);

#endif
