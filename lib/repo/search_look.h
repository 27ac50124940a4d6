/* search_look.h: private to the search: the texts that the index points to. */

#ifndef REPO_SEARCH_LOOK_H
#define REPO_SEARCH_LOOK_H

#include "repo/search.h"
#include "repo/search_block.h"
#include "repo/search_index.h"

/* What one search may read of the index; a rare word of a million texts takes
 * 2 MB. */
#define INDEX_BYTES_MAX ((size_t)24 << 20)

/* Of a very long query the first words are looked for. */
#define WORDS_MAX 20

struct asked {
	struct span word; /* in the arena */
	struct block_key key;
	bool inside; /* long enough to be found in the middle of a word */
	unsigned
		weight; /* texts of the newest blocks that have it; 0: no block */
};

struct finder {
	struct db *db;
	struct arena *arena;
	uint64_t user_id;
	struct asked first, words[WORDS_MAX]; /* rarest first */
	unsigned n;
	bool any_inside; /* of the words; and now they are looked for so: */
	bool inside;
	unsigned limit;
	struct search_page *page;
	size_t index_bytes, text_bytes, parts_bytes;
	unsigned segments, texts;
};

/* Enough is found, or read. */
bool look_is_over(const struct finder *f);

/* Looks at texts, newest first, until it is over; those that have the words
 * are hits. Sorts *places*. */
MUST_USE enum err
look_at_all(struct finder *f, struct index_place *places, size_t n);

/* Looks so at some of a segment's. */
MUST_USE enum err look_at_segment(
	struct finder *f, uint64_t segment, const struct text_set *found);

/* Looks at the texts of segments that have words in whose middle something is
 * that was asked for (search_inside.c). */
MUST_USE enum err inside_find(struct finder *f);

#endif
