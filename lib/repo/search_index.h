/*
 * search_index.h: the index of the search: the tables `search_recent`,
 * `search_segment`, `search_word` and `search_place`.
 *
 * The words of a new text are one row of `search_recent`. When a user has
 * INDEX_RECENT_MAX of these they become a segment, an inverted list in some
 * hundred rows of `search_word` (search_block.h): a search reads those of its
 * words, newest segment first, and the recent ones whole. So it costs a text
 * about one row and a half to be found, and a word of a million texts 4,000
 * rows to be looked for.
 *
 * Segments are never changed by new texts. A text that is written again is in
 * two; the search looks at the text itself.
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
#define INDEX_RECENT_BYTES ((uint64_t)1 << 20) /* of words */

struct index_text {
	uint64_t user_id, session_id, message_id;
	struct span body; /* one line of valid UTF-8 */
};

/* Writes their words, or over those that were there. */
MUST_USE enum err
index_put(struct db *db, const struct index_text *texts, unsigned n);

/* Whether the user's recent texts should become a segment; and does it, in a
 * transaction of its own: several, each of INDEX_RECENT_BYTES and one text at
 * most, when there are many large ones. Others may do the same at the same
 * time. */
MUST_USE enum err index_is_due(struct db *db, uint64_t user_id, bool *due);
MUST_USE enum err index_merge(struct db *db, uint64_t user_id);

/* ---- texts that are gone; in the caller's transaction */

/* The recent ones of a session. */
MUST_USE enum err
index_forget_recent(struct db *db, uint64_t user_id, uint64_t session_id);

/* Takes a session out of one of its segments. ERR_NOT_FOUND: it is in none. */
MUST_USE enum err
index_forget_place(struct db *db, struct arena *arena, uint64_t session_id);
MUST_USE enum err
index_has_places(struct db *db, uint64_t session_id, bool *has);

/* Where its segments are gone already. */
MUST_USE enum err index_drop_places(struct db *db, uint64_t session_id);

/* Up to *max* rows of a user's. *n*: how many; 0: there are no more. */
MUST_USE enum err
index_erase(struct db *db, uint64_t user_id, unsigned max, uint64_t *n);

/* ---- for the search */

/* The place of a text, from `search_segment`.texts. */
#define INDEX_PLACE_LEN 16 /* bytes */
struct index_place {
	uint64_t session_id, message_id;
};
struct index_place index_place(struct span texts, unsigned text);
/* By age: its own id, or that of the session whose title it is. */
uint64_t index_age(const struct index_place *place);

#endif
