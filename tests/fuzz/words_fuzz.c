/*
 * words_fuzz.c: texts that are searched and shown. Must hold for any text: its
 * words are found in it and in a block of the index, lines and pages stay valid
 * UTF-8 and no longer than they may be. Any bytes may be a block.
 */

#include "fuzz.h"

#include "base/arena.h"
#include "repo/search_block.h"
#include "json/line.h"
#include "json/pages.h"
#include "json/plain.h"
#include "json/utf8.h"
#include "json/words.h"

#define TEXT 7 /* its number in the block */
#define CLUSTERS 20
#define CHARS 40

struct found {
	struct span text;
	struct buf words; /* each followed by a blank */
	struct buf block; /* of one word, to look it up again */
};

static void
collect(struct span word, void *arg)
{
	struct found *found = arg;

	must(word.len > 0 && word.len <= WORD_MAX, "a word's length");
	for (size_t i = 0; i < word.len; i++)
		must(strchr("0123456789abcdefghijklmnopqrstuvwxyz_",
			     word.data[i]) != NULL,
			"a word is ASCII");
	must(words_find(found->text, word) < found->text.len,
		"a word of the text is found in it");
	buf_put_span(&found->words, word);
	buf_putc(&found->words, ' ');
}

static enum err
check_block(struct span shard, struct span body, void *arg)
{
	const struct found *found = arg;
	const char *at = buf_str(&found->words);

	for (size_t len; *at != '\0'; at += len + 1) {
		struct text_set set = { { 0 } };
		struct block_key key;

		len = strcspn(at, " ");
		key = block_key((struct span){ at, len });
		if (!span_equal(key.shard, shard))
			continue;
		block_find(body, key.rest, &set);
		must(text_set_has(&set, TEXT) && text_set_count(&set) == 1,
			"a word's text is in its block");
	}
	return OK;
}

static void
check_words(struct span text)
{
	struct found found = { .text = text };
	struct block_words words = { 0 };

	words_each(text, false, collect, &found);
	block_add(&words, TEXT, buf_span(&found.words));
	must(block_each(&words, check_block, &found) == OK, "blocks");
	block_free(&words);
	buf_free(&found.words);
}

static void
check_lines(struct arena *arena, struct span text)
{
	struct span line = line_seen(arena, text);
	struct span cut = line_cut(arena, line, CLUSTERS, CHARS);

	must(utf8_valid(line) && utf8_valid(cut), "a line is UTF-8");
	must(span_equal(line_seen(arena, line), line), "seen once is enough");
	must(utf8_length(cut) <= CHARS, "cut to so many characters");
	must(utf8_valid(pages_trimmed(arena, text)), "pages are UTF-8");
}

static void
ignore(struct span rest, void *arg)
{
	(void)rest;
	(void)arg;
}

static void
check_any_block(struct span body)
{
	struct text_set set = { { 0 } }, gone = { { 2 } };
	struct buf out = BUF_INIT;

	block_each_rest(body, ignore, NULL);
	block_find(body, span_of(""), &set);
	must(text_set_count(&set) <= BLOCK_TEXTS, "texts of a block");
	(void)block_without(body, &gone, &out);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span bytes = fuzz_span(data, size);
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;

	check_any_block(bytes);
	must(utf8_valid(plain_text(&arena, bytes, "text", "text", 100)),
		"plain text is UTF-8");
	utf8_repair(&text, bytes);
	must(utf8_valid(buf_span(&text)), "repaired");
	check_words(buf_span(&text));
	check_lines(&arena, buf_span(&text));
	buf_free(&text);
	arena_reset(&arena);
	return 0;
}
