#include "../unit.h"
#include "message/chunk.h"

#include <string.h>

#define T(text) ((struct span){ text, sizeof(text) - 1 })

static void
expect_written(const struct chunk *chunk, const char *event)
{
	struct buf out = BUF_INIT;

	chunk_write(&out, chunk);
	assert_string_equal(buf_str(&out), event);
	buf_free(&out);
}

static void
test_chunks_are_written(void **state)
{
	(void)state;
	expect_written(&(struct chunk){ .type = CHUNK_START },
		"data: {\"type\":\"start\"}\n\n");
	expect_written(&(struct chunk){ .type = CHUNK_TEXT_DELTA,
			       .id = T("t"),
			       .delta = T("a\"\n\0\xc3\xa4") },
		"data: {\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"a\\\""
		"\\n\\u0000\xc3\xa4\"}\n\n");
	/* A present but empty member is written, an absent one is not. */
	expect_written(
		&(struct chunk){
			.type = CHUNK_TEXT_DELTA, .id = T(""), .delta = T("") },
		"data: {\"type\":\"text-delta\",\"id\":\"\",\"delta\":\"\"}"
		"\n\n");
	/* JSON with line breaks becomes one line. */
	expect_written(&(struct chunk){ .type = CHUNK_TOOL_OUTPUT_AVAILABLE,
			       .tool_call_id = T("c"),
			       .output = T("{\n\r\"a\": \"x\\ny\"}"),
			       .preliminary = CHUNK_TRUE },
		"data: {\"type\":\"tool-output-available\",\"toolCallId\":\"c\""
		",\"output\":{  \"a\": \"x\\ny\"},\"preliminary\":true}\n\n");
	expect_written(&(struct chunk){ .type = CHUNK_DATA,
			       .name = T("data-x"),
			       .data = T("[1]"),
			       .id = T("i") },
		"data: {\"type\":\"data-x\",\"id\":\"i\",\"data\":[1]}\n\n");
}

static void
test_session_chunk_has_its_ids(void **state)
{
	static const uint64_t ids[] = { 1, UINT64_MAX };
	struct buf out = BUF_INIT;

	(void)state;
	chunk_write_session(&out, 17, ids, 2);
	assert_string_equal(buf_str(&out),
		"data: {\"type\":\"data-session\",\"data\":{\"sessionId\":"
		"\"17\",\"userMessageIds\":[\"1\",\"18446744073709551615\"]},"
		"\"transient\":true}\n\n");
	buf_free(&out);
}

