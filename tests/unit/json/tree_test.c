/*
 * tree_test.c: the cost of JSON as a tree. A short text can contain very many
 * values; it is refused before they are allocated.
 */

#include "../unit.h"

#include "base/attr.h"
#include "base/buf.h"
#include "json/json.h"

#include <malloc.h>
#include <string.h>

/* Texts that repeat one piece: the worst case of each kind of value. %zu is the
 * piece's number. */
static const struct {
	const char *open, *piece, *close;
} shapes[] = {
	{ "[", "{}", "]" },
	{ "[", "[]", "]" },
	{ "[", "[{}]", "]" },
	{ "[", "1", "]" },
	{ "[", "1.5", "]" },
	{ "[", "\"\"", "]" },
	{ "[", "null", "]" },
	{ "[", "\"0123456789012345678901234567890123456789\"", "]" },
	{ "[", "{\"a\":1}", "]" },
	{ "[", "{\"a\":{},\"b\":[],\"c\":1,\"d\":\"\"}", "]" },
	{ "[",
		"{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,"
		"\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1}",
		"]" },
	{ "[", "[[[[[[[[[[{}]]]]]]]]]]", "]" },
	{ "[", "\"\\ud800\"", "]" },
	{ "[", "123456789012345678901234567890", "]" },
	{ "{", "\"k%zu\":1", "}" },
	{ "{", "\"k%zu\":{}", "}" },
};

static void
repeat_into(struct buf *text, size_t shape, size_t n)
{
	buf_puts(text, shapes[shape].open);
	for (size_t i = 0; i < n; i++) {
		const char *number = strstr(shapes[shape].piece, "%zu");

		if (i > 0)
			buf_putc(text, ',');
		if (number == NULL) {
			buf_puts(text, shapes[shape].piece);
			continue;
		}
		buf_append(text, shapes[shape].piece,
			(size_t)(number - shapes[shape].piece));
		buf_printf(text, "%zu%s", i, number + 3);
	}
	buf_puts(text, shapes[shape].close);
}

static void
repeat(struct buf *text, size_t shape, size_t n)
{
	buf_clear(text);
	repeat_into(text, shape, n);
}

/* The highest number of pieces that is still parsed. */
static size_t
most(struct buf *text, size_t shape)
{
	size_t low = 1, high = 1 << 18;
	struct arena arena = ARENA_INIT;
	const struct json *json;

	while (low + 1 < high) {
		size_t n = (low + high) / 2;

		repeat(text, shape, n);
		if (json_parse(&arena, buf_span(text), &json) == OK)
			low = n;
		else
			high = n;
		arena_reset(&arena);
	}
	return low;
}

static void
a_tree_takes_no_more_than_its_cap(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	const struct json *json;

	(void)state;
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		size_t n = most(&text, i), before, taken;

		repeat(&text, i, n + 1);
		assert_int_equal(json_parse(&arena, buf_span(&text), &json),
			ERR_TOO_BIG);
		repeat(&text, i, n);
		before = mallinfo2().uordblks + mallinfo2().hblkhd;
		assert_int_equal(
			json_parse(&arena, buf_span(&text), &json), OK);
		taken = mallinfo2().uordblks + mallinfo2().hblkhd - before;
		if (taken > JSON_TREE_MAX)
			fail_msg("%s: %zu times %zu bytes", shapes[i].piece, n,
				taken);
		arena_reset(&arena);
	}
	buf_free(&text);
}

static void
a_bomb_takes_nothing(void **state)
{
	const size_t len = (size_t)32 << 20;
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	const struct json *json;
	size_t before;

	(void)state;
	for (size_t i = 0; i < LENGTH(shapes); i++) {
		repeat(&text, i, 1 << 18);
		buf_reserve(&text, len - text.len);
		memset(text.data + text.len, ' ', len - text.len);
		text.len = len;
		before = mallinfo2().uordblks + mallinfo2().hblkhd;
		assert_int_not_equal(
			json_parse(&arena, buf_span(&text), &json), OK);
		assert_int_not_equal(
			json_parse_loose(&arena, buf_span(&text), &json), OK);
		assert_int_equal(
			mallinfo2().uordblks + mallinfo2().hblkhd, before);
	}
	buf_free(&text);
}

