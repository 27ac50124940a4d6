/*
 * search_index.h: the search index: the tables `search_recent`,
 * `search_segment`, `search_word` and `search_place`.
 *
 * The words of a new text are one row of `search_recent`. When a user has
 * INDEX_RECENT_MAX such rows, they become a segment: an inverted list in some
 * hundred rows of `search_word` (search_block.h). A search reads the segments'
 * rows for its words, newest segment first, and all recent rows. So indexing a
 * text costs about one and a half rows, and finding a word among a million
 * texts reads 4,000 rows.
 *
 * New texts never change a segment. A rewritten text is in two segments; the
 * search checks the text itself.
 */

#ifndef REPO_SEARCH_INDEX_H
#define REPO_SEARCH_INDEX_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

#define INDEX_RECENT_MAX 256
#define INDEX_RECENT_BYTES ((uint64_t)1 << 20) /* bytes of words */

struct index_text {
	uint64_t user_id, session_id, message_id;
	struct span body; /* one line of valid UTF-8 */
};

/* Writes the words of the texts, replacing earlier ones. */
MUST_USE enum err
index_put(struct db *db, const struct index_text *texts, unsigned n);

/* index_is_due(): whether the user's recent texts should become a segment.
 * index_merge() does that, in its own transaction; if there are many large
 * texts it makes several segments, each of INDEX_RECENT_BYTES plus at most one
 * text. Other processes may do the same at the same time. */
MUST_USE enum err index_is_due(struct db *db, uint64_t user_id, bool *due);
MUST_USE enum err index_merge(struct db *db, uint64_t user_id);

/* ---- deleted texts; inside the caller's transaction */

/* Forgets the recent texts of a session. */
MUST_USE enum err
index_forget_recent(struct db *db, uint64_t user_id, uint64_t session_id);

/* Removes a session from one of its segments. ERR_NOT_FOUND: it is in none. */
MUST_USE enum err
index_forget_place(struct db *db, struct arena *arena, uint64_t session_id);
MUST_USE enum err
index_has_places(struct db *db, uint64_t session_id, bool *has);

/* Drops a session's places if its segments have been deleted already. */
MUST_USE enum err index_drop_places(struct db *db, uint64_t session_id);

/* Deletes up to *max* rows of a user. *n* receives their number; 0: there are
 * no more. */
MUST_USE enum err
index_erase(struct db *db, uint64_t user_id, unsigned max, uint64_t *n);

/* ---- used by the search */

/* The location of a text, from `search_segment`.texts. */
#define INDEX_PLACE_LEN 16 /* bytes */
struct index_place {
	uint64_t session_id, message_id;
};
struct index_place index_place(struct span texts, unsigned text);
/* Orders places by age: the id of the message, or of the session for a
 * title. */
uint64_t index_age(const struct index_place *place);

#endif
