/* Builds messages from their chunks; reply_test.c has every recorded stream. */

#include "../unit.h"
#include "../wire/vector.h"
#include "message/parts.h"
#include "partstest.h"
#include "tool/set.h"

/* The replay must give the same result. */
static void
expect(const char *chunks, const char *expected)
{
	struct parts *parts = parts_open(), *back = parts_open();
	struct arena arena = ARENA_INIT;
	struct buf replay = BUF_INIT;

	assert_int_equal(partstest_fold(parts, chunks), OK);
	partstest_expect_state(parts, expected);
	parts_replay(parts, &replay);
	assert_int_equal(parts_fold(back, &arena, buf_span(&replay)), OK);
	partstest_expect_state(back, expected);
	buf_free(&replay);
	arena_reset(&arena);
	parts_free(parts);
	parts_free(back);
}

#define CALL                                                       \
	"{\"type\":\"tool-input-available\",\"toolCallId\":\"c\"," \
	"\"toolName\":\"f\",\"input\":{\"a\":1}}\n"

static void
test_outputs_of_tools(void **state)
{
	(void)state;
	expect(CALL "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
		    "\"output\":[1],\"preliminary\":true}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"available\",\"input\":{\"a\":1},\"output\":[1],\"preliminary\""
		":true}]");
	/* The final output removes `preliminary`. */
	expect(CALL "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
		    "\"output\":[1],\"preliminary\":true}\n"
		    "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
		    "\"output\":2,\"providerMetadata\":{\"p\":{\"k\":1}}}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"available\",\"input\":{\"a\":1},\"output\":2,"
		"\"resultProviderMetadata\":{\"p\":{\"k\":1}}}]");
	expect(CALL "{\"type\":\"tool-output-error\",\"toolCallId\":\"c\","
		    "\"errorText\":\"no\"}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"error\",\"input\":{\"a\":1},\"errorText\":\"no\"}]");
	/* Approval, and a denial. */
	expect(CALL "{\"type\":\"tool-approval-request\",\"approvalId\":\"a\","
		    "\"toolCallId\":\"c\"}\n{\"type\":\"tool-output-denied\","
		    "\"toolCallId\":\"c\"}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"denied\",\"input\":{\"a\":1},\"approval\":{\"id\":\"a\"}}]");
	/* The form in which ai 5 and 6 keep it. */
	expect("{\"type\":\"tool-input-error\",\"toolCallId\":\"c\","
	       "\"toolName\":\"f\",\"input\":\"{x\",\"errorText\":\"no\"}",
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"output-"
		"error\",\"rawInput\":\"{x\",\"errorText\":\"no\"}]");
	expect("{\"type\":\"tool-input-start\",\"toolCallId\":\"c\","
	       "\"toolName\":\"f\",\"dynamic\":true,\"title\":\"F\"}\n"
	       "{\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
	       "\"toolName\":\"f\",\"input\":null,\"dynamic\":true,"
	       "\"providerMetadata\":{\"p\":{}}}",
		"[{\"type\":\"dynamic-tool\",\"toolName\":\"f\",\"toolCallId\":"
		"\"c\",\"state\":\"input-available\",\"input\":null,\"title\":"
		"\"F\",\"callProviderMetadata\":{\"p\":{}}}]");
	/* The same id in another step is another part; outputs go to the latest
	 * part. */
	expect("{\"type\":\"start-step\"}\n" CALL "{\"type\":\"finish-step\"}\n"
	       "{\"type\":\"start-step\"}\n" CALL
	       "{\"type\":\"tool-output-available\",\"toolCallId\":\"c\","
	       "\"output\":1}",
		"[{\"type\":\"step-start\"},{\"type\":\"tool-f\",\"toolCallId\""
		":\"c\",\"state\":\"input-available\",\"input\":{\"a\":1}},"
		"{\"type\":\"step-start\"},{\"type\":\"tool-f\",\"toolCallId\":"
		"\"c\",\"state\":\"output-available\",\"input\":{\"a\":1},"
		"\"output\":1}]");
}

