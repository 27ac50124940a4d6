/*
 * search_block.h: the words of up to 256 texts as an inverted list, in blocks:
 * the format of `search_word`.body. The first two characters of a word are its
 * *shard*, which selects the block; the block contains the rest of the word. In
 * scripts without blanks, a shard covers a range of 32 characters. A shard of
 * one letter covers all words that begin with it. So all words that begin with
 * given letters, few or many, are in one block.
 *
 * A block contains entries in the order of their words: length of the rest (one
 * byte), the rest, number of texts minus one (one byte), and the texts: one
 * byte each, ascending, or a bitmap of 32 bytes if there are more than 32.
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

/* The key of a word that comes from words_each(). */
struct block_key block_key(struct span word);

/* The collected words of all texts; the words are not copied. */
struct block_words {
	struct block_word *list;
	size_t n, cap;
};

/* *words*: the words of text number *text*, each followed by a blank. */
void block_add(struct block_words *words, unsigned text, struct span of_text);
void block_free(struct block_words *words);

/* Passes on the block of each shard in order; *body* is valid until the next
 * call. Stops at the first error and returns it. */
MUST_USE enum err block_each(struct block_words *words,
	enum err (*each)(struct span shard, struct span body, void *arg),
	void *arg);

/* Passes on the rests of a block's words in order. */
void block_each_rest(
	struct span body, void (*each)(struct span rest, void *arg), void *arg);

/* Adds the texts with words that begin with *rest*. An invalid block contains
 * none. */
void block_find(struct span body, struct span rest, struct text_set *out);

/* Writes the block without some texts; returns true if it contained one of
 * them. */
bool
block_without(struct span body, const struct text_set *gone, struct buf *out);

#endif
