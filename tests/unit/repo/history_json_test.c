/* history_json_test.c: messages as JSON. */

#include "repo/history.h"

#include "../unit.h"
#include "api/shape.h"
#include "historytest.h"
#include "repo/message.h"
#include "testdb.h"

static void
assert_shape(const struct history_message *m, const char *expected)
{
	struct buf buf = BUF_INIT;
	struct json_writer w = json_writer(&buf);

	shape_message(&w, m);
	assert_string_equal(buf_str(&buf), expected);
	buf_free(&buf);
}

#define CREATED "2025-06-15T15:06:40.123Z"

static void
a_users_metadata_are_its_own_and_ours(void **state)
{
	struct history_message m = { .id = 7,
		.from_user = true,
		.status = "complete",
		.parts = span_of("[ 1.0 ]"),
		.create_ms = NOW };

	(void)state;
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"createTime\":\"" CREATED "\"}}");
	m.metadata = span_of("{}");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"createTime\":\"" CREATED "\"}}");
	m.metadata = span_of(
		"{\"createTime\":\"forged\",\"a\":{\"createTime\":[1]}}");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"a\":{\"createTime\":[1]},\"createTime\":\"" CREATED
		"\"}}");
	m.metadata = span_of("[1,2]");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"createTime\":\"" CREATED "\"}}");
	/* The page could not handle an unknown status. */
	m.metadata = span_of(
		"{\"status\":\"odd\",\"mo\\u0064el\":{},\"usage\":1,"
		"\"error\":0,\"finishReason\":[],\"context\":2,\"b\":1e5}");
	assert_shape(&m,
		"{\"id\":\"7\",\"role\":\"user\",\"parts\":[ 1.0 ],"
		"\"metadata\":{\"b\":1e5,\"createTime\":\"" CREATED "\"}}");
}

static void
a_replys_metadata_are_as_stored(void **state)
{
	struct history_message m = { .id = 8,
		.status = "interrupted",
		.parts = span_of("[]"),
		.create_ms = NOW };

	(void)state;
	assert_shape(&m,
		"{\"id\":\"8\",\"role\":\"assistant\",\"parts\":[],"
		"\"metadata\":{\"createTime\":\"" CREATED
		"\",\"status\":\"interrupted\"}}");
	m.metadata = span_of("{ \"createTime\":\"x\", \"status\":\"stopped\","
			     " \"model\":\"m\",\"n\":1.0 }");
	assert_shape(&m,
		"{\"id\":\"8\",\"role\":\"assistant\",\"parts\":[],"
		"\"metadata\":{\"createTime\":\"x\", \"status\":\"stopped\","
		" \"model\":\"m\",\"n\":1.0}}");
	/* A reply posted by a client is complete. */
	m.metadata = span_of("{\"status\":\"odd\",\"n\":1.0}");
	assert_shape(&m,
		"{\"id\":\"8\",\"role\":\"assistant\",\"parts\":[],"
		"\"metadata\":{\"n\":1.0,\"createTime\":\"" CREATED
		"\",\"status\":\"interrupted\"}}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_users_metadata_are_its_own_and_ours),
		cmocka_unit_test(a_replys_metadata_are_as_stored),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
