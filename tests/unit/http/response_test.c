/* response_test.c: the answer as the web server receives it. */

#include "http/response.h"

#include "../unit.h"

#include <stdlib.h>
#include <string.h>

static struct arena arena;
static struct request rq;
static struct response rs;
static struct buf text;

static int
setup(void **state)
{
	(void)state;
	rq = (struct request){
		.arena = &arena, .method = "GET", .id = "0123456789abcdef"
	};
	rs = (struct response){ 0 };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	response_free(&rs);
	buf_free(&text);
	arena_reset(&arena);
	return 0;
}

static const char *
render(void)
{
	const struct span *pieces;
	struct response copy = rs;
	size_t n;

	/* The pieces take ownership of the body, but tests render more than
	 * once. */
	copy.body = (struct buf)BUF_INIT;
	buf_put_span(&copy.body, buf_span(&rs.body));
	buf_clear(&text);
	pieces = response_pieces(&copy, &rq, &n);
	for (size_t i = 0; i < n; i++)
		buf_put_span(&text, pieces[i]);
	buf_free(&copy.body); /* an empty one stays its own */
	return buf_str(&text);
}

static size_t
count(const char *in, const char *part)
{
	size_t n = 0;

	for (; (in = strstr(in, part)) != NULL; in++)
		n++;
	return n;
}

/* Parses the body, which must be JSON. */
static const struct json *
body(void)
{
	const char *split = strstr(render(), "\r\n\r\n");
	const struct json *json;

	assert_non_null(split);
	assert_int_equal(json_parse(&arena, span_of(split + 4), &json), OK);
	return json;
}

static void
writes_head_and_body(void **state)
{
	struct json_writer w = response_json(&rs, 201);

	(void)state;
	json_open(&w, '{');
	json_member_int(&w, "n", 1);
	json_close(&w, '}');
	response_header(&rs, "Link", "<%s>; rel=\"next\"", "/x?cursor=1");
	assert_string_equal(render(),
		"Status: 201\r\n"
		"x-request-id: 0123456789abcdef\r\n"
		"Cache-Control: no-store\r\n"
		"X-Content-Type-Options: nosniff\r\n"
		"Content-Type: application/json\r\n"
		"Content-Length: 7\r\n"
		"Link: </x?cursor=1>; rel=\"next\"\r\n"
		"\r\n"
		"{\"n\":1}");
}

static void
an_answer_without_anything_is_200(void **state)
{
	(void)state;
	assert_int_equal(strncmp(render(), "Status: 200\r\n", 13), 0);
	assert_int_equal(response_empty(&rs), OK);
	assert_int_equal(strncmp(render(), "Status: 204\r\n", 13), 0);
	assert_string_equal(strstr(render(), "\r\n\r\n"), "\r\n\r\n");
}

static void
head_has_no_body(void **state)
{
	struct json_writer w = response_json(&rs, 200);

	(void)state;
	json_put_str(&w, "body");
	rq.method = "HEAD";
	assert_null(strstr(render(), "body"));
	assert_non_null(strstr(render(), "Content-Length: 6\r\n"));
	assert_non_null(strstr(render(), "Content-Type: application/json"));
}

static void
caching_can_be_said_otherwise(void **state)
{
	(void)state;
	rs.cache = "no-cache";
	assert_int_equal(count(render(), "Cache-Control:"), 1);
	assert_non_null(strstr(render(), "Cache-Control: no-cache\r\n"));
}

