/* json_test.c: parsed values, especially where json-c would change them. */

#include "json/json.h"

#include "../unit.h"
#include "base/buf.h"

#include <float.h>
#include <pthread.h>
#include <string.h>

static struct arena arena;

static int
clear(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

static const struct json *
parse(const char *text)
{
	const struct json *json = NULL;

	assert_int_equal(json_parse(&arena, span_of(text), &json), OK);
	assert_non_null(json);
	return json;
}

static void
assert_text(const struct json *json, const char *expected, size_t len)
{
	struct span text = json_text(json);

	assert_int_equal(json_kind(json), JSON_TEXT);
	assert_int_equal(text.len, len);
	assert_memory_equal(text.data, expected, len);
}

static void
knows_every_kind(void **state)
{
	static const struct {
		const char *text;
		enum json_kind kind;
	} cases[] = {
		{ "null", JSON_NULL },
		{ "true", JSON_BOOL },
		{ "false", JSON_BOOL },
		{ "0", JSON_INT },
		{ "-12", JSON_INT },
		{ "1.0", JSON_DOUBLE },
		{ "1e2", JSON_DOUBLE },
		{ "\"\"", JSON_TEXT },
		{ "[]", JSON_ARRAY },
		{ "{}", JSON_OBJECT },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_int_equal(
			json_kind(parse(cases[i].text)), cases[i].kind);
		/* and as a member, because json-c represents null in its own
		 * way */
		assert_int_equal(
			json_kind(json_at(parse(arena_printf(&arena, "[%s]",
						  cases[i].text)),
				0)),
			cases[i].kind);
	}
	assert_int_equal(json_kind(NULL), JSON_ABSENT);
}

static void
tells_null_from_absent(void **state)
{
	const struct json *json = parse("{\"a\":null}");

	(void)state;
	assert_int_equal(json_kind(json_get(json, "a")), JSON_NULL);
	assert_int_equal(json_kind(json_get(json, "b")), JSON_ABSENT);
	assert_null(json_get(json_get(json, "a"), "x"));
	assert_null(json_get(NULL, "x"));
	assert_null(json_at(NULL, 0));
	assert_int_equal(json_length(NULL), 0);
	assert_null(json_text(NULL).data);
}

static void
a_value_of_another_kind_is_the_fallback(void **state)
{
	static const char *const texts[] = { "null", "true", "1", "1.5",
		"\"1\"", "[1]", "{\"a\":1}" };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		const struct json *json = parse(texts[i]);
		enum json_kind kind = json_kind(json);

		assert_int_equal(json_int(json, 77), kind == JSON_INT ? 1 : 77);
		assert_int_equal(json_boolean(json, false), kind == JSON_BOOL);
		assert_true(json_double(json, 77) ==
			(kind == JSON_INT                     ? 1
					: kind == JSON_DOUBLE ? 1.5
							      : 77));
		assert_int_equal(
			json_text(json).data != NULL, kind == JSON_TEXT);
		assert_int_equal(json_at(json, 0) != NULL, kind == JSON_ARRAY);
		assert_int_equal(
			json_get(json, "a") != NULL, kind == JSON_OBJECT);
		assert_int_equal(json_length(json),
			kind == JSON_ARRAY || kind == JSON_OBJECT);
	}
}

static void
walks_arrays_and_objects(void **state)
{
	const struct json *json = parse("{\"b\":[10,20],\"a\":1,\"\":2}"),
			  *value;
	static const char *const keys[] = { "b", "a", "" };
	struct span key;
	size_t at = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(keys); i++) {
		assert_true(json_next(json, &at, &key, &value));
		assert_true(span_is(key, keys[i]));
	}
	assert_false(json_next(json, &at, &key, &value));
	assert_int_equal(json_int(json_get(json, ""), 0), 2);
	assert_int_equal(json_int(json_at(json_get(json, "b"), 1), 0), 20);
	assert_null(json_at(json_get(json, "b"), 2));
	at = 0;
	assert_false(json_next(parse("{}"), &at, &key, &value));
	at = 0;
	assert_false(json_next(parse("[1]"), &at, &key, &value));
}

