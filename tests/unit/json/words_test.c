/* words_test.c: the words of texts in several scripts. */

#include "json/words.h"

#include "../unit.h"
#include "base/buf.h"

#include <stdio.h>
#include <string.h>

static void
add(struct span word, void *arg)
{
	struct buf *buf = arg;

	if (buf->len > 0)
		buf_putc(buf, ' ');
	buf_put_span(buf, word);
}

/* All words, separated by blanks; valid until the next call. */
static const char *
words(const char *text, bool asked)
{
	static struct buf buf;

	buf_clear(&buf);
	words_each(span_of(text), asked, add, &buf);
	return buf_str(&buf);
}

static void
test_ascii_splits_into_lower_case_words(void **state)
{
	(void)state;
	assert_string_equal(words("", false), "");
	assert_string_equal(words(" \n.,;!?", false), "");
	assert_string_equal(words("Hello, World", false), "hello world");
	assert_string_equal(words("a_b-c 100% x86", false), "a b c 100 x86");
	assert_string_equal(words("+a* \"b\" (c)", true), "a b c");
}

static void
test_accents_and_width_are_folded(void **state)
{
	(void)state;
	/* composed and decomposed, full width, ligature, sharp s */
	assert_string_equal(words("G\xc3\xb6teborg", false), "goteborg");
	assert_string_equal(words("Go\xcc\x88teborg", false), "goteborg");
	assert_string_equal(words("\xef\xbc\xa1\xef\xbc\xa2", false), "ab");
	assert_string_equal(words("\xef\xac\x81ne", false), "fine");
	assert_string_equal(words("Stra\xc3\x9f"
				  "e",
				    false),
		"strasse");
}

/* Prefixes of the text are prefixes of its folded form, and nothing else is. */
static void
test_other_letters_keep_prefixes(void **state)
{
	char whole[128];

	(void)state;
	/* ПРИВЕТ мир */
	snprintf(whole, sizeof(whole), "%s",
		words("\xd0\x9f\xd0\xa0\xd0\x98\xd0\x92", false));
	assert_string_equal(whole, "_011v_0120_011o_011i");
	assert_memory_equal(whole, words("\xd0\xbf\xd1\x80", false), 10);
	assert_string_not_equal(
		whole, words("\xd0\xbf\xd1\x81\xd0\xb8\xd0\xb2", false));
}

static void
test_scripts_without_blanks_become_pairs(void **state)
{
	(void)state;
	/* 你好世 : 你 4f60, 好 597d, 世 4e16 */
	assert_string_equal(
		words("\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96", false),
		"_0jr0_0mbt _0mbt_0jgm _0jgm");
	assert_string_equal(words("\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xb8\x96", true),
		"_0jr0_0mbt _0mbt_0jgm");
	assert_string_equal(words("\xe4\xbd\xa0", true), "_0jr0");
	assert_string_equal(words("\xe4\xbd\xa0\xe3\x80\x82\xe5\xa5\xbd", true),
		"_0jr0 _0mbt");
	assert_string_equal(words("abc\xe4\xbd\xa0\xe5\xa5\xbdxyz", false),
		"abc _0jr0_0mbt _0mbt xyz");
	/* a lizard */
	assert_string_equal(words("\xf0\x9f\xa6\x8e", false), "_3uce");
}

static void
test_long_words_are_cut(void **state)
{
	char text[2001];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(strlen(words(text, false)), WORD_MAX);
	for (size_t i = 0; i + 1 < sizeof(text); i += 2)
		memcpy(text + i, "\xd0\xbf", 2);
	assert_int_equal(strlen(words(text, false)), 75);
	memcpy(text + 1998, " y", 2);
	assert_string_equal(words(text, false) + 75, " y");
}

/* ---- searching */

static const char *
found(const char *text, const char *query)
{
	size_t at;
	char word[WORD_MAX + 1];

	snprintf(word, sizeof(word), "%s", words(query, true));
	word[strcspn(word, " ")] = '\0';
	at = words_find(span_of(text), span_of(word));
	return text + at;
}

