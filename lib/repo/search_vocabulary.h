/*
 * search_vocabulary.h: private to the search: lists of words, for searches in
 * the middle of a word ("ginx"). `search_vocabulary` holds the words of each
 * segment, about 25 KB. A search that has found too little reads the user's
 * lists, newest first and within its limits, and checks the texts of segments
 * with a matching word.
 *
 * A row contains words in order: number of bytes shared with the previous word
 * (one byte), length of the rest (one byte), the rest.
 */

#ifndef REPO_SEARCH_VOCABULARY_H
#define REPO_SEARCH_VOCABULARY_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"
#include "json/words.h"

#include <stdbool.h>
#include <stdint.h>

#define VOCABULARY_PART_MIN 3 /* shortest part, in characters */
#define VOCABULARY_WORDS_MAX 8 /* matching words used per segment */
#define VOCABULARY_HITS_MAX 256
#define VOCABULARY_PARTS_MAX 20

/* The words of a segment, collected block by block. */
struct vocabulary {
	struct buf words;
	char last[WORD_MAX];
	size_t last_len;
};

void vocabulary_add(
	struct vocabulary *vocabulary, struct span shard, struct span block);
void vocabulary_free(struct vocabulary *vocabulary);

/* Writes the list of a segment, replacing an earlier one. */
MUST_USE enum err vocabulary_put(struct db *db, uint64_t user_id,
	uint64_t segment, const struct vocabulary *vocabulary);
MUST_USE enum err
vocabulary_drop(struct db *db, uint64_t user_id, uint64_t segment);

/* A segment's position in the order of keys; 0: before the first. */
struct vocabulary_at {
	uint64_t user_id, segment;
};

/*
 * Writes the list of the first segment after *at* that is noted as lacking one,
 * in its own transaction. *at* moves to that segment, so an unreadable one is
 * skipped: it is tried again in the next round (ERR_BUSY), or its note is
 * deleted if the segment is refused for ever. ERR_NOT_FOUND: no notes are left,
 * or another process is working on them; *at* then returns to the beginning.
 */
MUST_USE enum err vocabulary_fill(struct db *db, struct vocabulary_at *at);

/* Notes those of the next VOCABULARY_LOOK_MAX segments after *at* that lack a
 * list, because programs of an older release write none. ERR_NOT_FOUND: there
 * are no more segments; *at* then returns to the beginning. */
#define VOCABULARY_LOOK_MAX 256
MUST_USE enum err vocabulary_look(struct db *db, struct vocabulary_at *at);

/* Whether *part* is searched for in the middle of words: it must be long
 * enough, and of a script with blanks (other scripts are searched
 * everywhere). */
bool vocabulary_knows(struct span part);

/* A word of a segment with a searched part in its middle. */
struct vocabulary_hit {
	uint64_t segment;
	unsigned part;
	struct span word;
};

struct vocabulary_hits {
	struct vocabulary_hit list[VOCABULARY_HITS_MAX];
	unsigned n;
	size_t bytes; /* bytes that were read */
};

struct vocabulary_ask {
	uint64_t user_id;
	const struct span *parts;
	unsigned n;
	size_t max; /* approximate limit of the bytes read */
};

/* Finds words in the newest segments first, up to VOCABULARY_WORDS_MAX per
 * part and segment; in *arena*. Unsuitable parts (vocabulary_knows()) have no
 * hits. */
MUST_USE enum err vocabulary_find(struct db *db, struct arena *arena,
	const struct vocabulary_ask *ask, struct vocabulary_hits *out);

#endif
