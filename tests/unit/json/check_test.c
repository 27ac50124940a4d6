/*
 * check_test.c: valid and invalid JSON (RFC 8259, and the classes of errors
 * that lax readers accept).
 */

#include "json/json.h"

#include "../unit.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* A literal that may contain NUL. */
#define S(text)                        \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct span good[] = {
	S("{}"),
	S("[]"),
	S("0"),
	S("-0"),
	S("-0.0"),
	S("1"),
	S("-1"),
	S("10"),
	S("1.5"),
	S("0.5"),
	S("1e5"),
	S("1E5"),
	S("1e+5"),
	S("1e-5"),
	S("0e0"),
	S("1.25E-7"),
	S("123456789012345678901234567890"),
	S("1e400"),
	S("true"),
	S("false"),
	S("null"),
	S("\"\""),
	S("\"a\""),
	S(" \t\r\n1 \t\r\n"),
	S("[1,2]"),
	S("[ 1 , 2 ]"),
	S("[[],{}]"),
	S("{\"a\":1}"),
	S("{ \"a\" : 1 , \"b\" : [ ] }"),
	S("{\"\":1}"),
	S("{\"a\":{\"a\":1}}"),
	S("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
	S("\"\\u0000\""),
	S("\"\\u00e9\\uABCD\\uabcd\""),
	S("\"\\ud83d\\ude00\""),
	S("\"\\ud800\""), /* the grammar allows a lone surrogate */
	S("\"\\udc00\\ud800\""),
	S("\"\x7f\""),
	S("\"\xc2\x80\xe2\x80\xa8\xef\xbf\xbf\xf4\x8f\xbf\xbf\""),
	S("\"/* no comment */\""),
};

static const struct span bad[] = {
	S(""),
	S(" "),
	S("\0"),
	S("1\0"),
	S("{}\0"),
	S("\"a\0b\""),
	/* more or less than one value */
	S("1 2"),
	S("{}{}"),
	S("[]]"),
	S("[]x"),
	S("]"),
	S("}"),
	S(","),
	S(":"),
	S("[1"),
	S("[1,"),
	S("{"),
	S("{\"a\""),
	S("{\"a\":"),
	S("{\"a\":1"),
	S("{\"a\":1,"),
	/* commas and colons */
	S("[1,]"),
	S("[,1]"),
	S("[,]"),
	S("[1,,2]"),
	S("[1 2]"),
	S("[1:2]"),
	S("{,}"),
	S("{\"a\":1,}"),
	S("{,\"a\":1}"),
	S("{\"a\":1,,\"b\":2}"),
	S("{\"a\":1 \"b\":2}"),
	S("{\"a\" 1}"),
	S("{\"a\"}"),
	S("{\"a\",1}"),
	S("{\"a\"::1}"),
	S("{:1}"),
	S("[\"a\":1]"),
	S("[1}"),
	S("{\"a\":1]"),
	/* keys */
	S("{a:1}"),
	S("{'a':1}"),
	S("{1:1}"),
	S("{null:1}"),
	S("{[]:1}"),
	/* words */
	S("True"),
	S("TRUE"),
	S("tru"),
	S("truex"),
	S("nul"),
	S("Null"),
	S("None"),
	S("undefined"),
	S("NaN"),
	S("-NaN"),
	S("Infinity"),
	S("-Infinity"),
	S("+Infinity"),
	S("nan"),
	S("inf"),
	/* numbers */
	S("-"),
	S("+1"),
	S("+0"),
	S("--1"),
	S("- 1"),
	S("01"),
	S("-01"),
	S("00"),
	S("-00"),
	S("007"),
	S("1."),
	S("-2."),
	S(".5"),
	S("-.5"),
	S("1.e5"),
	S("1e"),
	S("1e+"),
	S("1e-"),
	S("1ee5"),
	S("1e5.5"),
	S("1.2.3"),
	S("0x10"),
	S("0b1"),
	S("1_000"),
	S("1,000"),
	S("1f"),
	S("1n"),
	S("\xef\xbc\x91"), /* a fullwidth digit */
	S("0\xd9\xa1"),
	/* texts */
	S("\""),
	S("\"a"),
	S("'a'"),
	S("`a`"),
	S("\"a\"\""),
	S("\"\\\""),
	S("\"\\x41\""),
	S("\"\\a\""),
	S("\"\\v\""),
	S("\"\\0\""),
	S("\"\\'\""),
	S("\"\\U0041\""),
	S("\"\\u\""),
	S("\"\\u1\""),
	S("\"\\u12\""),
	S("\"\\u123\""),
	S("\"\\u123g\""),
	S("\"\\u 123\""),
	S("\"\\u+123\""),
	S("\"\\u{41}\""),
	S("\"\\\n\""),
	S("\"\\\0\""),
	S("\"\n\""),
	S("\"\r\""),
	S("\"\t\""),
	S("\"\x01\""),
	S("\"\x1f\""),
	/* blanks and comments */
	S("\xef\xbb\xbf{}"), /* a byte order mark */
	S("\f1"),
	S("\v1"),
	S("\xc2\xa0"
	  "1"),
	S("\xe2\x80\xa8"
	  "1"),
	S("// a\n1"),
	S("/* a */1"),
	S("# a\n1"),
	S("1//"),
	S("[1/**/]"),
	/* invalid UTF-8 */
	S("\"\xff\""),
	S("\"\x80\""),
	S("\"\xc3\""),
	S("\"\xc3(\""),
	S("\"\xc0\xaf\""), /* overlong */
	S("\"\xc1\xbf\""),
	S("\"\xe0\x80\xaf\""),
	S("\"\xe0\x9f\xbf\""),
	S("\"\xf0\x80\x80\xaf\""),
	S("\"\xf0\x8f\xbf\xbf\""),
	S("\"\xed\xa0\x80\""), /* a surrogate */
	S("\"\xed\xbf\xbf\""),
	S("\"\xed\xa0\xbd\xed\xb8\x80\""),
	S("\"\xf4\x90\x80\x80\""), /* above 10FFFF */
	S("\"\xf5\x80\x80\x80\""),
	S("\"\xf8\x88\x80\x80\x80\""),
	S("\"\xe2\x82\""),
	S("\"\xf0\x9f\x98\""),
	S("{\"\xff\":1}"),
	S("\xfe\xff\0{\0}"), /* UTF-16 */
	S("{\0}\0"),
};