/* The operator's own files are parsed whatever they cost. */
static void
own_files_have_no_cap(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	const struct json *json;

	(void)state;
	repeat(&text, 0, 100000);
	assert_int_equal(json_parse_own(&arena, buf_span(&text), &json), OK);
	assert_int_equal(json_length(json), 100000);
	assert_int_equal(
		json_parse_own(&arena, span_of("{\"a\":1,\"a\":1}"), &json),
		ERR_INVALID);
	arena_reset(&arena);
	buf_free(&text);
}

/* The limit in an event loop is lower. */
static void
a_loop_parses_less(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	const struct json *json;

	(void)state;
	repeat(&text, 0, 3000);
	assert_int_equal(
		json_parse_loose(&arena, buf_span(&text), &json), ERR_TOO_BIG);
	assert_int_equal(json_parse_within(
				 &arena, buf_span(&text), JSON_TREE_MAX, &json),
		OK);
	arena_reset(&arena);
	buf_free(&text);
}

/* Stored parts may be large, but not without limit. */
static void
an_array_keeps_the_items_that_fit(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf text = BUF_INIT;
	const struct json *json;

	(void)state;
	buf_puts(&text, " [\"first\",\"");
	for (int i = 0; i < 10 << 20; i++)
		buf_putc(&text, 'a');
	buf_puts(&text, "\",");
	repeat_into(&text, 0, 50000);
	buf_puts(&text, ",\"last\"] ");
	assert_int_equal(json_parse_items(&arena, buf_span(&text), &json), OK);
	assert_int_equal(json_length(json), 3);
	assert_string_equal(json_str(json_at(json, 0)), "first");
	assert_int_equal(json_text(json_at(json, 1)).len, 10 << 20);
	assert_string_equal(json_str(json_at(json, 2)), "last");
	assert_int_equal(
		json_parse_items(&arena, span_of("[1,{\"a\":2}]"), &json), OK);
	assert_int_equal(json_length(json), 2);
	assert_int_equal(json_parse_items(&arena, span_of("[]"), &json), OK);
	assert_int_equal(
		json_parse_items(&arena, span_of("{}"), &json), ERR_INVALID);
	assert_int_equal(
		json_parse_items(&arena, span_of("[1"), &json), ERR_INVALID);
	arena_reset(&arena);
	buf_free(&text);
}

/* The duplicate-key check of texts that stay texts has no other limit. */
static void
texts_are_checked_without_a_tree(void **state)
{
	struct buf text = BUF_INIT;

	(void)state;
	repeat(&text, 0, 1 << 20);
	assert_int_equal(json_check_once(buf_span(&text)), OK);
	assert_int_equal(
		json_check_once(span_of("[{\"a\":1},{\"b\":1,\"b\":2}]")),
		ERR_INVALID);
	assert_int_equal(
		json_check_once(span_of("{\"a\":{\"b\":1},\"b\":{\"a\":2}}")),
		OK);
	assert_int_equal(
		json_check_once(span_of("{\"\\ud83d\\ude00\":1,\"😀\":2}")),
		ERR_INVALID);
	buf_free(&text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tree_takes_no_more_than_its_cap),
		cmocka_unit_test(a_bomb_takes_nothing),
		cmocka_unit_test(own_files_have_no_cap),
		cmocka_unit_test(a_loop_parses_less),
		cmocka_unit_test(an_array_keeps_the_items_that_fit),
		cmocka_unit_test(texts_are_checked_without_a_tree),
	};

	return cmocka_run_group_tests_name("tree", tests, NULL, NULL);
}