static void
test_files_sources_and_data(void **state)
{
	(void)state;
	expect("{\"type\":\"file\",\"url\":\"u\",\"mediaType\":\"m\"}\n"
	       "{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":\"u\"}\n"
	       "{\"type\":\"source-document\",\"sourceId\":\"s\",\"mediaType\":"
	       "\"m\",\"title\":\"t\",\"filename\":\"f\"}",
		"[{\"type\":\"file\",\"url\":\"u\",\"mediaType\":\"m\"},"
		"{\"type\":\"source-url\",\"sourceId\":\"s\",\"url\":\"u\"},"
		"{\"type\":\"source-document\",\"sourceId\":\"s\",\"mediaType\""
		":\"m\",\"title\":\"t\",\"filename\":\"f\"}]");
	/* Transient data is not kept; data with the same name and id is
	 * replaced. */
	expect("{\"type\":\"data-x\",\"data\":1,\"transient\":true}\n"
	       "{\"type\":\"data-x\",\"id\":\"i\",\"data\":1}\n"
	       "{\"type\":\"data-y\",\"id\":\"i\",\"data\":2}\n"
	       "{\"type\":\"data-x\",\"data\":3}\n"
	       "{\"type\":\"data-x\",\"id\":\"i\",\"data\":{\"b\":4}}",
		"[{\"type\":\"data-x\",\"id\":\"i\",\"data\":{\"b\":4}},"
		"{\"type\":\"data-y\",\"id\":\"i\",\"data\":2},"
		"{\"type\":\"data-x\",\"data\":3}]");
}

static void
test_text_and_reasoning(void **state)
{
	(void)state;
	expect("{\"type\":\"text-start\",\"id\":\"t\",\"providerMetadata\":{"
	       "\"p\":{\"k\":1}}}\n"
	       "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"a\\ud83d\"}\n"
	       "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"\\ude00\","
	       "\"providerMetadata\":{\"p\":{\"k\":2}}}\n"
	       "{\"type\":\"text-end\",\"id\":\"t\"}",
		"[{\"type\":\"text\",\"text\":\"a\\ud83d\\ude00\",\"state\":"
		"\"done\",\"providerMetadata\":{\"p\":{\"k\":2}}}]");
	/* Two open at once. */
	expect("{\"type\":\"text-start\",\"id\":\"t\"}\n"
	       "{\"type\":\"reasoning-start\",\"id\":\"t\"}\n"
	       "{\"type\":\"text-delta\",\"id\":\"t\",\"delta\":\"a\"}\n"
	       "{\"type\":\"reasoning-delta\",\"id\":\"t\",\"delta\":\"b\"}",
		"[{\"type\":\"text\",\"text\":\"a\",\"state\":\"streaming\"},"
		"{\"type\":\"reasoning\",\"id\":\"t\",\"text\":\"b\",\"state\":"
		"\"streaming\"}]");
}

/* A chunk on which a client would fail changes nothing. */
static void
test_invalid_chunk_changes_nothing(void **state)
{
	static const char *const bad[] = {
		"{\"type\":\"text-delta\",\"id\":\"x\",\"delta\":\"a\"}",
		"{\"type\":\"text-end\",\"id\":\"x\"}",
		"{\"type\":\"reasoning-delta\",\"id\":\"t\",\"delta\":\"a\"}",
		"{\"type\":\"tool-input-delta\",\"toolCallId\":\"x\","
		"\"inputTextDelta\":\"\"}",
		"{\"type\":\"tool-input-delta\",\"toolCallId\":\"c\","
		"\"inputTextDelta\":\"\"}",
		"{\"type\":\"tool-output-available\",\"toolCallId\":\"x\","
		"\"output\":1}",
		"{\"type\":\"tool-output-error\",\"toolCallId\":\"x\","
		"\"errorText\":\"\"}",
		"{\"type\":\"tool-output-denied\",\"toolCallId\":\"x\"}",
		"{\"type\":\"tool-approval-request\",\"toolCallId\":\"x\","
		"\"approvalId\":\"a\"}",
	};
	struct parts *parts = parts_open();

	(void)state;
	assert_int_equal(partstest_fold(parts,
				 CALL "{\"type\":\"text-start\",\"id\":\"t\"}"),
		OK);
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(partstest_fold(parts, bad[i]), ERR_INVALID);
	/* The end of a step ends its open blocks. */
	assert_int_equal(
		partstest_fold(parts, "{\"type\":\"finish-step\"}"), OK);
	assert_int_equal(partstest_fold(parts,
				 "{\"type\":\"text-delta\",\"id\":\"t\","
				 "\"delta\":\"a\"}"),
		ERR_INVALID);
	partstest_expect_state(parts,
		"[{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":\"input-"
		"available\",\"input\":{\"a\":1}},{\"type\":\"text\",\"text\":"
		"\"\",\"state\":\"streaming\"}]");
	parts_free(parts);
}

