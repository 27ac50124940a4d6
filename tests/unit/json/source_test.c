/* source_test.c: the source text of members and items. */

#include "json/json.h"
#include "json/raw_private.h"

#include "../unit.h"

#include <string.h>

static void
assert_text(struct span got, const char *expected)
{
	if (expected == NULL) {
		assert_null(got.data);
		return;
	}
	assert_non_null(got.data);
	assert_int_equal(got.len, strlen(expected));
	assert_memory_equal(got.data, expected, got.len);
}

static void
gives_a_members_source(void **state)
{
	static const char text[] =
		" { \"a\" : 1.50 , \"b\\\"\" : \"x,}\\\"y\" , \"c\" : { \"a\" :"
		" [ 1, 2 ] } , \"d\":null,\"e\":[\"]\"] } ";
	struct span object = span_of(text);

	(void)state;
	assert_int_equal(json_check(object, JSON_DEPTH_MAX), OK);
	assert_text(json_raw_get(object, "a"), "1.50");
	assert_text(json_raw_get(object, "c"), "{ \"a\" : [ 1, 2 ] }");
	assert_text(json_raw_get(json_raw_get(object, "c"), "a"), "[ 1, 2 ]");
	assert_text(json_raw_get(object, "d"), "null");
	assert_text(json_raw_get(object, "e"), "[\"]\"]");
	assert_text(json_raw_get(object, "x"), NULL);
	assert_text(json_raw_get(object, ""), NULL);
	assert_text(json_raw_get(span_of("{}"), "a"), NULL);
	assert_text(json_raw_get(span_of("[\"a\",1]"), "a"), NULL);
	assert_text(json_raw_get(span_of("1"), "a"), NULL);
}

/* However a key is spelled, every reader treats it as the same key. */
static void
finds_a_member_by_an_escaped_key(void **state)
{
	struct span object = span_of("{\"\\u0070ar\\u0074s\":[1],\"x\\ny\":2,"
				     "\"\\ud83d\\ude00\":3,\"\\/\":4}");
	struct arena arena = ARENA_INIT;
	const struct json *json;

	(void)state;
	assert_int_equal(json_parse(&arena, object, &json), OK);
	assert_int_equal(json_length(json_get(json, "parts")), 1);
	assert_text(json_raw_get(object, "parts"), "[1]");
	assert_text(json_raw_get(object, "x\ny"), "2");
	assert_text(json_raw_get(object, "\xf0\x9f\x98\x80"), "3");
	assert_text(json_raw_get(object, "/"), "4");
	assert_text(json_raw_get(object, "\\u0070arts"), NULL);
	arena_reset(&arena);
}

static void
gives_the_source_of_items(void **state)
{
	struct span array = span_of(" [ 1 , [2,3] ,\"a]\", {\"b\":[4]} ] ");
	static const char *const items[] = { "1", "[2,3]", "\"a]\"",
		"{\"b\":[4]}" };
	struct span item = { NULL, 0 };

	(void)state;
	for (size_t i = 0; i < LENGTH(items); i++) {
		assert_text(json_raw_at(array, i), items[i]);
		assert_true(json_raw_next(array, &item));
		assert_text(item, items[i]);
	}
	assert_false(json_raw_next(array, &item));
	assert_text(json_raw_at(array, LENGTH(items)), NULL);
	assert_text(json_raw_at(span_of("[]"), 0), NULL);
	assert_text(json_raw_at(span_of("{\"a\":1}"), 0), NULL);
	item = (struct span){ NULL, 0 };
	assert_false(json_raw_next(span_of(" [ ] "), &item));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_a_members_source),
		cmocka_unit_test(finds_a_member_by_an_escaped_key),
		cmocka_unit_test(gives_the_source_of_items),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
