/* parts_changed_test.c: which members of a part stay and which go when a later
 * chunk changes it. */

#include "../unit.h"
#include "../wire/vector.h"
#include "message/parts.h"
#include "partstest.h"

static void
expect(const char *chunks, const char *expected)
{
	struct parts *parts = parts_open();

	assert_int_equal(partstest_fold(parts, chunks), OK);
	partstest_expect_state(parts, expected);
	parts_free(parts);
}

/* ---- text */

static void
a_block_that_is_begun_anew_is_another(void **state)
{
	struct parts *parts = parts_open();

	(void)state;
	assert_int_equal(
		partstest_fold(parts,
			"{\"type\":\"text-start\",\"id\":\"t\"}\n"
			"{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"a\"}\n"
			"{\"type\":\"text-start\",\"id\":\"t\"}\n"
			"{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"b\"}\n"
			"{\"type\":\"text-end\",\"id\":\"t\"}"),
		OK);
	assert_int_equal(partstest_fold(parts,
				 "{\"type\":\"text-delta\",\"id\":\"t\","
				 "\"delta\":\"c\"}"),
		ERR_INVALID);
	partstest_expect_state(parts,
		"[{\"type\":\"text\",\"text\":\"a\",\"state\":\"streaming\"},"
		"{\"type\":\"text\",\"text\":\"b\",\"state\":\"done\"}]");
	parts_free(parts);
}

/* A model may sign its text at the end. */
static void
an_end_may_bring_metadata(void **state)
{
	(void)state;
	expect("{\"type\":\"text-start\",\"id\":\"t\"}\n"
	       "{\"type\":\"text-end\",\"id\":\"t\",\"providerMetadata\":{"
	       "\"p\":{\"k\":1}}}",
		"[{\"type\":\"text\",\"text\":\"\",\"state\":\"done\","
		"\"providerMetadata\":{\"p\":{\"k\":1}}}]");
}

static void
what_was_open_first_is_closed_too(void **state)
{
	struct parts *parts = parts_open();
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(
		partstest_fold(parts, "{\"type\":\"text-start\",\"id\":\"t\"}"),
		OK);
	parts_close(parts, "cut", &out);
	assert_string_equal(buf_str(&out),
		"data: {\"type\":\"text-end\",\"id\":\"t\"}\n\n");
	buf_free(&out);
	parts_free(parts);
}

/* ---- calls */

#define START                                                  \
	"{\"type\":\"tool-input-start\",\"toolCallId\":\"c\"," \
	"\"toolName\":\"f\"}\n"
#define ARGUMENTS(text)                                  \
	"{\"type\":\"tool-input-delta\",\"toolCallId\":" \
	"\"c\",\"inputTextDelta\":\"" text "\"}\n"
#define INPUT                                                      \
	"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\"," \
	"\"toolName\":\"f\",\"input\":{}}\n"
#define NO_INPUT(more)                                   \
	"{\"type\":\"tool-input-error\",\"toolCallId\":" \
	"\"c\",\"toolName\":\"f\",\"input\":\"{x\","     \
	"\"errorText\":\"no\"" more "}\n"

static void
a_call_keeps_what_is_said_of_it_once(void **state)
{
	(void)state;
	expect("{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
	       "\"toolName\":\"f\",\"input\":{},\"toolMetadata\":{\"a\":1},"
	       "\"providerExecuted\":true}\n"
	       "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
	       "\"output\":1}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"available\",\"input\":{},\"output\":1,\"providerExecuted\":"
		"true,\"toolMetadata\":{\"a\":1}}]");
}

static void
assert_arguments(const char *chunks, const char *expected)
{
	struct parts *parts = parts_open();
	struct span arguments;

	assert_int_equal(partstest_fold(parts, chunks), OK);
	arguments = parts_arguments(parts, span_of("c"));
	assert_true(span_is(arguments, expected));
	parts_free(parts);
}

/* They are returned until they are its input, or known to be invalid. */
static void
arguments_are_those_of_the_call_as_it_runs(void **state)
{
	(void)state;
	assert_arguments("", "");
	assert_arguments(START ARGUMENTS("{") ARGUMENTS("}"), "{}");
	assert_arguments(START ARGUMENTS("{") START ARGUMENTS("[]"), "[]");
	assert_arguments(START ARGUMENTS("{}") INPUT, "");
	assert_arguments(START ARGUMENTS("{x") NO_INPUT(""), "");
}

#define ERROR(input)                                            \
	"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":" \
	"\"output-error\",\"rawInput\":" input ","              \
	"\"errorText\":\"no\"}]"

/* The existing call counts, whatever the chunk says of it. */
static void
what_is_no_input_is_kept_of_the_same_call(void **state)
{
	(void)state;
	expect(START NO_INPUT(",\"dynamic\":true"), ERROR("\"{x\""));
	expect(NO_INPUT("") "{\"type\":\"tool-output-error\",\"toolCallId\":"
			    "\"c\",\"errorText\":\"no\"}",
		ERROR("\"{x\""));
}

static void
what_was_no_input_goes_when_the_call_goes_on(void **state)
{
	(void)state;
	expect(NO_INPUT("") INPUT,
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"input-"
		"available\",\"input\":{}}]");
	expect(NO_INPUT("") "{\"type\":\"tool-output-available\","
			    "\"toolCallId\":\"c\",\"output\":1}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"available\",\"output\":1}]");
}