static void
test_metadata_is_merged(void **state)
{
	struct parts *parts = parts_open();
	struct buf out = BUF_INIT;

	(void)state;
	parts_write_metadata(parts, &out);
	assert_string_equal(buf_str(&out), "{}");
	assert_int_equal(
		partstest_fold(parts,
			"{\"type\":\"start\",\"messageMetadata\":{\"a\":{"
			"\"b\":1,\"c\":[1,2]},\"d\":1}}\n"
			"{\"type\":\"message-metadata\",\"messageMetadata\""
			":{\"a\":{\"c\":[3],\"e\":null},\"constructor\":1}}"
			"\n{\"type\":\"finish\",\"messageMetadata\":{\"d\":"
			"{\"x\":1}}}"),
		OK);
	buf_clear(&out);
	parts_write_metadata(parts, &out);
	assert_same_json("metadata", buf_span(&out),
		span_of("{\"a\":{\"b\":1,\"c\":[3],\"e\":null},\"d\":{\"x\":1}}"));
	buf_free(&out);
	parts_free(parts);
}

/* ---- ends */

static void
test_close_ends_open_parts(void **state)
{
	struct parts *parts = parts_open();
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(
		partstest_fold(parts,
			"{\"type\":\"start-step\"}\n"
			"{\"type\":\"reasoning-start\",\"id\":\"r\"}\n"
			"{\"type\":\"text-start\",\"id\":\"t\"}\n"
			"{\"type\":\"tool-input-start\",\"toolCallId\":\"c\","
			"\"toolName\":\"f\"}\n"
			"{\"type\":\"tool-input-delta\",\"toolCallId\":\"c\","
			"\"inputTextDelta\":\"{\\\"a\"}\n"
			"{\"type\":\"tool-input-available\",\"toolCallId\":"
			"\"d\",\"toolName\":\"f\",\"input\":1}"),
		OK);
	parts_close(parts, "cut", &out);
	assert_string_equal(buf_str(&out),
		"data: {\"type\":\"reasoning-end\",\"id\":\"r\"}\n\n"
		"data: {\"type\":\"text-end\",\"id\":\"t\"}\n\n"
		"data: {\"type\":\"tool-input-available\",\"toolCallId\":\"c\","
		"\"toolName\":\"f\",\"input\":\"{\\\"a\"}\n\n"
		"data: {\"type\":\"tool-output-error\",\"toolCallId\":\"c\","
		"\"errorText\":\"cut\"}\n\n"
		"data: {\"type\":\"finish-step\"}\n\n");
	partstest_expect_state(parts,
		"[{\"type\":\"step-start\"},{\"type\":\"reasoning\",\"id\":"
		"\"r\",\"text\":\"\",\"state\":\"done\"},{\"type\":\"text\","
		"\"text\":\"\",\"state\":\"done\"},{\"type\":\"tool-f\","
		"\"toolCallId\":\"c\",\"state\":\"output-error\",\"input\":"
		"\"{\\\"a\",\"errorText\":\"cut\"},{\"type\":\"tool-f\","
		"\"toolCallId\":\"d\",\"state\":\"input-available\",\"input\":"
		"1}]");
	buf_clear(&out);
	parts_close(parts, "cut", &out);
	assert_int_equal(out.len, 0);
	buf_free(&out);
	parts_free(parts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outputs_of_tools),
		cmocka_unit_test(test_files_sources_and_data),
		cmocka_unit_test(test_text_and_reasoning),
		cmocka_unit_test(test_invalid_chunk_changes_nothing),
		cmocka_unit_test(test_metadata_is_merged),
		cmocka_unit_test(test_close_ends_open_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
