/*
 * search.h: finds the texts of messages and the titles of sessions by their
 * words. The table `search_pending` lists the texts that are still to be
 * indexed (search_index.h).
 *
 * The transaction that stores a text also notes it (search_note()); soon
 * afterwards a process indexes it, with the note locked meanwhile. Every change
 * of a text makes its own note, so storing a text waits for nobody. Deleting a
 * session deletes its notes before its index entries, so it waits for that
 * process.
 *
 * The index only says where to look: what is shown is read from the message and
 * contains the words. So a deleted or changed text is not found, whatever the
 * index still says about it.
 */

#ifndef REPO_SEARCH_H
#define REPO_SEARCH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

/* Only the beginning of a longer text can be found. */
#define SEARCH_BODY_MAX ((size_t)256 << 10) /* bytes */
#define SEARCH_HITS_OF_SESSION 3

#define SEARCH_TITLE 0 /* the message id that stands for a title */

/* The searchable text of a message's parts: one line of valid UTF-8. */
struct span search_body(struct arena *arena, struct span parts);

/* ---- pending texts */

/* Notes that the text is new or has changed. */
MUST_USE enum err
search_note(struct db *db, uint64_t session_id, uint64_t message_id);

struct search_note {
	uint64_t session_id, message_id;
	uint64_t noted; /* ms since 1970; distinguishes notes of a text */
};

/* OK if any text is pending, otherwise ERR_NOT_FOUND: one cheap statement
 * without a transaction, for repeated polling. */
MUST_USE enum err search_has_next(struct db *db);
/* Up to *max* notes that nobody else has locked, locked until the end of the
 * transaction; notes of the same text come together. */
MUST_USE enum err
search_next(struct db *db, struct search_note *list, unsigned max, unsigned *n);

/* The text that a note is about: *title* for a title, *parts* for a message;
 * neither if it no longer exists. */
struct search_source {
	uint64_t user_id;
	struct span title, parts;
};
MUST_USE enum err search_read(struct db *db, struct arena *arena,
	const struct search_note *note, struct search_source *out);
MUST_USE enum err
search_done(struct db *db, const struct search_note *list, unsigned n);

/*
 * Notes some texts that are older than this index, newest first, in its own
 * transaction. ERR_NOT_FOUND: nothing is left, or another process is doing it.
 */
struct search_fill {
	uint64_t done, total; /* messages; approximate */
	unsigned noted; /* in this call; 0: finished */
};
MUST_USE enum err search_fill(struct db *db, struct search_fill *out);

/* ---- searching */

struct search_hit {
	uint64_t session_id;
	const char *title; /* title of the session */
	uint64_t message_id; /* SEARCH_TITLE: the title matched */
	int64_t update_ms; /* of the session */
	struct span snippet; /* about 160 characters around the first match */
};

struct search_page {
	struct search_hit *list;
	unsigned n;
};

/*
 * Finds up to *limit* texts of the user that contain every word of *query*, at
 * least as the beginning of a word; only messages that are shown. It takes the
 * newest texts and orders them by session, latest first, with at most
 * SEARCH_HITS_OF_SESSION per session: its title, then its newest messages. A
 * query without words finds nothing. In *arena*.
 *
 * The amount that it reads is bounded, however much the user has written: if
 * many of the newest texts match but are not shown (other branches), or if the
 * words are frequent but never occur together, it stops with what it has.
 *
 * ERR_BUSY: the database is unreachable, other searches are running, or the
 * search took too long (db_timed_out()).
 */
MUST_USE enum err
search_find(struct db *db, struct arena *arena, uint64_t user_id,
	struct span query, unsigned limit, struct search_page *out);

#endif
