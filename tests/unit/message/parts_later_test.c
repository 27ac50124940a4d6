/* Examines a message at every moment of its stream: the content of a copy, the
 * chunks that bring a client from there to the end, and the calls of the last
 * step. */

#include "../unit.h"
#include "../wire/vector.h"
#include "message/parts.h"

#include <string.h>

/* The chunks of a reply with two steps, in order, with every kind that
 * grows. */
static const char *const stream[] = {
	"{\"type\":\"start\",\"messageId\":\"m\",\"messageMetadata\":{\"a\":1}}",
	"{\"type\":\"start-step\"}",
	"{\"type\":\"reasoning-start\",\"id\":\"r\"}",
	"{\"type\":\"reasoning-delta\",\"id\":\"r\",\"delta\":\"hm\"}",
	"{\"type\":\"text-start\",\"id\":\"t\"}",
	"{\"type\":\"reasoning-delta\",\"id\":\"r\",\"delta\":\", yes\"}",
	"{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"I\"}",
	"{\"type\":\"reasoning-end\",\"id\":\"r\"}",
	"{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\" look.\"}",
	"{\"type\":\"text-end\",\"id\":\"t\"}",
	"{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":\"http://s/\"}",
	"{\"type\":\"tool-input-start\",\"toolCallId\":\"c\",\"toolName\":\"f\"}",
	"{\"type\":\"tool-input-delta\",\"toolCallId\":\"c\","
	"\"inputTextDelta\":\"{\"}",
	"{\"type\":\"tool-input-delta\",\"toolCallId\":\"c\","
	"\"inputTextDelta\":\"}\"}",
	"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
	"\"toolName\":\"f\",\"input\":{}}",
	"{\"type\":\"tool-input-available\",\"toolCallId\":\"d\","
	"\"toolName\":\"g\",\"input\":{\"n\":1}}",
	"{\"type\":\"tool-approval-request\",\"toolCallId\":\"d\","
	"\"approvalId\":\"p\"}",
	"{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
	"\"output\":[1]}",
	"{\"type\":\"finish-step\"}",
	"{\"type\":\"start-step\"}",
	"{\"type\":\"message-metadata\",\"messageMetadata\":{\"b\":2}}",
	"{\"type\":\"text-start\",\"id\":\"u\"}",
	"{\"type\":\"text-delta\",\"id\":\"u\",\"delta\":\"Done.\"}",
	"{\"type\":\"text-end\",\"id\":\"u\"}",
	"{\"type\":\"source-url\",\"sourceId\":\"v\",\"url\":\"http://v/\"}",
	"{\"type\":\"finish-step\"}",
};

static struct parts *
message_of(const char *const *chunks, size_t n)
{
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;
	struct buf run = BUF_INIT;

	for (size_t i = 0; i < n; i++)
		chunk_write_raw(&run, span_of(chunks[i]));
	assert_int_equal(parts_fold(parts, &arena, buf_span(&run)), OK);
	buf_free(&run);
	arena_reset(&arena);
	return parts;
}

/* Everything that is written of the message, and what a fresh client is
 * sent. */
static void
all_of(const struct parts *parts, struct buf *out)
{
	parts_write(parts, out);
	parts_write_metadata(parts, out);
	parts_replay(parts, out);
	buf_puts(out, parts_in_step(parts) ? "in step" : "between steps");
}

static void
expect_same(const struct parts *parts, const struct parts *expected,
	const char *what, size_t from, size_t to)
{
	struct buf is = BUF_INIT, should = BUF_INIT;

	all_of(parts, &is);
	all_of(expected, &should);
	if (strcmp(buf_str(&is), buf_str(&should)) != 0)
		fail_msg("%s %zu to %zu: %s\nis not\n%s", what, from, to,
			buf_str(&is), buf_str(&should));
	buf_free(&is);
	buf_free(&should);
}

/* A client that applies these chunks must have applied all earlier ones. */
static void
test_a_client_catches_up(void **state)
{
	struct arena arena = ARENA_INIT;

	(void)state;
	for (size_t to = 1; to <= LENGTH(stream); to++)
		for (size_t from = 1; from <= to; from++) {
			struct parts *was = message_of(stream, from),
				     *is = message_of(stream, to);
			struct buf run = BUF_INIT;

			parts_catch_up(was, is, &run);
			assert_int_equal(
				parts_fold(was, &arena, buf_span(&run)), OK);
			expect_same(was, is, "caught up", from, to);
			buf_free(&run);
			parts_free(was);
			parts_free(is);
		}
	arena_reset(&arena);
}

/* The client has *was* chunks and needs *is*, counted from *first* on. */
static void
expect_sent(size_t first, size_t was, size_t is, const char *chunks)
{
	struct parts *before = message_of(&stream[first], was),
		     *after = message_of(&stream[first], is);
	struct buf run = BUF_INIT;

	parts_catch_up(before, after, &run);
	assert_string_equal(buf_str(&run), chunks);
	buf_free(&run);
	parts_free(before);
	parts_free(after);
}

static void
test_only_what_is_new_is_sent(void **state)
{
	(void)state;
	expect_sent(1, 9, 9, "");
	expect_sent(1, 8, 9, "data: {\"type\":\"text-end\",\"id\":\"t\"}\n\n");
	expect_sent(2, 1, 2,
		"data: {\"type\":\"reasoning-delta\",\"id\":\"r\","
		"\"delta\":\"hm\"}\n\n");
	/* From one step into the next one. */
	expect_sent(1, 17, 19,
		"data: {\"type\":\"finish-step\"}\n\n"
		"data: {\"type\":\"start-step\"}\n\n");
}

