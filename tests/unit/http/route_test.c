/* route_test.c: which row of a table matches a request. */

#include "http/route.h"

#include "../unit.h"

#include <string.h>

static enum err
unused(struct request *rq, struct response *rs)
{
	(void)rq;
	(void)rs;
	return OK;
}

static const struct route routes[] = {
	{ "GET", "/things", unused, LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "POST", "/things", unused, LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "GET", "/things/special", unused, ANYONE, LIMIT_NONE, SMALL_BODY },
	{ "GET", "/things/:id", unused, LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "DELETE", "/things/:id", unused, LOGGED_IN, LIMIT_READ, SMALL_BODY },
	{ "GET", "/things/:id/parts/:part", unused, LOGGED_IN, LIMIT_READ,
		SMALL_BODY },
};

static struct request rq;
static struct response rs;

static int
teardown(void **state)
{
	(void)state;
	response_free(&rs);
	rs = (struct response){ 0 };
	return 0;
}

/* The row's number, or -1 for ERR_NOT_FOUND, -2 for ERR_METHOD. */
static int
find(const char *method, const char *path)
{
	const struct route *route;

	rq = (struct request){ .method = method, .path = path };
	switch ((int)route_find(routes, LENGTH(routes), &rq, &rs, &route)) {
	case OK:
		return (int)(route - routes);
	case ERR_METHOD:
		return -2;
	default:
		return -1;
	}
}

static void
finds_the_first_row_that_fits(void **state)
{
	(void)state;
	assert_int_equal(find("GET", "/things"), 0);
	assert_int_equal(find("POST", "/things"), 1);
	assert_int_equal(find("GET", "/things/special"), 2);
	assert_int_equal(find("GET", "/things/5"), 3);
	assert_int_equal(find("DELETE", "/things/special"), 4);
	assert_int_equal(find("GET", "/things/5/parts/x"), 5);
	assert_int_equal(find("HEAD", "/things"), 0);
}

static void
fills_the_parameters(void **state)
{
	(void)state;
	find("GET", "/things/5%2F6/parts/x.y");
	assert_int_equal(rq.n_params, 2);
	assert_true(span_is(rq.params[0].name, "id"));
	assert_true(span_is(rq.params[0].value, "5%2F6"));
	assert_true(span_is(rq.params[1].name, "part"));
	assert_true(span_is(rq.params[1].value, "x.y"));
	find("GET", "/things");
	assert_int_equal(rq.n_params, 0);
}

static void
other_paths_are_not_there(void **state)
{
	static const char *const paths[] = { "", "/", "things", "/thing",
		"/thingsx", "/things/", "//things", "/things//", "/things/5/",
		"/things/5/parts", "/things/5/parts/", "/things//parts/x",
		"/things/5/parts/x/y", "/Things", "/things/5/Parts/x", "/:id",
		"/things/5/../6/parts/x/.." };

	(void)state;
	for (size_t i = 0; i < LENGTH(paths); i++) {
		int row = find("GET", paths[i]);

		if (row != -1)
			print_error("%s is row %d\n", paths[i], row);
		assert_int_equal(row, -1);
	}
}

static void
says_which_methods_there_are(void **state)
{
	static const char *const methods[] = { "PUT", "PATCH", "OPTIONS",
		"TRACE", "get", "", "GETX" };

	(void)state;
	for (size_t i = 0; i < LENGTH(methods); i++) {
		buf_clear(&rs.headers);
		assert_int_equal(find(methods[i], "/things"), -2);
		assert_string_equal(
			buf_str(&rs.headers), "Allow: GET, POST\r\n");
	}
	buf_clear(&rs.headers);
	assert_int_equal(find("POST", "/things/5"), -2);
	assert_string_equal(buf_str(&rs.headers), "Allow: GET, DELETE\r\n");
	buf_clear(&rs.headers);
	assert_int_equal(find("POST", "/nothing"), -1);
	assert_string_equal(buf_str(&rs.headers), "");
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(finds_the_first_row_that_fits),
		TEST(fills_the_parameters),
		TEST(other_paths_are_not_there),
		TEST(says_which_methods_there_are),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
