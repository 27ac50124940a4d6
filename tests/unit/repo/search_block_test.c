/* search_block_test.c: words of many texts in blocks, and back. */

#include "repo/search_block.h"

#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS BLOCK_TEXTS

struct block {
	char shard[BLOCK_SHARD_MAX + 1];
	struct buf body;
};

struct blocks {
	struct block list[64];
	size_t n;
};

static enum err
keep(struct span shard, struct span body, void *arg)
{
	struct blocks *blocks = arg;
	struct block *block = &blocks->list[blocks->n++];

	assert_in_range(shard.len, 1, BLOCK_SHARD_MAX);
	assert_true(blocks->n < 64);
	snprintf(block->shard, sizeof(block->shard), "%.*s", (int)shard.len,
		shard.data);
	if (blocks->n > 1)
		assert_true(strcmp(block[-1].shard, block->shard) < 0);
	buf_put_span(&block->body, body);
	return OK;
}

static void
free_blocks(struct blocks *blocks)
{
	for (size_t i = 0; i < blocks->n; i++)
		buf_free(&blocks->list[i].body);
	*blocks = (struct blocks){ .n = 0 };
}

static struct text_set
texts_of(const struct blocks *blocks, const char *word)
{
	struct block_key key = block_key(span_of(word));
	struct text_set set = { { 0 } };

	for (size_t i = 0; i < blocks->n; i++)
		if (span_is(key.shard, blocks->list[i].shard))
			block_find(buf_span(&blocks->list[i].body), key.rest,
				&set);
	return set;
}

/* Text i contains "all", "one<i>", and "third" if 3 divides i. */
static void
make(struct blocks *blocks)
{
	static char text[TEXTS][64];
	struct block_words words = { 0 };

	for (unsigned i = 0; i < TEXTS; i++) {
		snprintf(text[i], sizeof(text[i]), "all one%u %sx _04q7 ", i,
			i % 3 == 0 ? "third " : "");
		block_add(&words, i, span_of(text[i]));
	}
	assert_int_equal(block_each(&words, keep, blocks), OK);
	block_free(&words);
}

static void
every_word_is_found_by_its_beginning(void **state)
{
	static struct blocks blocks;

	(void)state;
	make(&blocks);
	for (unsigned i = 0; i < TEXTS; i++) {
		char word[16];
		struct text_set set;

		snprintf(word, sizeof(word), "one%u", i);
		set = texts_of(&blocks, word);
		for (unsigned k = 0; k < TEXTS; k++) {
			char other[16];

			snprintf(other, sizeof(other), "one%u", k);
			assert_int_equal(text_set_has(&set, k),
				strncmp(other, word, strlen(word)) == 0);
		}
	}
	for (unsigned i = 0; i < TEXTS; i++) {
		struct text_set t = texts_of(&blocks, "t"),
				third = texts_of(&blocks, "third"),
				th = texts_of(&blocks, "th"),
				a = texts_of(&blocks, "a"),
				x = texts_of(&blocks, "x"),
				cjk = texts_of(&blocks, "_04q7");

		assert_int_equal(text_set_has(&t, i), i % 3 == 0);
		assert_int_equal(text_set_has(&th, i), i % 3 == 0);
		assert_int_equal(text_set_has(&third, i), i % 3 == 0);
		assert_true(text_set_has(&a, i) && text_set_has(&x, i));
		assert_true(text_set_has(&cjk, i));
	}
	for (const char *const *none = (const char *const[]){ "thirds", "allx",
		     "b", "xx", "two", "_04q8", NULL };
		*none != NULL; none++) {
		struct text_set set = texts_of(&blocks, *none);

		assert_true(text_set_empty(&set));
	}
	free_blocks(&blocks);
}

static void
texts_are_taken_out(void **state)
{
	static struct blocks blocks;
	struct text_set gone = { { 0 } }, set;

	(void)state;
	make(&blocks);
	for (unsigned i = 0; i < TEXTS; i++)
		if (i != 7 && i != 200)
			text_set_add(&gone, i);
	for (size_t i = 0; i < blocks.n; i++) {
		struct buf left = BUF_INIT;

		assert_true(block_without(
			buf_span(&blocks.list[i].body), &gone, &left));
		buf_clear(&blocks.list[i].body);
		buf_put_span(&blocks.list[i].body, buf_span(&left));
		assert_false(block_without(buf_span(&left), &gone, &left));
		buf_free(&left);
	}
	set = texts_of(&blocks, "all");
	for (unsigned i = 0; i < TEXTS; i++)
		assert_int_equal(text_set_has(&set, i), i == 7 || i == 200);
	set = texts_of(&blocks, "one7");
	assert_true(text_set_has(&set, 7));
	set = texts_of(&blocks, "third");
	assert_true(text_set_empty(&set));
	free_blocks(&blocks);
}

/* A truncated or corrupted block is never read beyond its end. */
static void
what_is_no_block_holds_little(void **state)
{
	static struct blocks blocks;
	struct text_set set = { { 0 } };

	(void)state;
	make(&blocks);
	srand(7);
	for (size_t i = 0; i < blocks.n; i++) {
		struct span body = buf_span(&blocks.list[i].body);

		for (size_t len = 0; len <= body.len; len++) {
			char *copy = malloc(len + 1);
			struct buf left = BUF_INIT;

			memcpy(copy, body.data, len);
			for (int flips = 0; len > 0 && flips < 3; flips++)
				copy[(size_t)rand() % len] = (char)rand();
			block_find(
				(struct span){ copy, len }, span_of("x"), &set);
			block_without((struct span){ copy, len }, &set, &left);
			buf_free(&left);
			free(copy);
		}
	}
	free_blocks(&blocks);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_found_by_its_beginning),
		cmocka_unit_test(texts_are_taken_out),
		cmocka_unit_test(what_is_no_block_holds_little),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
