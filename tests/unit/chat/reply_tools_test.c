/* reply_tools_test.c: replies with several steps, and tools between them. */

#include "../unit.h"
#include "../wire/vector.h"
#include "chat/reply.h"

#include <string.h>

static const struct llm_tool tools[] = { { { "f", 1 }, NULL } };

static const struct llm_settings settings = {
	.model = "m", .tool_list = tools, .n_tools = 1, .reply_max = 1000
};

#define FINISH_STEP "data: {\"type\":\"finish-step\"}\n\n"

struct stage {
	struct reply *reply;
	struct parts *parts;
	struct buf out;
};

static int
setup(void **state)
{
	static struct stage stage;

	stage = (struct stage){ .reply = reply_open(&settings) };
	stage.parts = reply_parts(stage.reply);
	reply_start(stage.reply, 17, 0, &stage.out);
	*state = &stage;
	return 0;
}

static int
teardown(void **state)
{
	struct stage *stage = *state;

	reply_free(stage->reply);
	buf_free(&stage->out);
	return 0;
}

static void
say(struct stage *stage, enum llm_event_type type, unsigned call,
	const char *text)
{
	struct llm_event event = { .type = type, .call = call };

	if (type == LLM_TOOL_START) {
		event.id = span_of(text);
		event.name = span_of("f");
	} else if (text != NULL) {
		event.text = span_of(text);
	}
	assert_int_equal(reply_event(stage->reply, &event, &stage->out), OK);
}

/* An answer of the model that calls f once for each id. */
static void
call_tools(struct stage *stage, const char *const *ids, unsigned n)
{
	say(stage, LLM_BEGIN, 0, NULL);
	for (unsigned i = 0; i < n; i++) {
		say(stage, LLM_TOOL_START, i, ids[i]);
		say(stage, LLM_TOOL_ARGS, i, "{}");
	}
	for (unsigned i = 0; i < n; i++)
		say(stage, LLM_TOOL_END, i, NULL);
}

static struct parts_call
next_call(struct stage *stage, size_t *at)
{
	struct parts_call call;

	assert_true(parts_next_call(stage->parts, at, &call));
	return call;
}

static void
give(struct stage *stage, const char *id, const char *output)
{
	assert_int_equal(reply_tool_output(stage->reply, span_of(id),
				 span_of(output), false, &stage->out),
		OK);
}

static void
test_calls_of_the_last_step(void **state)
{
	static const char *const first[] = { "a", "b" };
	static const char *const second[] = { "c" };
	struct stage *stage = *state;
	struct parts_call call;
	size_t at = 0;

	assert_false(parts_next_call(stage->parts, &at, &call));
	call_tools(stage, first, 2);
	assert_true(parts_in_step(stage->parts));
	call = next_call(stage, &at);
	assert_true(span_is(call.id, "a") && span_is(call.name, "f") &&
		span_is(call.input, "{}"));
	assert_int_equal(call.state, PARTS_CALL_WAITS);
	assert_true(span_is(next_call(stage, &at).id, "b"));
	assert_false(parts_next_call(stage->parts, &at, &call));

	give(stage, "a", "1");
	at = 0;
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_DONE);
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_WAITS);
	reply_end_step(stage->reply, &stage->out);
	assert_false(parts_in_step(stage->parts));
	call_tools(stage, second, 1);
	at = 0;
	assert_true(span_is(next_call(stage, &at).id, "c"));
	assert_false(parts_next_call(stage->parts, &at, &call));
}

static void
test_ids_that_come_again(void **state)
{
	static const char *const ids[] = { "a" };
	struct stage *stage = *state;
	struct parts_call call;
	size_t at = 0;

	call_tools(stage, ids, 1);
	give(stage, "a", "1");
	reply_end_step(stage->reply, &stage->out);
	call_tools(stage, ids, 1);
	call = next_call(stage, &at);
	assert_false(span_is(call.id, "a"));
	assert_int_equal(call.id.len, 16);
	assert_int_equal(call.state, PARTS_CALL_WAITS);
}

static void
test_usage_of_all_steps(void **state)
{
	struct stage *stage = *state;
	const struct llm_usage first = { 10, 5, 15, -1, 3, -1 };
	struct llm_result last = { LLM_OK, LLM_FINISH_STOP,
		{ 1, 2, 3, 4, -1, -1 } };
	struct buf metadata = BUF_INIT;

	say(stage, LLM_BEGIN, 0, NULL);
	reply_count_usage(stage->reply, &first);
	reply_end_step(stage->reply, &stage->out);
	say(stage, LLM_BEGIN, 0, NULL);
	assert_int_equal(
		reply_end(stage->reply, &last, &stage->out), REPLY_COMPLETE);
	parts_write_metadata(stage->parts, &metadata);
	assert_non_null(strstr(buf_str(&metadata),
		"\"usage\":{\"inputTokens\":11,\"outputTokens\":7,"
		"\"totalTokens\":18,\"cachedInputTokens\":4,"
		"\"reasoningTokens\":3}"));
	buf_free(&metadata);
}

