/* request_test.c: parameters, headers, cookies, queries and bodies from
 * untrusted clients. */

#include "http/request.h"

#include "../unit.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct request rq;

static char *env[16];

/* Replaces the previous parameters. */
static void
give(const char *const *entries, size_t n)
{
	assert_true(n < LENGTH(env));
	for (size_t i = 0; i < n; i++)
		env[i] = arena_str(&arena, entries[i], strlen(entries[i]));
	env[n] = NULL;
}

static int
setup(void **state)
{
	(void)state;
	rq = (struct request){ .arena = &arena,
		.method = "POST",
		.path = "/",
		.query = "",
		.envp = env };
	env[0] = NULL;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_reset(&arena);
	return 0;
}

/* ---- parameters, headers, cookies */

static void
finds_parameters_and_headers(void **state)
{
	static const char *const entries[] = { "REMOTE_ADDR=10.0.0.1",
		"REMOTE_ADDR_X=no", "HTTP_IDEMPOTENCY_KEY=k=1",
		"CONTENT_TYPE=text/plain", "HTTP_CONTENT_TYPE=forged",
		"HTTP_EMPTY=", "ODD" };

	(void)state;
	give(entries, LENGTH(entries));
	assert_string_equal(request_param(&rq, "REMOTE_ADDR"), "10.0.0.1");
	assert_null(request_param(&rq, "REMOTE"));
	assert_null(request_param(&rq, "ODD"));
	assert_string_equal(request_header(&rq, "Idempotency-Key"), "k=1");
	assert_string_equal(request_header(&rq, "idempotency-key"), "k=1");
	assert_string_equal(request_header(&rq, "Content-Type"), "text/plain");
	assert_string_equal(request_header(&rq, "Empty"), "");
	assert_null(request_header(&rq, "Authorization"));
	assert_null(request_header(&rq,
		"A-Header-With-A-Name-That-Is-Longer-Than-Any-Sane-Header-Has-"
		"Ever-Been-In-The-History-Of-Headers"));
}

static void
finds_cookies(void **state)
{
	static const struct {
		const char *header, *value;
	} cases[] = {
		{ "HTTP_COOKIE=c=1", "1" },
		{ "HTTP_COOKIE=a=x; c=1", "1" },
		{ "HTTP_COOKIE=a=x;c=1;b=2", "1" },
		{ "HTTP_COOKIE=cc=x; c=1; c=2", "1" },
		{ "HTTP_COOKIE=c=", "" },
		{ "HTTP_COOKIE=c=a=b", "a=b" },
		{ "HTTP_COOKIE=", NULL },
		{ "HTTP_COOKIE=;;; ;", NULL },
		{ "HTTP_COOKIE=xc=1", NULL },
		{ "HTTP_COOKIE=c", NULL },
		{ "HTTP_COOKIE=a=c=1", NULL },
		{ "HTTP_COOKIE=C=1", NULL },
		{ "HTTP_OTHER=c=1", NULL },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		give(&cases[i].header, 1);
		if (cases[i].value == NULL)
			assert_null(request_cookie(&rq, "c"));
		else
			assert_string_equal(
				request_cookie(&rq, "c"), cases[i].value);
	}
}

/* ---- query */

static void
decodes_query_members(void **state)
{
	static const struct {
		const char *query, *value;
	} cases[] = {
		{ "a=1", "1" },
		{ "b=2&a=1", "1" },
		{ "a=1&a=2", "1" },
		{ "aa=2&a=1", "1" },
		{ "a=", "" },
		{ "a=x=y", "x=y" },
		{ "a=%41%c3%A9+%2B", "A\xc3\xa9 +" },
		{ "&&a=1&", "1" },
		{ "", NULL },
		{ "a", NULL },
		{ "A=1", NULL },
		{ "b=a=1", NULL },
		{ "%61=1", NULL },
	};
	const char *value;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		rq.query = cases[i].query;
		assert_int_equal(request_query(&rq, "a", &value), OK);
		if (cases[i].value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, cases[i].value);
	}
}

static void
refuses_broken_encoding(void **state)
{
	static const char *const queries[] = { "a=%", "a=%4", "a=%4&1", "a=%zz",
		"a=%4g", "a=%00", "a=x%00y", "a=%ff", "a=%c3", "a=%c0%af",
		"a=%ed%a0%80", "a=\xff" };
	const char *value;

	(void)state;
	for (size_t i = 0; i < LENGTH(queries); i++) {
		rq.query = queries[i];
		assert_int_equal(request_query(&rq, "a", &value), ERR_INVALID);
		assert_string_equal(rq.field, "a");
		assert_non_null(rq.detail);
	}
}

static void
numbers_of_a_query_have_bounds(void **state)
{
	static const char *const wrong[] = { "n=", "n=0", "n=101", "n=-1",
		"n=+1", "n=1.0", "n=1e1", "n=abc", "n=007", "n=%31%00",
		"n=99999999999999999999" };
	int64_t value;

	(void)state;
	rq.query = "";
	assert_int_equal(request_query_int(&rq, "n", 1, 100, 20, &value), OK);
	assert_int_equal(value, 20);
	rq.query = "n=1";
	assert_int_equal(request_query_int(&rq, "n", 1, 100, 20, &value), OK);
	assert_int_equal(value, 1);
	rq.query = "n=%31%300";
	assert_int_equal(request_query_int(&rq, "n", 1, 100, 20, &value), OK);
	assert_int_equal(value, 100);
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		rq.query = wrong[i];
		assert_int_equal(
			request_query_int(&rq, "n", 1, 100, 20, &value),
			ERR_INVALID);
		assert_string_equal(rq.field, "n");
	}
}

