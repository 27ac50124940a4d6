/* line_test.c: the visible part of a line, and lines made from parts
 * (plain.h). */

#include "json/line.h"

#include "../unit.h"
#include "base/attr.h"
#include "json/plain.h"
#include "json/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
assert_seen(const char *text, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct span line = line_seen(&arena, span_of(text));

	if (!span_is(line, expected) && line.len + strlen(expected) > 0)
		fail_msg("\"%s\" became \"%.*s\", not \"%s\"", text,
			(int)line.len, line.data != NULL ? line.data : "",
			expected);
	arena_reset(&arena);
}

static const char *
encoded(uint32_t c, char out[5])
{
	if (c < 0x80)
		snprintf(out, 5, "%c", (int)c);
	else if (c < 0x800)
		snprintf(out, 5, "%c%c", (int)(0xc0 | c >> 6),
			(int)(0x80 | (c & 0x3f)));
	else if (c < 0x10000)
		snprintf(out, 5, "%c%c%c", (int)(0xe0 | c >> 12),
			(int)(0x80 | (c >> 6 & 0x3f)),
			(int)(0x80 | (c & 0x3f)));
	else
		snprintf(out, 5, "%c%c%c%c", (int)(0xf0 | c >> 18),
			(int)(0x80 | (c >> 12 & 0x3f)),
			(int)(0x80 | (c >> 6 & 0x3f)),
			(int)(0x80 | (c & 0x3f)));
	return out;
}

/* Each character is invisible alone, and does not change a line. */
static void
invisible_characters_are_removed(void **state)
{
	static const uint32_t ranges[][2] = { { 0xad, 0xad }, { 0x34f, 0x34f },
		{ 0x61c, 0x61c }, { 0x115f, 0x1160 }, { 0x17b4, 0x17b5 },
		{ 0x180e, 0x180e }, { 0x200b, 0x200b }, { 0x200e, 0x200f },
		{ 0x202a, 0x202e }, { 0x2060, 0x206f }, { 0x3164, 0x3164 },
		{ 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff9, 0xfffb },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe007f } };
	char c[5], text[32];

	(void)state;
	for (size_t i = 0; i < LENGTH(ranges); i++)
		for (uint32_t p = ranges[i][0]; p <= ranges[i][1]; p++) {
			assert_seen(encoded(p, c), "");
			snprintf(text, sizeof(text), "%sfdp%s.exe%s", c, c, c);
			assert_seen(text, "fdp.exe");
		}
}

static void
blanks_of_all_kinds_are_one(void **state)
{
	static const uint32_t blanks[] = { 1, '\t', '\n', '\r', ' ', 0x7f, 0x85,
		0x9f, 0xa0, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f,
		0x205f, 0x2800, 0x3000 };
	char c[5], text[32];

	(void)state;
	for (size_t i = 0; i < LENGTH(blanks); i++) {
		assert_seen(encoded(blanks[i], c), "");
		snprintf(text, sizeof(text), "%sa%s %sb%s", c, c, c, c);
		assert_seen(text, "a b");
	}
}

static void
characters_that_scripts_need_stay(void **state)
{
	static const char *const same[] = { "a", "\xf0\x9f\x98\x80",
		/* a family, a heart in colour, Persian and Malayalam */
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
		"\xe2\x9d\xa4\xef\xb8\x8f",
		"\xd9\x85\xdb\x8c\xe2\x80\x8c\xd8\xae\xd9\x88\xd8\xa7",
		"\xe0\xb4\xa8\xe0\xb5\x8d\xe2\x80\x8d",
		"\xe8\x91\x9b\xf3\xa0\x84\x80", "e\xcc\x81",
		"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d", "\xef\xbf\xbd" };

	(void)state;
	for (size_t i = 0; i < LENGTH(same); i++)
		assert_seen(same[i], same[i]);
	/* A joiner without a neighbour. */
	assert_seen("\xe2\x80\x8d\xe2\x80\x8c\xef\xb8\x8f", "");
	assert_seen("a \xe2\x80\x8d b", "a b");
}

