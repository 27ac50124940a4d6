/*
 * search_block.h: the words of up to 256 texts as an inverted list, in blocks:
 * the form of `search_word`.body. A word stands in the block of its *shard*,
 * its first two characters, as what is left of it; of a text without blanks
 * the shard is a stretch of 32 characters. A shard of one letter stands for
 * all words that begin with it. So all words that begin with some letters, few
 * or many, are in one block.
 *
 * A block is entries in the order of their words: length of the rest (one
 * byte), the rest, number of texts less one (one byte), and the texts: a byte
 * each, rising, or 32 bytes with a bit each when there are more than 32.
 */

#ifndef REPO_SEARCH_BLOCK_H
#define REPO_SEARCH_BLOCK_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_TEXTS 256
#define BLOCK_SHARD_MAX 10 /* bytes */

struct text_set {
	uint64_t bits[BLOCK_TEXTS / 64];
};

void text_set_add(struct text_set *set, unsigned text);
bool text_set_has(const struct text_set *set, unsigned text);
bool text_set_empty(const struct text_set *set);
unsigned text_set_count(const struct text_set *set);
void text_set_and(struct text_set *set, const struct text_set *other);

struct block_key {
	struct span shard, rest;
};

/* Of a word as words_each() gives it. */
struct block_key block_key(struct span word);

/* The words of all texts, gathered. They are not copied. */
struct block_words {
	struct block_word *list;
	size_t n, cap;
};

/* *words*: those of text number *text*, each with a blank behind. */
void block_add(struct block_words *words, unsigned text, struct span of_text);
void block_free(struct block_words *words);

/* Gives the block of each shard in order; *body* is good until the next. Ends
 * with the first error, which is returned. */
MUST_USE enum err block_each(struct block_words *words,
	enum err (*each)(struct span shard, struct span body, void *arg),
	void *arg);

/* The rests of a block's words, in order. */
void block_each_rest(
	struct span body, void (*each)(struct span rest, void *arg), void *arg);

/* Adds the texts with words that begin with *rest*. What is no block holds
 * none. */
void block_find(struct span body, struct span rest, struct text_set *out);

/* The block without some texts; true when it held one of them. */
bool
block_without(struct span body, const struct text_set *gone, struct buf *out);

#endif