static void
test_finds_the_word_as_written(void **state)
{
	(void)state;
	assert_string_equal(found("a lamp", "LAMP"), "lamp");
	assert_string_equal(found("alamp, Lamplight", "lamp"), "Lamplight");
	assert_string_equal(
		found("in G\xc3\xb6teborg", "gote"), "G\xc3\xb6teborg");
	assert_string_equal(found("in Go\xcc\x88teborg", "g\xc3\xb6te"),
		"Go\xcc\x88teborg");
	assert_string_equal(found("die Stra\xc3\x9f"
				  "e",
				    "strass"),
		"Stra\xc3\x9f"
		"e");
	assert_string_equal(found("abc 深海の魚", "海の"), "海の魚");
	assert_string_equal(found("abc深海", "abc"), "abc深海");
	assert_string_equal(found("魚", "魚"), "魚");
	/* words that begin inside a character */
	assert_string_equal(found("a \xc2\xbd b", "2"), "\xc2\xbd b");
	assert_string_equal(
		found("\u0e20\u0e33\u0e17", "\u0e32\u0e17"), "\u0e33\u0e17");
	assert_string_equal(found("nothing", "thing"), "");
	assert_string_equal(found("", "x"), "");
	assert_string_equal(found("ab c", "abc"), "");
}

/* Every word from words_each() is found in the text. */
struct place_check {
	struct span text;
	unsigned n;
};

static void
has_place(struct span word, void *arg)
{
	struct place_check *check = arg;

	assert_true(words_find(check->text, word) < check->text.len);
	check->n++;
}

static void
test_every_word_has_a_place(void **state)
{
	static const char *const texts[] = { "The lamplighter, 1872",
		"G\xc3\xb6teborg Stra\xc3\x9f"
		"e \xef\xac\x81ne",
		"深海の魚abc魚", "Привет, мир", "한국어 문장", "🦎🐟 emoji",
		"ภาษาไทย", "\xef\xb7\xba" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct place_check check = { span_of(texts[i]), 0 };

		words_each(check.text, false, has_place, &check);
		assert_true(check.n > 0);
	}
}

/* A text is folded in pieces, but no word is cut at their borders. */
static void
test_no_word_is_cut_between_pieces(void **state)
{
	struct buf text = BUF_INIT, wanted = BUF_INIT;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		buf_printf(&text, "%s\xc3\x96l\xe1\xbb\x99%d", i > 0 ? " " : "",
			i);
		buf_printf(&wanted, "%solo%d", i > 0 ? " " : "", i);
	}
	assert_string_equal(words(buf_str(&text), false), buf_str(&wanted));
	buf_free(&text);
	buf_free(&wanted);
}

static void
count_word(struct span word, void *arg)
{
	(void)word;
	(*(unsigned *)arg)++;
}

/* "ﷺ" folds to four words, 33 bytes. */
static void
test_what_folding_makes_long(void **state)
{
	enum { N = 60000 };
	struct buf text = BUF_INIT;
	unsigned n = 0;

	(void)state;
	words_each(span_of("ﷺ ﷺ"), false, count_word, &n);
	assert_int_equal(n, 8);
	for (int i = 0; i < N; i++)
		buf_puts(&text, "ﷺ ");
	n = 0;
	words_each(buf_span(&text), false, count_word, &n);
	assert_in_range(n, N, 2 * N);
	buf_puts(&text, "end");
	assert_int_equal(words_find(buf_span(&text), span_of("end")), text.len);
	buf_free(&text);
}

/* Comparing a long word at each letter of "aaaa..." would take seconds. */
static void
test_finding_ends_however_often_a_word_begins(void **state)
{
	enum { N = 1 << 20 };
	struct buf text = BUF_INIT;
	struct span part;

	(void)state;
	for (int i = 0; i < N; i++)
		buf_putc(&text, 'a');
	buf_puts(&text, "b lamplight");
	part = (struct span){ text.data + N - 70, 71 };
	assert_int_equal(words_find_inside(buf_span(&text), part), text.len);
	assert_int_equal(
		words_find_inside(buf_span(&text), span_of("amp")), N + 3);
	buf_free(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii_splits_into_lower_case_words),
		cmocka_unit_test(test_accents_and_width_are_folded),
		cmocka_unit_test(test_other_letters_keep_prefixes),
		cmocka_unit_test(test_scripts_without_blanks_become_pairs),
		cmocka_unit_test(test_long_words_are_cut),
		cmocka_unit_test(test_finds_the_word_as_written),
		cmocka_unit_test(test_every_word_has_a_place),
		cmocka_unit_test(test_no_word_is_cut_between_pieces),
		cmocka_unit_test(test_what_folding_makes_long),
		cmocka_unit_test(test_finding_ends_however_often_a_word_begins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