static void
numbers_keep_their_value(void **state)
{
	static const struct {
		const char *text;
		double value;
	} doubles[] = {
		{ "1.5", 1.5 },
		{ "-2.5e3", -2500 },
		{ "1e-7", 1e-7 },
		{ "5e-324", 5e-324 },
		{ "1.7976931348623157e308", DBL_MAX },
		{ "9223372036854775808", 9223372036854775808.0 },
		{ "-9223372036854775809", -9223372036854775809.0 },
		{ "123456789012345678901234567890", 1.2345678901234568e29 },
		{ "18446744073709551616", 18446744073709551616.0 },
	};

	(void)state;
	assert_int_equal(json_int(parse("0"), 7), 0);
	assert_int_equal(json_int(parse("-0"), 7), 0);
	assert_int_equal(
		json_int(parse("9007199254740993"), 0), 9007199254740993);
	assert_int_equal(
		json_int(parse("-99999999999999999"), 0), -99999999999999999);
	for (size_t i = 0; i < LENGTH(doubles); i++) {
		const struct json *json = parse(doubles[i].text);

		assert_int_equal(json_kind(json), JSON_DOUBLE);
		assert_true(json_double(json, 0) == doubles[i].value);
	}
}

static void
texts_keep_every_character(void **state)
{
	(void)state;
	assert_text(parse("\"a\\u0000b\""), "a\0b", 3);
	assert_text(
		parse("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\\/\b\f\n\r\t", 8);
	assert_text(parse("\"\\u00e9\\u20AC\""), "\xc3\xa9\xe2\x82\xac", 5);
	assert_text(parse("\"\xf0\x9f\x98\x80\""), "\xf0\x9f\x98\x80", 4);
	assert_text(parse("\"\\ud83d\\uDE00\""), "\xf0\x9f\x98\x80", 4);
	assert_text(parse("\"\\uDBFF\\uDFFF\""), "\xf4\x8f\xbf\xbf", 4);
	assert_text(parse("\"\\\\ud800\""), "\\ud800", 6);
	assert_text(parse("\"\\uffff\\ufffe\""), "\xef\xbf\xbf\xef\xbf\xbe", 6);
}

static void
lone_surrogates_are_kept_as_three_bytes(void **state)
{
	(void)state;
	assert_text(parse("\"\\ud800\""), "\xed\xa0\x80", 3);
	assert_text(parse("\"\\uDBFF\""), "\xed\xaf\xbf", 3);
	assert_text(parse("\"\\udc00\""), "\xed\xb0\x80", 3);
	assert_text(parse("\"\\udfff\""), "\xed\xbf\xbf", 3);
	assert_text(parse("\"a\\ud83dz\""), "a\xed\xa0\xbdz", 5);
	/* in reverse order, the same twice, separated by another escape */
	assert_text(parse("\"\\ude00\\ud83d\""), "\xed\xb8\x80\xed\xa0\xbd", 6);
	assert_text(parse("\"\\ud83d\\ud83d\\ude00\""),
		"\xed\xa0\xbd\xf0\x9f\x98\x80", 7);
	assert_text(parse("\"\\ud83d\\n\\ude00\""),
		"\xed\xa0\xbd\n\xed\xb8\x80", 7);
	assert_text(parse("\"\\ud83d\\u0041\""),
		"\xed\xa0\xbd"
		"A",
		4);
	assert_text(parse("\"\\\\\\ud83d\""), "\\\xed\xa0\xbd", 4);
	assert_int_equal(
		json_int(json_get(parse("{\"\\ud800\":5}"), "\xed\xa0\x80"), 0),
		5);
}

static void
a_word_has_no_nul(void **state)
{
	(void)state;
	assert_string_equal(json_str(parse("\"word\"")), "word");
	assert_string_equal(json_str(parse("\"\"")), "");
	assert_null(json_str(parse("\"a\\u0000b\"")));
	assert_null(json_str(parse("1")));
	assert_null(json_str(NULL));
}

/* ---- duplicate keys */

static enum err
strict(const char *text)
{
	const struct json *json;

	return json_parse(&arena, span_of(text), &json);
}

static void
refuses_a_key_that_comes_twice(void **state)
{
	static const char *const texts[] = {
		"{\"a\":1,\"a\":2}",
		"{\"a\":1,\"a\":1}",
		"{\"a\":1,\"b\":2,\"a\":null}",
		"{\"a\":1,\"\\u0061\":2}",
		"[{\"x\":{\"a\":1,\"a\":2}}]",
		"{\"\":1,\"\":2}",
		"{\"a:\":1,\"a:\":2}",
		"{\"\\\"\":1,\"\\u0022\":2}",
		"{\"\\ud800\":1,\"\\uD800\":2}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_int_equal(strict(texts[i]), ERR_INVALID);
	assert_int_equal(strict("{\"a\":1,\"A\":2,\"a \":3}"), OK);
	assert_int_equal(strict("[{\"a\":1},{\"a\":2}]"), OK);
	assert_int_equal(strict("{\"a\":{\"a\":{\"a\":\"a:a\"}}}"), OK);
	assert_int_equal(strict("{\"\\\"\":1,\"\\\\\":2}"), OK);
}

/* json-c's keys end at a NUL: "role\0x" would be read as "role". */
static void
refuses_a_key_with_a_nul(void **state)
{
	(void)state;
	assert_int_equal(strict("{\"a\\u0000b\":1}"), ERR_INVALID);
	assert_int_equal(strict("[{\"\\u0000\":1}]"), ERR_INVALID);
	assert_int_equal(strict("{\"a\\\\u0000b\":\"\\u0000\"}"), OK);
}

static void
loosely_the_last_of_equal_keys_wins(void **state)
{
	const struct json *json = NULL;

	(void)state;
	assert_int_equal(json_parse_loose(&arena,
				 span_of("{\"a\":1,\"b\":2,\"a\":3}"), &json),
		OK);
	assert_int_equal(json_length(json), 2);
	assert_int_equal(json_int(json_get(json, "a"), 0), 3);
}

/* {"k0":0,"k1":1,...} with the last key *last*. */
static enum err
parse_members(int n, const char *last, const struct json **json)
{
	struct buf text = BUF_INIT;
	enum err err;

	buf_putc(&text, '{');
	for (int i = 0; i < n - 1; i++)
		buf_printf(&text, "\"k%d\":%d,", i, i);
	buf_printf(&text, "\"%s\":7}", last);
	err = json_parse(&arena, buf_span(&text), json);
	buf_free(&text);
	return err;
}

static void
reads_very_many_members(void **state)
{
	const struct json *json;

	(void)state;
	assert_int_equal(parse_members(JSON_MEMBERS_MAX, "x", &json), OK);
	assert_int_equal(json_length(json), JSON_MEMBERS_MAX);
	assert_int_equal(json_int(json_get(json, "x"), 0), 7);
	assert_int_equal(json_int(json_get(json, "k9998"), 0), 9998);
	assert_int_equal(
		parse_members(JSON_MEMBERS_MAX, "k5000", &json), ERR_INVALID);
	assert_int_equal(
		parse_members(JSON_MEMBERS_MAX + 1, "x", &json), ERR_TOO_BIG);
}

/* ---- threads */

static void *
parse_often(void *arg)
{
	struct arena own = ARENA_INIT;
	const struct json *json;

	for (int i = 0; i < 2000; i++) {
		const char *text = arena_printf(&own, "{\"n\":[%d,\"x\"]}", i);

		/* an error in between must not affect the next text */
		if (json_parse(&own, span_of("[1,"), &json) != ERR_INVALID ||
			json_parse(&own, span_of(text), &json) != OK ||
			json_int(json_at(json_get(json, "n"), 0), -1) != i)
			*(bool *)arg = false;
	}
	arena_reset(&own);
	return NULL;
}

static void
threads_do_not_disturb_each_other(void **state)
{
	pthread_t threads[4];
	bool well[4];

	(void)state;
	for (size_t i = 0; i < LENGTH(threads); i++) {
		well[i] = true;
		pthread_create(&threads[i], NULL, parse_often, &well[i]);
	}
	for (size_t i = 0; i < LENGTH(threads); i++) {
		pthread_join(threads[i], NULL);
		assert_true(well[i]);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(knows_every_kind),
		TEST(tells_null_from_absent),
		TEST(a_value_of_another_kind_is_the_fallback),
		TEST(walks_arrays_and_objects),
		TEST(numbers_keep_their_value),
		TEST(texts_keep_every_character),
		TEST(lone_surrogates_are_kept_as_three_bytes),
		TEST(a_word_has_no_nul),
		TEST(refuses_a_key_that_comes_twice),
		TEST(refuses_a_key_with_a_nul),
		TEST(loosely_the_last_of_equal_keys_wins),
		TEST(reads_very_many_members),
		TEST(threads_do_not_disturb_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
