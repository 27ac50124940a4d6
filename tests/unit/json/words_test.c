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

/* All words with a blank between them; good until the next call. */
static const char *
words(const char *text, bool asked)
{
	static struct buf buf;

	buf_clear(&buf);
	words_each(span_of(text), asked, add, &buf);
	return buf_str(&buf);
}

static void
test_ascii(void **state)
{
	(void)state;
	assert_string_equal(words("", false), "");
	assert_string_equal(words(" \n.,;!?", false), "");
	assert_string_equal(words("Hello, World", false), "hello world");
	assert_string_equal(words("a_b-c 100% x86", false), "a b c 100 x86");
	assert_string_equal(words("+a* \"b\" (c)", true), "a b c");
}

static void
test_folding(void **state)
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

/* What begins a word in the text begins its form here, and nothing else. */
static void
test_other_letters(void **state)
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
test_dense(void **state)
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
test_long_words(void **state)
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii),
		cmocka_unit_test(test_folding),
		cmocka_unit_test(test_other_letters),
		cmocka_unit_test(test_dense),
		cmocka_unit_test(test_long_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
