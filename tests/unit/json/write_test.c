/* write_test.c: written JSON. Expected numbers and orders come from
 * JSON.stringify(JSON.parse(text)) in Node 20. */

#include "json/write.h"

#include "../unit.h"
#include "json/utf8.h"

#include <stdlib.h>
#include <string.h>

static struct buf buf;

static int
clear(void **state)
{
	(void)state;
	buf_free(&buf);
	return 0;
}

static void
assert_quoted(const char *text, size_t len, const char *expected)
{
	buf_clear(&buf);
	json_quote(&buf, (struct span){ text, len });
	assert_string_equal(buf_str(&buf), expected);
	assert_int_equal(json_check(buf_span(&buf), 1), OK);
}

#define assert_quote(text, expected) \
	assert_quoted(text, sizeof(text) - 1, "\"" expected "\"")

/* Eight plain bytes are copied at once, and long texts are written in pieces:
 * each character is written the same at every position. */
static void
quotes_alike_at_every_place(void **state)
{
	static const char *const pairs[][2] = { { "\"", "\\\"" },
		{ "\\", "\\\\" }, { "\x1f", "\\u001f" }, { "\n", "\\n" },
		{ "\x7f", "\x7f" }, { "\xc3\xa9", "\xc3\xa9" },
		{ "\xe4\xb8\xad", "\xe4\xb8\xad" },
		{ "\xe0\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80" },
		{ "\xff", "\xef\xbf\xbd" }, { "\xed\xa0\x80", "\\ud800" } };
	static const size_t around[] = { 0, 1, 7, 8, 9, 4080, 4095, 4096,
		4100 };
	struct buf text = BUF_INIT, expected = BUF_INIT;

	(void)state;
	for (size_t p = 0; p < LENGTH(pairs); p++)
		for (size_t a = 0; a < LENGTH(around) * 10; a++) {
			buf_clear(&text);
			buf_clear(&expected);
			buf_putc(&expected, '"');
			for (size_t i = around[a / 10] + a % 10; i > 0; i--) {
				buf_putc(&text, 'x');
				buf_putc(&expected, 'x');
			}
			for (int i = 0; i < 3; i++) {
				buf_puts(&text, pairs[p][0]);
				buf_puts(&expected, pairs[p][1]);
			}
			buf_puts(&text, "yyyyyyyyy");
			buf_puts(&expected, "yyyyyyyyy\"");
			assert_quoted(text.data, text.len, buf_str(&expected));
		}
	buf_free(&text);
	buf_free(&expected);
}

static void
puts_commas_where_they_belong(void **state)
{
	struct json_writer w = json_writer(&buf);

	(void)state;
	json_open(&w, '{');
	json_member_str(&w, "a", "x");
	json_key(&w, "b");
	json_open(&w, '[');
	json_put_int(&w, INT64_MIN);
	json_put_bool(&w, true);
	json_put_bool(&w, false);
	json_put_null(&w);
	json_open(&w, '{');
	json_close(&w, '}');
	json_open(&w, '[');
	json_close(&w, ']');
	json_put_raw(&w, span_of("{\"raw\": 1}"));
	json_close(&w, ']');
	json_member_id(&w, "id", UINT64_MAX);
	json_member_time(&w, "at", 1790000000123);
	json_member_int(&w, "n", -5);
	json_member_raw(&w, "r", span_of("[1]"));
	json_key_span(&w, span_of("t\n"));
	json_put_text(&w, (struct span){ "\0", 1 });
	json_close(&w, '}');
	assert_string_equal(buf_str(&buf),
		"{\"a\":\"x\",\"b\":[-9223372036854775808,true,false,null,{},"
		"[],{\"raw\": 1}],\"id\":\"18446744073709551615\","
		"\"at\":\"2026-09-21T14:13:20.123Z\",\"n\":-5,\"r\":[1],"
		"\"t\\n\":\"\\u0000\"}");
	assert_int_equal(json_check(buf_span(&buf), 8), OK);
}

static void
escapes_what_must_be(void **state)
{
	(void)state;
	assert_quote("", "");
	assert_quote("plain /text", "plain /text");
	assert_quote("\"\\\b\f\n\r\t", "\\\"\\\\\\b\\f\\n\\r\\t");
	assert_quote("\0\x01\x1f\x7f", "\\u0000\\u0001\\u001f\x7f");
	assert_quote("\xc2\x80\xe2\x80\xa8\xf0\x9f\x98\x80",
		"\xc2\x80\xe2\x80\xa8\xf0\x9f\x98\x80");
	assert_quote(
		"\xef\xbf\xbf\xf4\x8f\xbf\xbf", "\xef\xbf\xbf\xf4\x8f\xbf\xbf");
}

static void
surrogates_are_joined_or_escaped(void **state)
{
	(void)state;
	assert_quote("\xed\xa0\x80", "\\ud800");
	assert_quote("\xed\xbf\xbf", "\\udfff");
	assert_quote("a\xed\xa0\xbdz", "a\\ud83dz");
	assert_quote("\xed\xa0\xbd\xed\xb8\x80", "\xf0\x9f\x98\x80");
	assert_quote("\xed\xa0\x80\xed\xb0\x80", "\xf0\x90\x80\x80");
	assert_quote("\xed\xaf\xbf\xed\xbf\xbf", "\xf4\x8f\xbf\xbf");
	assert_quote("\xed\xb8\x80\xed\xa0\xbd", "\\ude00\\ud83d");
	assert_quote("\xed\xa0\xbd\xed\xa0\xbd\xed\xb8\x80",
		"\\ud83d\xf0\x9f\x98\x80");
}