/* A chunk that is read and written again is the same text. */
static void
test_written_again_is_the_same(void **state)
{
	static const char *const events[] = {
		"{\"type\":\"start\",\"messageId\":\"1\",\"messageMetadata\":{"
		"\"a\":[1,{}]}}",
		"{\"type\":\"start\"}",
		"{\"type\":\"finish\",\"finishReason\":\"stop\"}",
		"{\"type\":\"message-metadata\",\"messageMetadata\":null}",
		"{\"type\":\"error\",\"errorText\":\"no\"}",
		"{\"type\":\"abort\",\"reason\":\"r\"}",
		"{\"type\":\"start-step\"}",
		"{\"type\":\"finish-step\"}",
		"{\"type\":\"text-start\",\"id\":\"t\",\"providerMetadata\":{"
		"\"p\":{}}}",
		"{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"\\ud83d\"}",
		"{\"type\":\"text-end\",\"id\":\"t\"}",
		"{\"type\":\"reasoning-start\",\"id\":\"r\"}",
		"{\"type\":\"reasoning-delta\",\"id\":\"r\",\"delta\":\"\"}",
		"{\"type\":\"reasoning-end\",\"id\":\"r\"}",
		"{\"type\":\"tool-input-start\",\"toolCallId\":\"c\","
		"\"toolName\":\"f\",\"title\":\"F\",\"dynamic\":false}",
		"{\"type\":\"tool-input-delta\",\"toolCallId\":\"c\","
		"\"inputTextDelta\":\"{\"}",
		"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
		"\"toolName\":\"f\",\"input\":null}",
		"{\"type\":\"tool-input-error\",\"toolCallId\":\"c\","
		"\"toolName\":\"f\",\"input\":\"x\",\"errorText\":\"e\"}",
		"{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
		"\"output\":1,\"providerExecuted\":true}",
		"{\"type\":\"tool-output-error\",\"toolCallId\":\"c\","
		"\"errorText\":\"e\"}",
		"{\"type\":\"tool-output-denied\",\"toolCallId\":\"c\"}",
		"{\"type\":\"tool-approval-request\",\"toolCallId\":\"c\","
		"\"approvalId\":\"a\"}",
		"{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":\"u\"}",
		"{\"type\":\"source-document\",\"sourceId\":\"s\","
		"\"mediaType\":\"m\",\"title\":\"t\",\"filename\":\"f\"}",
		"{\"type\":\"file\",\"url\":\"u\",\"mediaType\":\"m\"}",
		"{\"type\":\"data-x\",\"data\":{},\"transient\":true}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(events); i++) {
		struct arena arena = ARENA_INIT;
		struct buf out = BUF_INIT;
		struct chunk chunk;
		struct span run, json;

		if (chunk_read(&arena, span_of(events[i]), &chunk) != OK)
			fail_msg("%s", events[i]);
		chunk_write(&out, &chunk);
		run = buf_span(&out);
		assert_true(chunk_next(&run, &json));
		assert_true(span_is(json, events[i]));
		assert_false(chunk_next(&run, &json));
		buf_free(&out);
		arena_reset(&arena);
	}
}

/* A client would fail on these. */
static void
test_invalid_chunks_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"x",
		"[]",
		"{}",
		"{\"type\":1}",
		"{\"type\":\"\"}",
		"{\"type\":\"data\"}",
		"{\"type\":\"reset-step\"}",
		"{\"type\":\"start\",\"messageId\":null}",
		"{\"type\":\"start\",\"messageId\":1}",
		"{\"type\":\"message-metadata\"}",
		"{\"type\":\"error\"}",
		"{\"type\":\"text-start\"}",
		"{\"type\":\"text-delta\",\"id\":\"t\"}",
		"{\"type\":\"text-delta\",\"id\":1,\"delta\":\"\"}",
		"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
		"\"toolName\":\"f\"}",
		"{\"type\":\"tool-output-available\",\"toolCallId\":\"c\"}",
		"{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
		"\"output\":1,\"preliminary\":1}",
		"{\"type\":\"source-document\",\"sourceId\":\"s\","
		"\"mediaType\":\"m\"}",
		"{\"type\":\"data-x\"}",
		"{\"type\":\"text-end\",\"id\":\"a\",\"id\":\"b\"}",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		struct arena arena = ARENA_INIT;
		struct chunk chunk;

		if (chunk_read(&arena, span_of(bad[i]), &chunk) != ERR_INVALID)
			fail_msg("%s", bad[i]);
		arena_reset(&arena);
	}
}

static void
test_next_skips_comments_and_done(void **state)
{
	struct span run = span_of(": hello\n\ndata: {1}\n\n: b\n\ndata: {2}\n\n"
				  "data: [DONE]\n\ndata: {3}\n\ndata: {4}");
	struct buf seen = BUF_INIT;
	struct span json;

	(void)state;
	while (chunk_next(&run, &json))
		buf_put_span(&seen, json);
	assert_string_equal(buf_str(&seen), "{1}{2}{3}{4}");
	run = span_of("");
	assert_false(chunk_next(&run, &json));
	run = span_of("data: \n\n\n\n");
	assert_false(chunk_next(&run, &json));
	buf_free(&seen);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_chunks_are_written),
		cmocka_unit_test(test_session_chunk_has_its_ids),
		cmocka_unit_test(test_written_again_is_the_same),
		cmocka_unit_test(test_invalid_chunks_are_refused),
		cmocka_unit_test(test_next_skips_comments_and_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
