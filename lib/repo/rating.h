/*
 * rating.h: a reader's rating of a reply: columns of the table `message`, read
 * by history.h and export.h. A session has one reader, its owner, so a reply
 * has at most one rating.
 */

#ifndef REPO_RATING_H
#define REPO_RATING_H

#include "base/err.h"
#include "db/db.h"

#include <stdint.h>

#define RATING_COMMENT_MAX 500 /* characters */

struct rating {
	uint64_t user_id, session_id, message_id;
	const char *word; /* "up", "down"; NULL removes it */
	const char *comment; /* NULL: none */
};

/* Replaces the previous rating. ERR_NOT_FOUND: the message is not a reply in
 * one of the user's sessions, or has not ended. */
MUST_USE enum err rating_set(struct db *db, const struct rating *rating);

#endif
