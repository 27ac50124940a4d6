/*
 * search.h: the texts of messages and the titles of sessions, found by the
 * words in them; and `search_pending`: which of them are still to be written
 * into the index (search_index.h).
 *
 * Whoever stores a text notes it in the same transaction (search_note()); soon
 * afterwards it is written by one process, which holds the note locked
 * meanwhile. Each time is a note of its own, so who stores a text waits for
 * nobody. Deleting a session deletes its notes before what the index has of
 * it, so it waits for that process.
 *
 * The index only says where to look: what is shown is read from the message
 * and has the words. So what was deleted or changed is not found, whatever
 * the index still holds of it.
 */

#ifndef REPO_SEARCH_H
#define REPO_SEARCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Of a longer text the beginning is found. */
#define SEARCH_BODY_MAX ((size_t)256 << 10) /* bytes */
#define SEARCH_HITS_OF_SESSION 3

#define SEARCH_TITLE 0 /* the message id of a title */

/* The text as it is found, from a message's parts: one line of valid UTF-8. */
struct span search_body(struct arena *arena, struct span parts);

/* ---- what is pending */

/* The text is new or another one. */
MUST_USE enum err
search_note(struct db *db, uint64_t session_id, uint64_t message_id);

struct search_note {
	uint64_t session_id, message_id;
	uint64_t noted; /* when, ms since 1970; tells notes of a text apart */
};

/* Whether there is any, or ERR_NOT_FOUND: one cheap statement without a
 * transaction, for who looks again and again. */
MUST_USE enum err search_has_next(struct db *db);
/* Up to *max* of those that nobody else has locked, locked until the end of
 * the transaction; those of a text together. */
MUST_USE enum err
search_next(struct db *db, struct search_note *list, unsigned max, unsigned *n);

/* What a note is about: *title* of a title, *parts* of a message; neither when
 * that is gone. */
struct search_source {
	uint64_t user_id;
	struct span title, parts;
};
MUST_USE enum err search_read(struct db *db, struct arena *arena,
	const struct search_note *note, struct search_source *out);
MUST_USE enum err
search_done(struct db *db, const struct search_note *list, unsigned n);

/*
 * Notes some of what was stored before there was this index, newest first, in
 * a transaction of its own. ERR_NOT_FOUND: there is nothing left, or another
 * process is at it.
 */
struct search_fill {
	uint64_t done, total; /* messages; about */
	unsigned noted; /* now; 0: that was all */
};
MUST_USE enum err search_fill(struct db *db, struct search_fill *out);

/* ---- finding */

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
 * as the beginning of one; of messages only those that are shown. The newest
 * are looked for; they come latest session first, at most
 * SEARCH_HITS_OF_SESSION of each: its title, then its newest messages. A query
 * without words finds nothing. In *arena*.
 *
 * What it reads is bounded, however much the user has written: when many of the
 * newest texts have the words and are not to be shown (other branches), or the
 * words are frequent and never together, it ends with what it has.
 *
 * ERR_BUSY: the database is away, or other searches run, or, db_timed_out(),
 * it took too long.
 */
MUST_USE enum err
search_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct span query, unsigned limit, struct search_page *out);

#endif
