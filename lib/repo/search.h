/*
 * search.h: the table `search_text`: the texts of messages and the titles of
 * sessions, found by the words in them; and `search_pending`: which of them
 * are still to be written.
 *
 * Whoever stores a text notes it in the same transaction (search_note()); soon
 * afterwards it is written (search_next(), search_put()) by one process, which
 * holds the note locked meanwhile. Deleting a session deletes its notes before
 * its texts, so it waits for that process.
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

/* The text is new or another one. Twice is once. */
MUST_USE enum err
search_note(struct db *db, uint64_t session_id, uint64_t message_id);

/* One that is noted, locked until the end of the transaction, with what it is
 * the text of: *title* of a title, *parts* of a message; neither when that is
 * gone. ERR_NOT_FOUND: there is none that nobody else has locked. */
struct search_todo {
	uint64_t user_id, session_id, message_id;
	struct span title, parts;
};
MUST_USE enum err
search_next(struct db *db, struct arena *arena, struct search_todo *out);
MUST_USE enum err
search_done(struct db *db, uint64_t session_id, uint64_t message_id);

/* Writes it, or over what was there; a text without words leaves no row. */
MUST_USE enum err search_put(struct db *db, const struct search_text *text);

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
 * ERR_BUSY: the database is away, or other searches run, or, db_timed_out(),
 * it took more than 3 s.
 */
MUST_USE enum err
search_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct span query, unsigned limit, struct search_page *out);

#endif
