/* search_look.h: private to the search: checks the texts to which the index
 * points. */

#ifndef REPO_SEARCH_LOOK_H
#define REPO_SEARCH_LOOK_H

#include "repo/search.h"
#include "repo/search_block.h"
#include "repo/search_index.h"

/* How much of the index one search may read; a rare word among a million texts
 * takes 2 MB. */
#define INDEX_BYTES_MAX ((size_t)24 << 20)

/* A very long query is cut after this many words. */
#define WORDS_MAX 20

struct asked {
	struct span word; /* in the arena */
	struct block_key key;
	bool inside; /* long enough to search in the middle of words */
	unsigned weight; /* number of texts in the newest blocks; 0: no block */
};

struct finder {
	struct db *db;
	struct arena *arena;
	uint64_t user_id;
	struct asked first, words[WORDS_MAX]; /* rarest first */
	unsigned n;
	bool any_inside; /* *inside* of any word; now being used: */
	bool inside;
	unsigned limit;
	struct search_page *page;
	size_t index_bytes, text_bytes, parts_bytes;
	unsigned segments, texts;
};

/* Whether enough has been found or read. */
bool look_is_over(const struct finder *f);

/* Checks texts, newest first, until look_is_over(); texts with the words become
 * hits. Sorts *places*. */
MUST_USE enum err
look_at_all(struct finder *f, struct index_place *places, size_t n);

/* Checks some texts of a segment in the same way. */
MUST_USE enum err look_at_segment(
	struct finder *f, uint64_t segment, const struct text_set *found);

/* Checks the texts of segments whose words contain a searched part in their
 * middle (search_inside.c). */
MUST_USE enum err inside_find(struct finder *f);

#endif