static void
what_is_no_utf8_is_replaced(void **state)
{
	(void)state;
	assert_quote("a\xff"
		     "b",
		"a\xef\xbf\xbd"
		"b");
	assert_quote("\xc3(", "\xef\xbf\xbd(");
	assert_quote("\xe2\x82", "\xef\xbf\xbd");
	assert_quote("\xf0\x9f\x98", "\xef\xbf\xbd");
	assert_quote("\xed\xa0", "\xef\xbf\xbd\xef\xbf\xbd");
	assert_quote("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");
}

/* Every pair of bytes, and random bytes: the output is always valid JSON. */
static void
writes_json_whatever_it_is_given(void **state)
{
	unsigned seed = 5;
	char text[24];

	(void)state;
	for (int i = 0; i < 65536 + 100000; i++) {
		size_t len = i < 65536 ? 2 : (size_t)(rand_r(&seed) % 24);

		for (size_t k = 0; k < len; k++)
			text[k] = (char)(i < 65536 ? i >> 8 * (1 - k)
						   : rand_r(&seed) | 0x80);
		buf_clear(&buf);
		json_quote(&buf, (struct span){ text, len });
		assert_int_equal(json_check(buf_span(&buf), 1), OK);
	}
}

/* ---- parsed values */

static void
assert_put(const char *text, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct json_writer w;
	const struct json *json;

	assert_int_equal(json_parse(&arena, span_of(text), &json), OK);
	buf_clear(&buf);
	w = json_writer(&buf);
	json_put(&w, json);
	assert_string_equal(buf_str(&buf), expected);
	arena_reset(&arena);
}

static void
numbers_are_written_as_javascript_does(void **state)
{
	static const char *const cases[][2] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "-0.0", "0" },
		{ "1", "1" },
		{ "-1", "-1" },
		{ "1.0", "1" },
		{ "1.50", "1.5" },
		{ "0.1", "0.1" },
		{ "1e21", "1e+21" },
		{ "1e20", "100000000000000000000" },
		{ "123456789012345678901", "123456789012345680000" },
		{ "999999999999999999999", "1e+21" },
		{ "1e-6", "0.000001" },
		{ "1e-7", "1e-7" },
		{ "1.5e-7", "1.5e-7" },
		{ "0.000001234", "0.000001234" },
		{ "123e-20", "1.23e-18" },
		{ "5e-324", "5e-324" },
		{ "1.7976931348623157e308", "1.7976931348623157e+308" },
		{ "1e400", "null" },
		{ "-1e400", "null" },
		{ "9007199254740993", "9007199254740992" },
		{ "9223372036854775807", "9223372036854776000" },
		{ "0.30000000000000004", "0.30000000000000004" },
		{ "100", "100" },
		{ "1e2", "100" },
		{ "1.25e25", "1.25e+25" },
		{ "4.35", "4.35" },
		{ "2e-3", "0.002" },
		{ "-12.5e-10", "-1.25e-9" },
		{ "333333333.33333329", "333333333.3333333" },
		{ "1E+3", "1000" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_put(cases[i][0], cases[i][1]);
}

static void
members_are_ordered_as_javascript_does(void **state)
{
	(void)state;
	assert_put("{\"b\":1,\"a\":2,\"10\":3,\"9\":4,\"01\":5,\"-1\":6,"
		   "\"4294967294\":7,\"4294967295\":8,\"1.5\":9}",
		"{\"9\":4,\"10\":3,\"4294967294\":7,\"b\":1,\"a\":2,\"01\":5,"
		"\"-1\":6,\"4294967295\":8,\"1.5\":9}");
	assert_put("{\"\":{\"2\":0,\"1\":0}}", "{\"\":{\"1\":0,\"2\":0}}");
	assert_put(" [ 1 , { \"x\" : null } , [ ] , { } , true ] ",
		"[1,{\"x\":null},[],{},true]");
}

static void
texts_come_out_as_javascript_writes_them(void **state)
{
	(void)state;
	assert_put("\"\\u0000\\u001f\\u007f\\u0080\\u2028\\ud83d\\ude00\\ud800"
		   "\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
		"\"\\u0000\\u001f\x7f\xc2\x80\xe2\x80\xa8\xf0\x9f\x98\x80"
		"\\ud800\\\"\\\\/\\b\\f\\n\\r\\t\"");
	assert_put("{\"\\ud800\":\"\\udc00\"}", "{\"\\ud800\":\"\\udc00\"}");
}

/* Written JSON parses to the same value. */
static void
writing_twice_changes_nothing(void **state)
{
	static const char *const texts[] = {
		"[0.1,1e300,-5e-324,123456789,\"\\ud800\",null]",
		"{\"2\":[{\"1\":{}}],\"\\u0001\":\"\\\\\"}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct arena arena = ARENA_INIT;
		struct json_writer w;
		const struct json *json;
		char *once;

		assert_int_equal(
			json_parse(&arena, span_of(texts[i]), &json), OK);
		buf_clear(&buf);
		w = json_writer(&buf);
		json_put(&w, json);
		once = arena_str(&arena, buf.data, buf.len);
		assert_put(once, once);
		arena_reset(&arena);
	}
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(quotes_alike_at_every_place),
		TEST(puts_commas_where_they_belong),
		TEST(escapes_what_must_be),
		TEST(surrogates_are_joined_or_escaped),
		TEST(what_is_no_utf8_is_replaced),
		TEST(writes_json_whatever_it_is_given),
		TEST(numbers_are_written_as_javascript_does),
		TEST(members_are_ordered_as_javascript_does),
		TEST(texts_come_out_as_javascript_writes_them),
		TEST(writing_twice_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
