#include "repo/search_block.h"

#include "base/attr.h"
#include "base/mem.h"
#include "json/words.h"

#include <stdlib.h>
#include <string.h>

/* Up to this many texts are listed; more are stored as bits. */
#define LISTED_MAX 32
#define BITS_LEN (BLOCK_TEXTS / 8)
/* How many of a character's five bytes form the shard, in scripts without
 * blanks. */
#define DENSE_SHARD 4

struct block_word {
	struct span word;
	unsigned text;
};

/* ---- sets */

void
text_set_add(struct text_set *set, unsigned text)
{
	set->bits[text / 64] |= UINT64_C(1) << (text % 64);
}

bool
text_set_has(const struct text_set *set, unsigned text)
{
	return (set->bits[text / 64] >> (text % 64) & 1) != 0;
}

bool
text_set_empty(const struct text_set *set)
{
	uint64_t any = 0;

	for (size_t i = 0; i < LENGTH(set->bits); i++)
		any |= set->bits[i];
	return any == 0;
}

void
text_set_and(struct text_set *set, const struct text_set *other)
{
	for (size_t i = 0; i < LENGTH(set->bits); i++)
		set->bits[i] &= other->bits[i];
}

unsigned
text_set_count(const struct text_set *set)
{
	unsigned n = 0;

	for (size_t i = 0; i < LENGTH(set->bits); i++)
		n += (unsigned)__builtin_popcountll(set->bits[i]);
	return n;
}

/* ---- shards */

static size_t
shard_len(struct span word)
{
	bool dense;
	size_t len = word_char(word, &dense);

	if (dense)
		return DENSE_SHARD;
	word.data += len;
	word.len -= len;
	return len + word_char(word, &dense);
}

struct block_key
block_key(struct span word)
{
	size_t len = shard_len(word);

	return (struct block_key){ { word.data, len },
		{ word.data + len, word.len - len } };
}

/* ---- building a block */

static void
add_word(struct block_words *words, struct span word, unsigned text)
{
	if (words->n == words->cap) {
		words->cap = words->cap * 2 + 1024;
		words->list = mem_realloc(
			words->list, words->cap * sizeof(*words->list));
	}
	words->list[words->n++] = (struct block_word){ word, text };
}

void
block_add(struct block_words *words, unsigned text, struct span of_text)
{
	const char *at = of_text.data, *end = of_text.data + of_text.len;
	const char *blank;
	bool dense;

	for (; at < end; at = blank + 1) {
		struct span word;
		size_t first;

		blank = memchr(at, ' ', (size_t)(end - at));
		if (blank == NULL)
			blank = end;
		word = (struct span){ at, (size_t)(blank - at) };
		first = word_char(word, &dense);
		if (word.len == 0)
			continue;
		add_word(words, word, text);
		if (!dense && word.len > first)
			add_word(words, (struct span){ at, first }, text);
	}
}

void
block_free(struct block_words *words)
{
	free(words->list);
	*words = (struct block_words){ 0 };
}

static int
compare(const void *a, const void *b)
{
	const struct block_word *x = a, *y = b;
	int order = span_compare(x->word, y->word);

	return order != 0 ? order : (x->text > y->text) - (x->text < y->text);
}

static void
put_entry(struct buf *body, struct span rest, const struct text_set *texts)
{
	unsigned n = text_set_count(texts);

	buf_putc(body, (char)rest.len);
	buf_put_span(body, rest);
	buf_putc(body, (char)(n - 1));
	for (unsigned i = 0; n > LISTED_MAX && i < BITS_LEN; i++)
		buf_putc(body, (char)(texts->bits[i / 8] >> (i % 8 * 8)));
	for (unsigned i = 0; n <= LISTED_MAX && i < BLOCK_TEXTS; i++)
		if (text_set_has(texts, i))
			buf_putc(body, (char)i);
}

/* Writes the word at *at* with all its texts; returns the number of entries
 * that it used. */
static size_t
put_word(struct block_words *words, size_t at, size_t shard, struct buf *body)
{
	struct span word = words->list[at].word;
	struct text_set texts = { { 0 } };
	size_t i = at;

	for (; i < words->n && span_equal(words->list[i].word, word); i++)
		text_set_add(&texts, words->list[i].text);
	put_entry(body, (struct span){ word.data + shard, word.len - shard },
		&texts);
	return i - at;
}

enum err
block_each(struct block_words *words,
	enum err (*each)(struct span shard, struct span body, void *arg),
	void *arg)
{
	struct buf body = BUF_INIT;
	enum err err = OK;
	size_t i = 0;

	if (words->n > 0)
		qsort(words->list, words->n, sizeof(*words->list), compare);
	while (i < words->n && err == OK) {
		struct span shard = block_key(words->list[i].word).shard;

		buf_clear(&body);
		while (i < words->n &&
			span_equal(block_key(words->list[i].word).shard, shard))
			i += put_word(words, i, shard.len, &body);
		err = each(shard, buf_span(&body), arg);
	}
	buf_free(&body);
	return err;
}

/* ---- reading */

struct entry {
	struct span rest, texts;
};

/* Takes the first entry off the block; returns false if there is none. */
static bool
take_entry(struct span *body, struct entry *out)
{
	const unsigned char *at = (const unsigned char *)body->data;
	size_t rest, len;

	if (body->len < 2 || body->len < (size_t)at[0] + 2)
		return false;
	rest = at[0];
	len = (size_t)at[1 + rest] + 1;
	if (len > LISTED_MAX)
		len = BITS_LEN;
	if (body->len < rest + 2 + len)
		return false;
	out->rest = (struct span){ body->data + 1, rest };
	out->texts = (struct span){ body->data + rest + 2, len };
	body->data += rest + 2 + len;
	body->len -= rest + 2 + len;
	return true;
}

static void
add_texts(struct text_set *set, const struct entry *entry)
{
	const unsigned char *at = (const unsigned char *)entry->texts.data;
	bool listed = (unsigned char)at[-1] < LISTED_MAX;

	for (size_t i = 0; i < entry->texts.len; i++)
		if (listed)
			text_set_add(set, at[i]);
		else
			set->bits[i / 8] |= (uint64_t)at[i] << (i % 8 * 8);
}

void
block_each_rest(
	struct span body, void (*each)(struct span rest, void *arg), void *arg)
{
	struct entry entry;

	while (take_entry(&body, &entry))
		each(entry.rest, arg);
}

void
block_find(struct span body, struct span rest, struct text_set *out)
{
	struct entry entry;

	while (take_entry(&body, &entry)) {
		int order = memcmp(entry.rest.data, rest.data,
			MIN(entry.rest.len, rest.len));

		if (order > 0)
			return;
		if (order == 0 && entry.rest.len >= rest.len)
			add_texts(out, &entry);
	}
}

bool
block_without(struct span body, const struct text_set *gone, struct buf *out)
{
	struct entry entry;
	bool changed = false;

	while (take_entry(&body, &entry)) {
		struct text_set before = { { 0 } }, left;

		add_texts(&before, &entry);
		left = before;
		for (size_t i = 0; i < LENGTH(left.bits); i++)
			left.bits[i] &= ~gone->bits[i];
		changed = changed || memcmp(&left, &before, sizeof(left)) != 0;
		if (!text_set_empty(&left))
			put_entry(out, entry.rest, &left);
	}
	return changed;
}
