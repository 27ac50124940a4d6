/*
 * search.h: the table `search_text`: the texts of messages and the titles of
 * sessions, found by the words in them. Rows are written in the transaction
 * of what they are the text of, and deleted with their session.
 *
 * A word is stored behind a prefix made from its user's id, so a search reads
 * the words of one user, whatever the others have written.
 */

#ifndef REPO_SEARCH_H
#define REPO_SEARCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdint.h>

/* Of a longer text the beginning is found. */
#define SEARCH_BODY_MAX ((size_t)256 << 10) /* bytes */
#define SEARCH_HITS_OF_SESSION 3

#define SEARCH_TITLE 0 /* the message id of a title */

struct search_text {
	uint64_t user_id, session_id, message_id;
	struct span body; /* one line of valid UTF-8 */
};

/* Writes it, or over what was there; a text without words leaves no row. */
MUST_USE enum err search_put(struct db *db, const struct search_text *text);

MUST_USE enum err
search_drop(struct db *db, uint64_t session_id, uint64_t message_id);

struct search_hit {
	uint64_t session_id;
	const char *title; /* of the session */
	uint64_t message_id; /* SEARCH_TITLE: the title is the hit */
	int64_t update_ms; /* of the session */
	struct span snippet; /* about 160 characters around the first word */
};

struct search_page {
	struct search_hit *list;
	unsigned n;
};

/*
 * Up to *limit* texts of the user's that have every word of *query*, at least
 * as the beginning of one; of messages only those that are shown. Latest
 * session first, at most SEARCH_HITS_OF_SESSION of each: its title, then its
 * newest messages. A query without words finds nothing. In *arena*.
 */
MUST_USE enum err
search_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct span query, unsigned limit, struct search_page *out);

#endif