static void
test_a_copy_stays(void **state)
{
	(void)state;
	for (size_t n = 1; n <= LENGTH(stream); n++) {
		struct arena arena = ARENA_INIT, scratch = ARENA_INIT;
		struct parts *parts = message_of(stream, n),
			     *as_it_was = message_of(stream, n);
		const struct parts *copy = parts_copy(&arena, parts);
		struct buf rest = BUF_INIT;

		for (size_t i = n; i < LENGTH(stream); i++)
			chunk_write_raw(&rest, span_of(stream[i]));
		assert_int_equal(
			parts_fold(parts, &scratch, buf_span(&rest)), OK);
		parts_free(parts);
		expect_same(copy, as_it_was, "copied", n, n);
		parts_free(as_it_was);
		buf_free(&rest);
		arena_reset(&arena);
		arena_reset(&scratch);
	}
}

/* Data with the same id is replaced in place, whatever came since. */
static void
test_sources_and_data(void **state)
{
	static const char *const chunks[] = {
		"{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":\"http://s/\","
		"\"providerMetadata\":{\"p\":{\"k\":1}}}",
		"{\"type\":\"data-x\",\"id\":\"1\",\"data\":1}",
		"{\"type\":\"data-x\",\"id\":\"2\",\"data\":2}",
		"{\"type\":\"data-x\",\"id\":\"1\",\"data\":3}",
	};
	struct parts *parts = message_of(chunks, LENGTH(chunks));
	struct buf out = BUF_INIT;

	(void)state;
	parts_write(parts, &out);
	assert_same_json("parts", buf_span(&out),
		span_of("[{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":"
			"\"http://s/\",\"providerMetadata\":{\"p\":{\"k\":1}}},"
			"{\"type\":\"data-x\",\"id\":\"1\",\"data\":3},"
			"{\"type\":\"data-x\",\"id\":\"2\",\"data\":2}]"));
	buf_free(&out);
	parts_free(parts);
}

/* ---- calls */

/* Expects "id:state" for each call of the last step. */
static void
expect_calls(const struct parts *parts, const char *expected, bool asks)
{
	static const char *const words[] = { "waits", "approved", "denied",
		"done" };
	struct buf out = BUF_INIT;
	struct parts_call call;
	size_t at = 0;

	while (parts_next_call(parts, &at, &call)) {
		buf_put_span(&out, call.id);
		buf_printf(&out, ":%s ", words[call.state]);
	}
	assert_false(parts_next_call(parts, &at, &call));
	assert_string_equal(buf_str(&out), expected);
	assert_int_equal(parts_asks(parts), asks);
	buf_free(&out);
}

static void
calls_at(size_t n, const char *expected, bool asks)
{
	struct parts *parts = message_of(stream, n);

	expect_calls(parts, expected, asks);
	parts_free(parts);
}

static void
test_calls_of_the_last_step(void **state)
{
	(void)state;
	calls_at(10, "", false);
	calls_at(12, "c:waits ", false);
	calls_at(16, "c:waits d:waits ", false);
	calls_at(17, "c:waits d:waits ", true);
	calls_at(18, "c:done d:waits ", true);
	calls_at(19, "c:done d:waits ", true);
	calls_at(20, "", false);
}

#define STEP "{\"type\":\"step-start\"},"
#define CALL(id, rest) \
	"{\"type\":\"tool-f\",\"toolCallId\":\"" id "\",\"input\":{}," rest "}"
#define ANSWERED(yes)                       \
	"\"state\":\"approval-responded\"," \
	"\"approval\":{\"id\":\"p\",\"approved\":" yes "}"

static void
stored_calls(const char *json, const char *expected, bool asks)
{
	struct arena arena = ARENA_INIT;
	struct parts *parts = parts_open();

	assert_int_equal(
		parts_load(parts, &arena, span_of(json), (struct span){ 0 }),
		OK);
	expect_calls(parts, expected, asks);
	assert_true(parts_has_call(parts, span_of("a")));
	assert_false(parts_has_call(parts, span_of("z")));
	parts_free(parts);
	arena_reset(&arena);
}

static void
test_stored_calls_of_the_last_step(void **state)
{
	(void)state;
	/* Without steps, all calls belong to one. */
	stored_calls("[" CALL("a", ANSWERED("true")) "]", "a:approved ", false);
	stored_calls(
		"[" CALL("a", "\"state\":\"input-available\"") "," STEP CALL(
			"b", ANSWERED("false")) "," CALL("c",
			ANSWERED("true")) "]",
		"b:denied c:approved ", false);
	stored_calls("[" STEP CALL("a",
			     "\"state\":\"approval-requested\","
			     "\"approval\":{\"id\":\"p\"}") "]",
		"a:waits ", true);
	/* Calls of an earlier step no longer wait. */
	stored_calls(
		"[" CALL("a",
			"\"state\":\"approval-requested\","
			"\"approval\":{\"id\":\"p\"}") "," STEP
						       "{\"type\":\"text\",\"text\":\"x\"}]",
		"", false);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_client_catches_up),
		cmocka_unit_test(test_only_what_is_new_is_sent),
		cmocka_unit_test(test_a_copy_stays),
		cmocka_unit_test(test_sources_and_data),
		cmocka_unit_test(test_calls_of_the_last_step),
		cmocka_unit_test(test_stored_calls_of_the_last_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