/* Nothing is open between two steps, so the end finishes no step again. */
static void
test_end_between_steps(void **state)
{
	static const char *const ids[] = { "a" };
	struct stage *stage = *state;
	struct llm_result stop = { LLM_STOPPED, LLM_FINISH_NONE,
		LLM_USAGE_NONE };

	call_tools(stage, ids, 1);
	give(stage, "a", "1");
	reply_end_step(stage->reply, &stage->out);
	buf_clear(&stage->out);
	assert_int_equal(
		reply_end(stage->reply, &stop, &stage->out), REPLY_STOPPED);
	assert_null(strstr(buf_str(&stage->out), FINISH_STEP));
}

/* The call stays as it was, and its step is finished. */
static void
test_end_while_a_tool_runs(void **state)
{
	static const char *const ids[] = { "a" };
	struct stage *stage = *state;
	struct llm_result stop = { LLM_STOPPED, LLM_FINISH_NONE,
		LLM_USAGE_NONE };
	struct buf parts = BUF_INIT;

	call_tools(stage, ids, 1);
	buf_clear(&stage->out);
	reply_end(stage->reply, &stop, &stage->out);
	assert_ptr_equal(
		strstr(buf_str(&stage->out), FINISH_STEP), stage->out.data);
	parts_write(stage->parts, &parts);
	assert_same_json("parts", buf_span(&parts),
		span_of("[{\"type\":\"step-start\"},{\"type\":\"tool-f\","
			"\"toolCallId\":\"a\",\"state\":\"input-available\","
			"\"input\":{}}]"));
	buf_free(&parts);
}

static void
test_output_beyond_the_cap(void **state)
{
	static const char *const ids[] = { "a" };
	struct stage *stage = *state;
	char large[1001];
	size_t at = 0;

	memset(large, '1', sizeof(large));
	call_tools(stage, ids, 1);
	assert_int_equal(reply_tool_output(stage->reply, span_of("a"),
				 (struct span){ large, sizeof(large) }, false,
				 &stage->out),
		ERR_TOO_BIG);
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_WAITS);
}

/* Asks for approval; returns the id of the approval. */
static const char *
ask_approval(struct stage *stage, const char *call_id, struct arena *arena)
{
	static const char key[] = "\"approvalId\":\"";
	const char *id;

	buf_clear(&stage->out);
	reply_ask_approval(stage->reply, span_of(call_id), &stage->out);
	id = strstr(buf_str(&stage->out), key);
	assert_non_null(id);
	id += strlen(key);
	return arena_str(arena, id, strcspn(id, "\""));
}

static void
test_approvals(void **state)
{
	static const char *const ids[] = { "a", "b" };
	static const char form[] =
		"[{\"type\":\"step-start\"},{\"type\":\"tool-f\","
		"\"toolCallId\":\"a\",\"state\":\"approval-responded\","
		"\"input\":{},\"approval\":{\"id\":\"%s\",\"approved\":true}},"
		"{\"type\":\"tool-f\",\"toolCallId\":\"b\",\"state\":"
		"\"approval-responded\",\"input\":{},\"approval\":{\"id\":"
		"\"%s\",\"approved\":false}}]";
	struct parts_answers answers = { .made = true };
	struct stage *stage = *state;
	struct arena arena = ARENA_INIT;
	const char *first, *second;
	size_t at = 0, n;

	call_tools(stage, ids, 2);
	first = ask_approval(stage, "a", &arena);
	second = ask_approval(stage, "b", &arena);
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_WAITS);
	answers.posted = span_of(arena_printf(&arena, form, second, first));
	assert_int_equal(parts_answer(stage->parts, &arena, &answers, &n), OK);
	assert_int_equal(n, 0);
	answers.posted = span_of(arena_printf(&arena, form, first, second));
	assert_int_equal(parts_answer(stage->parts, &arena, &answers, &n), OK);
	assert_int_equal(n, 2);
	at = 0;
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_APPROVED);
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_DENIED);
	give(stage, "a", "1");
	reply_tool_denied(stage->reply, span_of("b"), &stage->out);
	at = 0;
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_DONE);
	assert_int_equal(next_call(stage, &at).state, PARTS_CALL_DONE);
	arena_reset(&arena);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_calls_of_the_last_step),
		TEST(test_ids_that_come_again),
		TEST(test_usage_of_all_steps),
		TEST(test_end_between_steps),
		TEST(test_end_while_a_tool_runs),
		TEST(test_output_beyond_the_cap),
		TEST(test_approvals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