/* Long raw texts appear where they were put, and so do short ones. */
static void
what_is_spliced_is_in_its_place(void **state)
{
	static char large[JSON_SPLICE_MIN + 1];
	struct json_writer w = response_json_spliced(&rs, &arena, 200);
	const struct json *json;

	(void)state;
	large[0] = large[JSON_SPLICE_MIN - 1] = '"';
	memset(large + 1, 'x', JSON_SPLICE_MIN - 2);
	json_open(&w, '[');
	json_put_raw(&w, span_of(large));
	json_put_raw(&w, span_of("1"));
	for (int i = 0; i < 20; i++)
		json_put_raw(&w, span_of(large));
	json_close(&w, ']');
	assert_true(rs.body.len < 64);
	json = body();
	assert_int_equal(json_length(json), 22);
	for (size_t i = 0; i < 22; i++)
		if (i == 1)
			assert_int_equal(json_int(json_at(json, i), 0), 1);
		else
			assert_int_equal(json_text(json_at(json, i)).len,
				JSON_SPLICE_MIN - 2);
	response_problem(&rs, &rq, ERR_BUSY);
	assert_int_equal(json_kind(body()), JSON_OBJECT);
}

static void
long_headers_are_whole(void **state)
{
	char *value = malloc(5001);

	(void)state;
	memset(value, 'x', 5000);
	value[5000] = '\0';
	response_header(&rs, "X", "%s", value);
	assert_non_null(strstr(render(), value));
	free(value);
}

static void
every_error_is_a_problem(void **state)
{
	for (enum err err = ERR_INVALID; err < ERR_N; err++) {
		setup(state);
		response_problem(&rs, &rq, err);
		assert_int_equal(rs.status, err_status(err));
		assert_int_equal(
			json_int(json_get(body(), "status"), 0), rs.status);
		assert_string_equal(
			json_str(json_get(body(), "type")), "about:blank");
		assert_string_equal(
			json_str(json_get(body(), "title")), err_title(err));
		assert_string_equal(
			json_str(json_get(body(), "detail")), err_detail(err));
		assert_string_equal(
			json_str(json_get(body(), "code")), err_code(err));
		assert_string_equal(
			json_str(json_get(body(), "requestId")), rq.id);
		assert_null(json_get(body(), "field"));
		assert_int_equal(count(render(),
					 "Content-Type: "
					 "application/problem+json\r\n"),
			1);
		assert_int_equal(
			count(render(), "Retry-After: 2\r\n"), err == ERR_BUSY);
		assert_int_equal(
			count(render(), "WWW-Authenticate: Bearer\r\n"),
			err == ERR_DENIED);
		teardown(state);
	}
}

static void
a_problem_says_what_is_wrong(void **state)
{
	(void)state;
	assert_int_equal(request_invalid(&rq, "a \"b\"", "Not %s", "\xff\n"),
		ERR_INVALID);
	rq.code = "special";
	response_problem(&rs, &rq, ERR_INVALID);
	assert_string_equal(json_str(json_get(body(), "field")), "a \"b\"");
	assert_string_equal(
		json_str(json_get(body(), "detail")), "Not \xef\xbf\xbd\n");
	assert_string_equal(json_str(json_get(body(), "code")), "special");
}

/* A handler that fails half way leaves nothing of its unfinished answer. */
static void
a_problem_replaces_what_was_built(void **state)
{
	struct json_writer w = response_json(&rs, 200);

	(void)state;
	json_open(&w, '[');
	json_put_str(&w, "half");
	rs.retry_s = 30;
	response_problem(&rs, &rq, ERR_BUSY);
	assert_null(strstr(render(), "half"));
	assert_int_equal(count(render(), "Content-Type:"), 1);
	assert_non_null(
		strstr(render(), "Content-Type: application/problem+json\r\n"));
	assert_int_equal(count(render(), "Retry-After:"), 1);
	assert_int_equal(count(render(), "Retry-After: 30\r\n"), 1);
	assert_int_equal(strncmp(render(), "Status: 503\r\n", 13), 0);
	assert_int_equal(json_kind(body()), JSON_OBJECT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(writes_head_and_body),
		TEST(an_answer_without_anything_is_200),
		TEST(head_has_no_body),
		TEST(caching_can_be_said_otherwise),
		TEST(what_is_spliced_is_in_its_place),
		TEST(long_headers_are_whole),
		cmocka_unit_test(every_error_is_a_problem),
		TEST(a_problem_says_what_is_wrong),
		TEST(a_problem_replaces_what_was_built),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