static void
a_cut_line_says_so(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	struct span line;

	(void)state;
	assert_true(span_is(line_cut(&arena, span_of("ab"), 2, 9), "ab"));
	assert_true(span_is(line_cut(&arena, span_of("a bc"), 2, 9), "a…"));
	assert_int_equal(line_cut(&arena, span_of(""), 2, 9).len, 0);
	for (int i = 0; i < 60; i++)
		buf_puts(&text, "e\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85");
	line = line_cut(&arena, buf_span(&text), 50, 255);
	assert_true(utf8_valid(line) && utf8_length(line) <= 255);
	assert_memory_equal(line.data + line.len - 3, "…", 3);
	buf_free(&text);
	arena_reset(&arena);
}

/* ---- parts */

static void
assert_plain(struct span parts, size_t max, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct span text = plain_text(&arena, parts, "text", "text", max);

	if (text.len != strlen(expected) ||
		(text.len > 0 && memcmp(text.data, expected, text.len) != 0))
		fail_msg("\"%.*s\" became \"%.*s\", not \"%s\"", (int)parts.len,
			parts.data, (int)text.len, text.data, expected);
	arena_reset(&arena);
}

#define PARTS                                                           \
	"[{\"type\":\"file\",\"filename\":\"x\",\"url\":\"data:,\"},"   \
	"{\"type\":\"text\",\"text\":\"one\\n\\u00e4\\ud83d\\ude00\"}," \
	" { \"text\" : \"two\" , \"type\" : \"text\" },"                \
	"{\"type\":\"data-x\",\"data\":{\"type\":\"text\",\"text\":\"no\"}}]"
#define WHOLE "one \xc3\xa4\xf0\x9f\x98\x80 two"

/* Wherever the text ends, the result is a prefix of the whole result. */
static void
parts_may_be_cut_off_anywhere(void **state)
{
	size_t longest = 0;

	(void)state;
	assert_plain(span_of(PARTS), SIZE_MAX, WHOLE);
	for (size_t len = 0; len <= strlen(PARTS); len++) {
		struct arena arena = ARENA_INIT;
		/* Sanitizer: reads beyond it are detected. */
		char *copy = malloc(len + 1);
		struct span text;

		memcpy(copy, PARTS, len);
		text = plain_text(&arena, (struct span){ copy, len }, "text",
			"text", SIZE_MAX);
		/* Half of a surrogate pair becomes U+FFFD. */
		if (text.len >= 3 &&
			memcmp(text.data + text.len - 3, "\xef\xbf\xbd", 3) ==
				0)
			while (text.len > 0 &&
				(text.data[text.len - 1] & 0x80) != 0 &&
				text.len > strlen("one \xc3\xa4"))
				text.len--;
		assert_true(text.len <= strlen(WHOLE));
		assert_memory_equal(
			text.data != NULL ? text.data : "", WHOLE, text.len);
		assert_true(text.len >= longest);
		longest = text.len;
		free(copy);
		arena_reset(&arena);
	}
	assert_int_equal(longest, strlen(WHOLE));
}

static void
no_more_is_read_than_requested(void **state)
{
	(void)state;
	assert_plain(span_of(PARTS), 0, "");
	assert_plain(span_of(PARTS), 2, "on");
	assert_plain(span_of(PARTS), 4, "one");
	assert_plain(span_of(PARTS), 10, "one");
	assert_plain(span_of(PARTS), 11, "one \xc3\xa4");
	assert_plain(
		span_of("[{\"type\":\"text\",\"text\":\"\xc3\xa4\xc3\xb6\"}]"),
		3, "\xc3\xa4");
	assert_plain(span_of("[{\"type\":\"text\",\"text\":\"ab"), 9, "ab");
	assert_plain(span_of("[{\"type\":\"text\",\"text\":5"), 9, "");
	assert_plain(span_of("[{\"type\":\"text\",\"text\""), 9, "");
	assert_plain(span_of("[{\"type\":\"reasoning\",\"text\":\"ab"), 9, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(invisible_characters_are_removed),
		cmocka_unit_test(blanks_of_all_kinds_are_one),
		cmocka_unit_test(characters_that_scripts_need_stay),
		cmocka_unit_test(a_cut_line_says_so),
		cmocka_unit_test(parts_may_be_cut_off_anywhere),
		cmocka_unit_test(no_more_is_read_than_requested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
