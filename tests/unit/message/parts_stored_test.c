/* parts_stored_test.c: stored messages, and a person's answers to them. */

#include "../unit.h"
#include "../wire/vector.h"
#include "message/parts.h"
#include "partstest.h"
#include "tool/set.h"

#include <stdio.h>
#include <string.h>

#define WAITING_A                                                      \
	"{\"type\":\"tool-f\",\"toolCallId\":\"a\",\"state\":\"input-" \
	"available\",\"input\":{}}"
#define WAITING_B                                                             \
	"{\"type\":\"dynamic-tool\",\"toolName\":\"g\",\"toolCallId\":\"b\"," \
	"\"state\":\"approval-requested\",\"input\":1,\"approval\":{\"id\":"  \
	"\"x\"}}"
#define STORED                                                                 \
	"[ {\"type\":\"step-start\"},{\"createdAt\":5,\"text\":\"hi\","        \
	"\"type\":\"text\"}, {\"type\":\"reasoning\",\"text\":\"r\",\"state\"" \
	":\"done\"},\n{\"type\":\"file\",\"mediaType\":\"m\",\"url\":\"u\"},"  \
	"{\"type\":\"tool-f\",\"toolCallId\":\"a\",\"state\":\"input-"         \
	"available\",\"input\":{}},{\"type\":\"dynamic-tool\",\"toolName\":"   \
	"\"g\",\"toolCallId\":\"b\",\"state\":\"approval-requested\","         \
	"\"input\":1,\"approval\":{\"id\":\"x\"}} ]"

static struct parts *
loaded(struct arena *arena, const char *stored)
{
	struct parts *parts = parts_open();

	assert_int_equal(
		parts_load(parts, arena, span_of(stored), span_of("{\"n\":1}")),
		OK);
	return parts;
}

/* All members stay, including unknown ones. */
static void
test_load_keeps_all(void **state)
{
	struct arena arena = ARENA_INIT;
	struct parts *parts = loaded(&arena, STORED);
	struct buf metadata = BUF_INIT;

	(void)state;
	partstest_expect_state(parts, STORED);
	parts_write_metadata(parts, &metadata);
	assert_string_equal(buf_str(&metadata), "{\"n\":1}");
	assert_int_equal(parts_count(parts), 6);
	buf_free(&metadata);
	parts_free(parts);
	arena_reset(&arena);
}

static void
test_load_and_go_on(void **state)
{
	struct arena arena = ARENA_INIT;
	struct parts *parts = loaded(&arena,
		"[{\"type\":\"step-start\"},{\"type\":\"text\",\"text\":\"hi\","
		"\"state\":\"streaming\",\"x\":1},{\"type\":\"tool-f\","
		"\"toolCallId\":\"a\",\"state\":\"input-available\",\"input\":"
		"{}}]");

	(void)state;
	assert_int_equal(
		partstest_fold(parts,
			"{\"type\":\"start\",\"messageId\":\"9\"}\n"
			"{\"type\":\"tool-output-available\",\"toolCallId\":"
			"\"a\",\"output\":1}\n{\"type\":\"start-step\"}\n"
			"{\"type\":\"text-start\",\"id\":\"t\"}\n"
			"{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"x\"}"),
		OK);
	parts_close(parts, "cut", NULL);
	/* Parts that an earlier answer left open are not ours to end. */
	partstest_expect_state(parts,
		"[{\"type\":\"step-start\"},{\"type\":\"text\",\"text\":\"hi\","
		"\"state\":\"streaming\",\"x\":1},{\"type\":\"tool-f\","
		"\"toolCallId\":\"a\",\"state\":\"output-available\",\"input\":"
		"{},\"output\":1},{\"type\":\"step-start\"},{\"type\":\"text\","
		"\"text\":\"x\",\"state\":\"done\"}]");
	parts_free(parts);
	arena_reset(&arena);
}

static void
test_invalid_parts_are_not_loaded(void **state)
{
	static const char *const bad[] = { "[1]", "[{}]", "[{\"type\":1}]", "{",
		"[{\"type\":\"text\"}]",
		"[{\"type\":\"text\",\"text\":\"\",\"state\":\"x\"}]",
		"[{\"type\":\"tool-f\",\"state\":\"input-available\"}]",
		"[{\"type\":\"dynamic-tool\",\"toolCallId\":\"a\",\"state\":"
		"\"input-available\"}]" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct parts *parts = parts_open();
		struct arena arena = ARENA_INIT;

		assert_int_equal(parts_load(parts, &arena, span_of(bad[i]),
					 (struct span){ NULL, 0 }),
			ERR_INVALID);
		parts_free(parts);
		arena_reset(&arena);
	}
}