/* ---- path */

static void
takes_ids_and_text_from_the_path(void **state)
{
	uint64_t id;
	struct span text;

	(void)state;
	rq.n_params = 2;
	rq.params[0].name = span_of("id");
	rq.params[0].value = (struct span){ "42/rest", 2 };
	rq.params[1].name = span_of("word");
	rq.params[1].value = span_of("a%20b");
	assert_int_equal(request_id(&rq, "id", &id), OK);
	assert_int_equal(id, 42);
	assert_int_equal(request_id(&rq, "word", &id), ERR_INVALID);
	assert_string_equal(rq.field, "word");
	text = request_path_text(&rq, "word");
	assert_true(span_is(text, "a b"));
	rq.params[1].value = span_of("a%00b");
	assert_int_equal(request_path_text(&rq, "word").len, 0);
}

/* ---- body */

static enum err
read_json(const char *type, const char *body, const struct json **json)
{
	const char *entry = arena_printf(&arena, "CONTENT_TYPE=%s", type);

	rq.json = NULL;
	rq.detail = NULL;
	rq.body = span_of(body);
	give(&entry, 1);
	return request_json(&rq, json);
}

static void
a_body_says_that_it_is_json(void **state)
{
	static const char *const yes[] = { "application/json",
		"APPLICATION/JSON", "application/json; charset=utf-8",
		"application/json;charset=utf-8", "application/json " };
	static const char *const no[] = { "", "text/plain", "application/jso",
		"application/jsonx", "application/json5", "text/json",
		"x-www-form-urlencoded", " application/json" };
	const struct json *json;

	(void)state;
	for (size_t i = 0; i < LENGTH(yes); i++)
		assert_int_equal(read_json(yes[i], "{}", &json), OK);
	for (size_t i = 0; i < LENGTH(no); i++)
		assert_int_equal(read_json(no[i], "{}", &json), ERR_MEDIA_TYPE);
	rq.json = NULL;
	give(NULL, 0);
	assert_int_equal(request_json(&rq, &json), ERR_MEDIA_TYPE);
}

static void
a_body_is_one_json_object(void **state)
{
	static const char *const bodies[] = { "", " ", "[]", "1", "null",
		"\"{}\"", "{", "{}{}", "{\"a\":1,\"a\":2}", "{'a':1}",
		"{\"a\":01}", "\xef\xbb\xbf{}", "{\"\xff\":1}" };
	const struct json *json;

	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++) {
		assert_int_equal(
			read_json("application/json", bodies[i], &json),
			ERR_INVALID);
		assert_non_null(rq.detail);
	}
	assert_int_equal(
		read_json("application/json", "{\"a\":[1]}", &json), OK);
	assert_int_equal(json_length(json_get(json, "a")), 1);
}

static void
a_body_that_is_too_deep_is_invalid(void **state)
{
	struct buf body = BUF_INIT;
	const struct json *json;

	(void)state;
	buf_puts(&body, "{\"a\":");
	for (int i = 0; i < 100000; i++)
		buf_putc(&body, '[');
	assert_int_equal(read_json("application/json", buf_str(&body), &json),
		ERR_INVALID);
	assert_non_null(strstr(rq.detail, "deeper"));
	buf_free(&body);
}

static enum err
read_text(const char *body, const char **text)
{
	const struct json *json;

	assert_int_equal(read_json("application/json", body, &json), OK);
	return request_text(&rq, "t", 5, text);
}

static void
a_text_member_has_a_length_and_no_controls(void **state)
{
	static const char *const wrong[] = { "{}", "{\"t\":null}", "{\"t\":1}",
		"{\"t\":[\"a\"]}", "{\"t\":{}}", "{\"t\":true}",
		"{\"T\":\"a\"}", "{\"t\":\"\"}", "{\"t\":\"123456\"}",
		"{\"t\":\"a\\u0000\"}", "{\"t\":\"\\n\"}",
		"{\"t\":\"\\u007f\"}", "{\"t\":\"\\ud800\"}" };
	const char *text;

	(void)state;
	assert_int_equal(read_text("{\"t\":\"a\"}", &text), OK);
	assert_string_equal(text, "a");
	assert_int_equal(
		read_text("{\"t\":\"\\ud83d\\ude00\xc3\xa9\xe2\x82\xac 5\"}",
			&text),
		OK);
	assert_string_equal(text, "\xf0\x9f\x98\x80\xc3\xa9\xe2\x82\xac 5");
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		assert_int_equal(read_text(wrong[i], &text), ERR_INVALID);
		assert_string_equal(rq.field, "t");
	}
}

static void
keeps_the_words_of_an_error(void **state)
{
	(void)state;
	assert_int_equal(
		request_invalid(&rq, "a", "%d of %s", 5, "x"), ERR_INVALID);
	assert_string_equal(rq.detail, "5 of x");
	assert_string_equal(rq.field, "a");
	assert_int_equal(
		request_fail(&rq, ERR_CONFLICT, "taken", "It is taken."),
		ERR_CONFLICT);
	assert_string_equal(rq.code, "taken");
	assert_string_equal(rq.detail, "It is taken.");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(finds_parameters_and_headers),
		TEST(finds_cookies),
		TEST(decodes_query_members),
		TEST(refuses_broken_encoding),
		TEST(numbers_of_a_query_have_bounds),
		TEST(takes_ids_and_text_from_the_path),
		TEST(a_body_says_that_it_is_json),
		TEST(a_body_is_one_json_object),
		TEST(a_body_that_is_too_deep_is_invalid),
		TEST(a_text_member_has_a_length_and_no_controls),
		TEST(keeps_the_words_of_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
