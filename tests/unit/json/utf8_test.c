/* utf8_test.c: every valid UTF-8 sequence, and invalid ones. */

#include "json/utf8.h"

#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* U+FFFD */
#define R "\xef\xbf\xbd"

/* Decodes the bytes at *text* by the definition: the code point, if it is in
 * its shortest form, not a surrogate, and at most 10FFFF; otherwise -1. */
static long
decode(const unsigned char *text, size_t len)
{
	static const long smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = text[0] < 0x80 ? 1
		: text[0] < 0xc0  ? 0
		: text[0] < 0xe0  ? 2
		: text[0] < 0xf0  ? 3
		: text[0] < 0xf8  ? 4
				  : 0;
	long code;

	if (n != len)
		return -1;
	code = n == 1 ? text[0] : text[0] & (0xff >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (text[i] & 0x3f);
	}
	if (code < smallest[n] || code > 0x10ffff ||
		(code >= 0xd800 && code <= 0xdfff))
		return -1;
	return code;
}

/* All sequences of one, two and three bytes, and four-byte sequences that begin
 * with two bytes at the edges of the rules. */
static void
takes_exactly_the_defined_sequences(void **state)
{
	static const unsigned char edges[] = { 0x00, 0x41, 0x7f, 0x80, 0x8f,
		0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed,
		0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff };
	unsigned char text[4];
	size_t bad, valid = 0;

	(void)state;
	for (unsigned i = 0; i < 1U << 24; i++) {
		size_t len = i < 1U << 8 ? 1 : i < 1U << 16 ? 2 : 3;
		struct span span = { (char *)text, len };
		bool whole;

		for (size_t k = 0; k < len; k++)
			text[k] = (unsigned char)(i >> 8 * (len - 1 - k));
		whole = utf8_char(span, &bad) == len;
		assert_int_equal(whole, decode(text, len) >= 0);
		valid += whole;
	}
	for (size_t i = 0; i < LENGTH(edges) * LENGTH(edges); i++)
		for (unsigned k = 0; k < 1U << 16; k++) {
			struct span span = { (char *)text, 4 };

			text[0] = edges[i / LENGTH(edges)];
			text[1] = edges[i % LENGTH(edges)];
			text[2] = (unsigned char)(k >> 8);
			text[3] = (unsigned char)k;
			assert_int_equal(utf8_char(span, &bad) == 4,
				decode(text, 4) >= 0);
		}
	assert_true(valid > 128 + 1920);
}

static void
assert_repair(const char *text, size_t len, const char *expected)
{
	struct buf buf = BUF_INIT;

	utf8_repair(&buf, (struct span){ text, len });
	assert_string_equal(buf_str(&buf), expected);
	assert_true(utf8_valid(buf_span(&buf)));
	assert_int_equal(utf8_valid((struct span){ text, len }),
		buf.len == len && memcmp(buf_str(&buf), text, len) == 0);
	buf_free(&buf);
}

#define repair(text, expected) assert_repair(text, sizeof(text) - 1, expected)

/* Expected: the result of TextDecoder in Node 20. */
static void
replaces_what_is_broken_as_a_browser_does(void **state)
{
	(void)state;
	repair("", "");
	repair("plain", "plain");
	repair("\x80", R);
	repair("\xff", R);
	repair("\xc3\x28", R "(");
	repair("\xc0\xaf", R R);
	repair("\xe2\x80\x28", R "(");
	repair("\xe2\x82", R);
	repair("\xf0\x9f\x98", R);
	repair("\xf0\x9f\x98\x41", R "A");
	repair("\xed\xa0\x80", R R R);
	repair("\xed\xbf\xbf\x41", R R R "A");
	repair("\xf4\x90\x80\x80", R R R R);
	repair("\xf5\x80\x80\x80", R R R R);
	repair("\xe0\x80\x9f", R R R);
	repair("\xc3\xc3\xa9", R "\xc3\xa9");
	repair("\xf0\x80\x80\x80", R R R R);
	repair("\xe2\x82\xe2\x82\xac", R "\xe2\x82\xac");
	repair("a\xff"
	       "b",
		"a" R "b");
	repair("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
}

/* An invalid byte at every position of a text that is read eight bytes at a
 * time, in memory that ends with the text. */
static void
finds_a_broken_byte_anywhere(void **state)
{
	(void)state;
	for (size_t len = 1; len < 40; len++) {
		char *text = malloc(len);

		memset(text, 'x', len);
		assert_true(utf8_valid((struct span){ text, len }));
		for (size_t i = 0; i < len; i++) {
			text[i] = (char)0xc3;
			assert_false(utf8_valid((struct span){ text, len }));
			text[i] = 'x';
		}
		free(text);
	}
	assert_true(utf8_valid((struct span){ NULL, 0 }));
}

static void
counts_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_length(span_of("")), 0);
	assert_int_equal(utf8_length(span_of("abc")), 3);
	assert_int_equal(
		utf8_length(span_of("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80")),
		3);
}

static void
assert_prefix(const char *text, size_t max, const char *expected)
{
	struct span got = utf8_prefix(span_of(text), max);

	assert_int_equal(got.len, strlen(expected));
	assert_memory_equal(got.data, expected, got.len);
	assert_true(utf8_valid(got));
}

#define FAMILY                                         \
	"\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9" \
	"\xe2\x80\x8d\xf0\x9f\x91\xa7" /* joined by ZWJ */
#define FLAG "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"
#define THUMB "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd" /* with a skin tone */
#define E_ACUTE "e\xcc\x81" /* with a combining mark */
#define HEART "\xe2\x9d\xa4\xef\xb8\x8f" /* with a variation selector */

static void
cuts_between_what_people_see_as_characters(void **state)
{
	static const char *const clusters[] = { "a", FAMILY, FLAG, THUMB,
		E_ACUTE, HEART, "\xe4\xb8\xad", "\r\n" };

	(void)state;
	assert_prefix("", 5, "");
	assert_prefix("abc", 0, "");
	assert_prefix("abc", 2, "ab");
	assert_prefix("abc", 3, "abc");
	assert_prefix("abc", 50, "abc");
	for (size_t i = 0; i < LENGTH(clusters); i++) {
		char twice[64], and_more[sizeof(twice) + 1];

		snprintf(
			twice, sizeof(twice), "%s%s", clusters[i], clusters[i]);
		snprintf(and_more, sizeof(and_more), "%sz", twice);
		assert_prefix(twice, 1, clusters[i]);
		assert_prefix(twice, 2, twice);
		assert_prefix(and_more, 2, twice);
		assert_prefix(and_more, 3, and_more);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_exactly_the_defined_sequences),
		cmocka_unit_test(replaces_what_is_broken_as_a_browser_does),
		cmocka_unit_test(finds_a_broken_byte_anywhere),
		cmocka_unit_test(counts_characters),
		cmocka_unit_test(cuts_between_what_people_see_as_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