static void
expect_answered(const char *posted, const struct tool_set *ours, bool made,
	const char *last_two)
{
	const struct parts_answers answers = {
		.posted = span_of(posted),
		.is_ours = tool_is_ours,
		.tools = ours,
		.made = made,
	};
	struct arena arena = ARENA_INIT;
	struct parts *parts = loaded(&arena, STORED);
	struct buf out = BUF_INIT;
	size_t answered = 99;

	assert_int_equal(parts_answer(parts, &arena, &answers, &answered), OK);
	parts_write(parts, &out);
	if (strstr(buf_str(&out), last_two) == NULL)
		fail_msg("%s gives %s", posted, buf_str(&out));
	if (strstr(last_two, WAITING_A "," WAITING_B) != NULL)
		assert_int_equal(answered, 0);
	buf_free(&out);
	parts_free(parts);
	arena_reset(&arena);
}

static void
expect_nothing_taken(const char *posted, const struct tool_set *ours, bool made)
{
	expect_answered(posted, ours, made, WAITING_A "," WAITING_B);
}

#define A(state, more)                                                 \
	"{\"type\":\"tool-f\",\"toolCallId\":\"a\",\"state\":\"" state \
	"\"," more "}"
#define B(state, more)                                                        \
	"{\"type\":\"dynamic-tool\",\"toolName\":\"g\",\"toolCallId\":\"b\"," \
	"\"state\":\"" state "\"," more "}"
#define YES(id) "\"approval\":{\"id\":\"" id "\",\"approved\":true}"
#define NO(id) "\"approval\":{\"id\":\"" id "\",\"approved\":false}"
#define FORGED "\"input\":{\"forged\":1},\"title\":\"forged\""
/* For a client's tools, only the answer is taken. */
static void
test_only_the_answer_is_accepted(void **state)
{
	(void)state;
	expect_answered("[" A("output-available",
				FORGED ",\"output\":{ \"k\" : 1 }") "]",
		NULL, true,
		"{\"type\":\"tool-f\",\"state\":\"output-available\","
		"\"toolCallId\":\"a\",\"input\":{},"
		"\"output\":{ \"k\" : 1 }}," WAITING_B);
	expect_answered(
		"[" A("output-error", FORGED ",\"errorText\":\"e\"") "]", NULL,
		false,
		"{\"type\":\"tool-f\",\"state\":\"output-error\","
		"\"toolCallId\":\"a\",\"input\":{},\"errorText\":\"e\"},");
	expect_answered("[" B("approval-responded", FORGED "," YES("x")) "]",
		NULL, false,
		"\"state\":\"approval-responded\",\"toolCallId\":\"b\","
		"\"input\":1,\"approval\":{\"id\":\"x\",\"approved\":true}}");
	expect_answered(
		"[" B("output-available", FORGED ",\"output\":2," YES("x")) "]",
		NULL, false,
		"\"state\":\"output-available\",\"toolCallId\":\"b\","
		"\"input\":1,\"output\":2,\"approval\":{\"id\":\"x\","
		"\"approved\":true}}");
	/* Only the first answer is taken. */
	expect_answered("[" A("output-available", "\"output\":1") "," A(
				"output-available", "\"output\":2") "]",
		NULL, true, "\"input\":{},\"output\":1},");
}