static void
accepts_valid_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		enum err err = json_check(good[i], JSON_DEPTH_MAX);

		if (err != OK)
			print_error("refused: %s\n", good[i].data);
		assert_int_equal(err, OK);
	}
}

static void
refuses_invalid_json(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct arena arena = ARENA_INIT;
		const struct json *json;
		enum err err = json_check(bad[i], JSON_DEPTH_MAX);

		if (err != ERR_INVALID)
			print_error("accepted: %s\n", bad[i].data);
		assert_int_equal(err, ERR_INVALID);
		assert_int_equal(
			json_parse(&arena, bad[i], &json), ERR_INVALID);
		assert_int_equal(
			json_parse_loose(&arena, bad[i], &json), ERR_INVALID);
		arena_reset(&arena);
	}
}

static const char document[] =
	" { \"key\" : [ 1 , -2.5e+3 , \"t\\u00e9xt \\\" \xc3\xa9\" , true , "
	"false , null , { } , [ ] , { \"a\" : { \"b\" : [ [ ] ] } } ] } ";

/* Copies the text, so that the sanitizer detects a read beyond its end. */
static enum err
check_copy(const char *data, size_t len)
{
	char *copy = malloc(len > 0 ? len : 1);
	enum err err;

	memcpy(copy, data, len);
	err = json_check((struct span){ copy, len }, JSON_DEPTH_MAX);
	free(copy);
	return err;
}

static void
refuses_every_prefix_of_a_document(void **state)
{
	size_t whole = strlen(document);

	(void)state;
	assert_int_equal(check_copy(document, whole), OK);
	/* The document ends with a blank. */
	assert_int_equal(check_copy(document, whole - 1), OK);
	for (size_t len = 0; len + 1 < whole; len++)
		assert_int_equal(check_copy(document, len), ERR_INVALID);
}

/* Any byte in any place: an accepted text must also parse. */
static void
accepted_json_can_be_parsed(void **state)
{
	char text[sizeof(document)];
	size_t len = strlen(document), taken = 0;

	(void)state;
	for (size_t i = 0; i < len; i++)
		for (int c = 0; c < 256; c++) {
			struct span span = { text, len };
			struct arena arena = ARENA_INIT;
			const struct json *json = NULL;

			memcpy(text, document, len);
			text[i] = (char)c;
			if (json_check(span, JSON_DEPTH_MAX) == OK) {
				taken++;
				assert_int_equal(
					json_parse(&arena, span, &json), OK);
				assert_non_null(json);
			}
			arena_reset(&arena);
		}
	assert_in_range(taken, len, 256 * len - 1);
}

/* ---- depth */

static enum err
check_nested(const char *open, const char *close, size_t depth)
{
	struct buf buf = BUF_INIT;
	enum err err;

	for (size_t i = 0; i < depth; i++)
		buf_puts(&buf, open);
	buf_puts(&buf, "1");
	for (size_t i = 0; i < depth; i++)
		buf_puts(&buf, close);
	err = json_check(buf_span(&buf), JSON_DEPTH_MAX);
	if (err == OK) {
		struct arena arena = ARENA_INIT;
		const struct json *json;

		assert_int_equal(json_parse(&arena, buf_span(&buf), &json), OK);
		arena_reset(&arena);
	}
	buf_free(&buf);
	return err;
}

static void
nesting_has_a_limit(void **state)
{
	static const size_t deep[] = { JSON_DEPTH_MAX + 1, 1000, 100000,
		1000000 };

	(void)state;
	for (size_t depth = 0; depth <= JSON_DEPTH_MAX; depth++) {
		assert_int_equal(check_nested("[", "]", depth), OK);
		assert_int_equal(check_nested("{\"a\":", "}", depth), OK);
	}
	for (size_t i = 0; i < LENGTH(deep); i++) {
		assert_int_equal(check_nested("[", "]", deep[i]), ERR_TOO_BIG);
		assert_int_equal(
			check_nested("{\"a\":", "}", deep[i]), ERR_TOO_BIG);
		assert_int_equal(check_nested("[", "", deep[i]), ERR_TOO_BIG);
	}
	assert_int_equal(json_check(span_of("[[1],[2],{}]"), 2), OK);
	assert_int_equal(json_check(span_of("[[1],[2,{}]]"), 2), ERR_TOO_BIG);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_valid_json),
		cmocka_unit_test(refuses_invalid_json),
		cmocka_unit_test(refuses_every_prefix_of_a_document),
		cmocka_unit_test(accepted_json_can_be_parsed),
		cmocka_unit_test(nesting_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