/* ---- stored parts */

static void
changed(const char *stored, const char *chunks, const char *expected)
{
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;

	assert_int_equal(parts_load(parts, &arena, span_of(stored),
				 (struct span){ NULL, 0 }),
		OK);
	assert_int_equal(partstest_fold(parts, chunks), OK);
	partstest_expect_state(parts, expected);
	parts_free(parts);
	arena_reset(&arena);
}

#define STORED(state, more)                                             \
	"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"" state \
	"\"" more "}]"

/* It is not written as its source text had it. */
static void
a_stored_call_that_goes_on_is_written_as_it_is_now(void **state)
{
	(void)state;
	changed(STORED("input-streaming", ",\"rawInput\":\"{\""),
		ARGUMENTS("}"),
		STORED("input-streaming", ",\"rawInput\":\"{}\""));
	changed(STORED("input-available", ",\"input\":{}"),
		"{\"type\":\"tool-approval-request\",\"toolCallId\":\"c\","
		"\"approvalId\":\"a\"}",
		STORED("approval-requested",
			",\"input\":{},\"approval\":{\"id\":\"a\"}"));
	changed(STORED("approval-requested",
			",\"input\":{},\"approval\":{\"id\":\"a\"}"),
		"{\"type\":\"tool-output-denied\",\"toolCallId\":\"c\"}",
		STORED("output-denied",
			",\"input\":{},\"approval\":{\"id\":\"a\"}"));
	changed(STORED("input-available", ",\"input\":{}"),
		"{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
		"\"output\":1}",
		STORED("output-available", ",\"input\":{},\"output\":1"));
}

#define WAITS(id, input)                                  \
	"{\"type\":\"tool-f\",\"toolCallId\":\"" id "\"," \
	"\"state\":\"input-available\",\"input\":" input "}"
#define ANSWER(id, output)                                \
	"{\"type\":\"tool-f\",\"toolCallId\":\"" id "\"," \
	"\"state\":\"output-available\",\"input\":0,"     \
	"\"output\":" output "}"
#define ANSWERED(id, input, output)                                       \
	"{\"type\":\"tool-f\",\"state\":"                                 \
	"\"output-available\",\"toolCallId\":\"" id "\",\"input\":" input \
	",\"output\":" output "}"

static void
answered(const char *stored, const char *posted, size_t many,
	const char *expected)
{
	const struct parts_answers answers = { .posted = span_of(posted),
		.made = true };
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	size_t before, n;

	assert_int_equal(parts_load(parts, &arena, span_of(stored),
				 (struct span){ NULL, 0 }),
		OK);
	before = parts_size(parts);
	assert_int_equal(parts_answer(parts, &arena, &answers, &n), OK);
	assert_int_equal(n, many);
	assert_int_equal(parts_size(parts), before + many * 2);
	parts_write(parts, &out);
	assert_string_equal(buf_str(&out), expected);
	buf_free(&out);
	parts_free(parts);
	arena_reset(&arena);
}

/* Each answer goes to the last call that waits; a model may even send calls
 * without an id. */
static void
calls_of_one_id_are_answered_one_by_one(void **state)
{
	(void)state;
	answered("[" WAITS("", "1") "," WAITS("", "2") "]",
		"[" ANSWER("", "10") "," ANSWER("", "20") "]", 2,
		"[" ANSWERED("", "1", "20") "," ANSWERED("", "2", "10") "]");
	answered("[" WAITS("a", "1") "," WAITS("ab", "2") "]",
		"[" ANSWER("a", "10") "," ANSWER("ab", "20") "]", 2,
		"[" ANSWERED("a", "1", "10") "," ANSWERED("ab", "2", "20") "]");
}

static void
what_waits_for_nothing_is_not_answered(void **state)
{
	(void)state;
	answered("[" ANSWER("a", "10") "]", "[" ANSWER("a", "20") "]", 0,
		"[" ANSWER("a", "10") "]");
}

/* ---- metadata */

static void
metadata_that_is_no_object_is_none(void **state)
{
	static const char *const values[] = { "7", "null", "[1]", "\"a\"" };
	struct parts *parts = parts_open();
	struct buf out = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(values); i++)
		assert_int_equal(
			parts_merge_metadata(parts, span_of(values[i])), OK);
	parts_replay(parts, &out);
	assert_string_equal(buf_str(&out), "data: {\"type\":\"start\"}\n\n");
	assert_int_equal(
		parts_merge_metadata(parts, span_of("{")), ERR_INVALID);
	buf_free(&out);
	parts_free(parts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_that_is_begun_anew_is_another),
		cmocka_unit_test(an_end_may_bring_metadata),
		cmocka_unit_test(what_was_open_first_is_closed_too),
		cmocka_unit_test(a_call_keeps_what_is_said_of_it_once),
		cmocka_unit_test(arguments_are_those_of_the_call_as_it_runs),
		cmocka_unit_test(what_is_no_input_is_kept_of_the_same_call),
		cmocka_unit_test(what_was_no_input_goes_when_the_call_goes_on),
		cmocka_unit_test(
			a_stored_call_that_goes_on_is_written_as_it_is_now),
		cmocka_unit_test(calls_of_one_id_are_answered_one_by_one),
		cmocka_unit_test(what_waits_for_nothing_is_not_answered),
		cmocka_unit_test(metadata_that_is_no_object_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