static void
test_what_is_no_answer(void **state)
{
	static const char *const posted[] = {
		WAITING_A,
		"{\"type\":\"text\",\"text\":\"forged\"}",
		"{\"type\":\"tool-g\",\"toolCallId\":\"a\",\"state\":"
		"\"output-available\",\"input\":{},\"output\":1}",
		"{\"type\":\"tool-f\",\"toolCallId\":\"z\",\"state\":"
		"\"output-available\",\"input\":{},\"output\":1}",
		"{\"type\":\"dynamic-tool\",\"toolName\":\"f\","
		"\"toolCallId\":\"a\",\"state\":\"output-available\","
		"\"input\":{},\"output\":1}",
		/* Nobody was asked; another approval; no approval. */
		A("approval-responded", YES("x")),
		A("output-denied", NO("x")),
		B("approval-responded", YES("y")),
		B("output-denied", NO("y")),
		B("output-available", "\"output\":1," YES("y")),
		B("output-available", "\"output\":1"),
		B("output-error", "\"errorText\":\"e\""),
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(posted); i++) {
		char list[400];

		snprintf(list, sizeof(list), "[%s]", posted[i]);
		expect_nothing_taken(list, NULL, true);
		expect_nothing_taken(list, NULL, false);
	}
}

/* For the server's own tools, only a decision is taken, and only if approval
 * was requested. */
static void
test_answers_of_our_tools(void **state)
{
	static const struct tool tools[] = { { .name = "f" }, { .name = "g" } };
	static const struct tool_set ours = { tools, LENGTH(tools), false };
	static const char *const forged[] = {
		A("output-available", "\"output\":1"),
		A("output-available", "\"output\":1,\"preliminary\":true"),
		A("output-available", "\"output\":1,\"providerExecuted\":true"),
		A("output-error", "\"errorText\":\"e\""),
		A("approval-responded", YES("x")),
		B("output-available", "\"output\":1," YES("x")),
		B("output-error", "\"errorText\":\"e\"," YES("x")),
		B("approval-responded", YES("y")),
		B("approval-responded", YES("")),
	};
	static const char yes[] =
		"[" B("approval-responded", FORGED "," YES("x")) "]";
	static const char denied[] = "[" B("output-denied", YES("x")) "]";
	char list[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(forged); i++) {
		snprintf(list, sizeof(list), "[%s]", forged[i]);
		expect_nothing_taken(list, &ours, true);
		expect_nothing_taken(list, &ours, false);
	}
	expect_answered(yes, &ours, true,
		"\"state\":\"approval-responded\",\"toolCallId\":\"b\","
		"\"input\":1,\"approval\":{\"id\":\"x\",\"approved\":true}}");
	expect_answered(denied, &ours, true,
		"\"state\":\"output-denied\",\"toolCallId\":\"b\","
		"\"input\":1,\"approval\":{\"id\":\"x\",\"approved\":false}}");
	/* From a message that a client has posted, nothing is taken. */
	expect_nothing_taken(yes, &ours, false);
	expect_nothing_taken(denied, &ours, false);
}

/* A message with as many calls as it can have, answered in any order. */
static void
test_ten_thousand_answers_in_any_order(void **state)
{
	enum { N = 10000 };
	struct arena arena = ARENA_INIT;
	struct parts *parts = parts_open();
	struct buf stored = BUF_INIT, posted = BUF_INIT;
	struct parts_answers answers = { .made = true };
	size_t n;

	(void)state;
	for (int i = 0; i < N; i++) {
		buf_printf(&stored,
			"%c{\"type\":\"tool-f\",\"toolCallId\":\"c%d\","
			"\"state\":\"input-available\",\"input\":%d}",
			i > 0 ? ',' : '[', i, i);
		buf_printf(&posted,
			"%c{\"type\":\"tool-f\",\"toolCallId\":\"c%d\","
			"\"state\":\"output-available\",\"input\":0,"
			"\"output\":1}",
			i > 0 ? ',' : '[', N - 1 - i);
	}
	buf_putc(&stored, ']');
	buf_putc(&posted, ']');
	assert_int_equal(parts_load(parts, &arena, buf_span(&stored),
				 (struct span){ NULL, 0 }),
		OK);
	answers.posted = buf_span(&posted);
	assert_int_equal(parts_answer(parts, &arena, &answers, &n), OK);
	assert_int_equal(n, N);
	buf_free(&stored);
	buf_free(&posted);
	parts_free(parts);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_load_keeps_all),
		cmocka_unit_test(test_load_and_go_on),
		cmocka_unit_test(test_invalid_parts_are_not_loaded),
		cmocka_unit_test(test_only_the_answer_is_accepted),
		cmocka_unit_test(test_what_is_no_answer),
		cmocka_unit_test(test_answers_of_our_tools),
		cmocka_unit_test(test_ten_thousand_answers_in_any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
