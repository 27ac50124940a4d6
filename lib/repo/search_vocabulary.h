/*
 * search_vocabulary.h: private to the search: which words there are, for who
 * asks for the middle of one ("ginx"). `search_vocabulary` has the words of
 * each segment that have one, some 25 KB. A search that has found too little
 * reads a user's, newest first, as far as its bounds allow, and looks at the
 * texts of the segments that hold what was asked for.
 *
 * A row is words in their order: bytes shared with the word before (one byte),
 * length of the rest (one byte), the rest.
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

#define VOCABULARY_PART_MIN 3 /* characters that are asked for */
#define VOCABULARY_WORDS_MAX 8 /* of a segment that hold them */
#define VOCABULARY_HITS_MAX 256
#define VOCABULARY_PARTS_MAX 20

/* The words of a segment, gathered block by block. */
struct vocabulary {
	struct buf words;
	char last[WORD_MAX];
	size_t last_len;
};

void vocabulary_add(
	struct vocabulary *vocabulary, struct span shard, struct span block);
void vocabulary_free(struct vocabulary *vocabulary);

/* Writes a segment's, or over it. */
MUST_USE enum err vocabulary_put(struct db *db, uint64_t user_id,
	uint64_t segment, const struct vocabulary *vocabulary);
MUST_USE enum err
vocabulary_drop(struct db *db, uint64_t user_id, uint64_t segment);

/* A segment, in the order of their keys; 0: before the first. */
struct vocabulary_at {
	uint64_t user_id, segment;
};

/*
 * Writes that of the first segment behind *at* that is noted as having none, in
 * a transaction of its own. *at* becomes that segment, so that one that cannot
 * be read is passed by: it is tried again from the beginning (ERR_BUSY), or,
 * when it is refused for ever, its note goes. ERR_NOT_FOUND: there is none left
 * behind, or another process is at it; *at* is the beginning again.
 */
MUST_USE enum err vocabulary_fill(struct db *db, struct vocabulary_at *at);

/* Notes those of the next VOCABULARY_LOOK_MAX segments behind *at* that have
 * none: programs of an older release write such ones. ERR_NOT_FOUND: there are
 * no more segments; *at* is the beginning again. */
#define VOCABULARY_LOOK_MAX 256
MUST_USE enum err vocabulary_look(struct db *db, struct vocabulary_at *at);

/* Whether the middle of words is looked through for *part*: it is not too
 * short, nor of a text without blanks, which is found anywhere. */
bool vocabulary_knows(struct span part);

/* A word of a segment with something in its middle that was asked for. */
struct vocabulary_hit {
	uint64_t segment;
	unsigned part;
	struct span word;
};

struct vocabulary_hits {
	struct vocabulary_hit list[VOCABULARY_HITS_MAX];
	unsigned n;
	size_t bytes; /* that were read */
};

struct vocabulary_ask {
	uint64_t user_id;
	const struct span *parts;
	unsigned n;
	size_t max; /* about so many bytes are read at most */
};

/* The newest segments' first, up to VOCABULARY_WORDS_MAX for each part of a
 * segment; in *arena*. Parts that it does not know have none. */
MUST_USE enum err vocabulary_find(struct db *db, struct arena *arena,
	const struct vocabulary_ask *ask, struct vocabulary_hits *out);

#endif
