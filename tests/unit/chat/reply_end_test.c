/* reply_end_test.c: how a reply ends, what it counts, and how it is continued,
 * as far as the records of reply_test.c do not show it. */

#include "../unit.h"
#include "../wire/vector.h"
#include "chat/reply.h"
#include "replytest.h"
#include "wire/failure.h"
#include "json/write.h"

#include <string.h>

#define HEAD                                                                 \
	"data: {\"type\":\"start\",\"messageId\":\"17\",\"messageMetadata\"" \
	":{\"createTime\":\"2023-11-14T22:13:20.123Z\",\"model\":\"test-"    \
	"model\"}}\n\n"
#define SAID                                                                    \
	"data: {\"type\":\"start-step\"}\n\ndata: {\"type\":\"text-start\","    \
	"\"id\":\"txt-0\"}\n\ndata: {\"type\":\"text-delta\",\"id\":\"txt-0\"," \
	"\"delta\":\"hi\"}\n\n"
#define SAID_END                                             \
	"data: {\"type\":\"text-end\",\"id\":\"txt-0\"}\n\n" \
	"data: {\"type\":\"finish-step\"}\n\n"
#define STATUS(type, word)                                                     \
	"data: {\"type\":\"" type "\",\"messageMetadata\":{\"status\":\"" word \
	"\"}}\n\n"
#define FAULT(word, code)                                                      \
	"data: {\"type\":\"message-metadata\",\"messageMetadata\":{\"status\"" \
	":\"" word "\",\"error\":{\"code\":\"" code "\"}}}\n\n"

static struct llm_settings plain = {
	.model = "test-model", .system_prompt = "", .reply_max = 100
};

static void
say(struct play *play, enum llm_event_type type, const char *text)
{
	struct llm_event event = { .type = type, .text = span_of(text) };

	play_event(play, &event);
}

/* Ends an answer with *fault*, after it said *hi* or nothing. */
static void
expect_end(enum llm_fault fault, bool said, enum reply_status status,
	const char *end)
{
	struct llm_result result = { fault, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct buf expected = BUF_INIT;
	struct play play;

	play_open(&play, &plain);
	if (said) {
		say(&play, LLM_BEGIN, NULL);
		say(&play, LLM_TEXT, "hi");
	}
	assert_int_equal(reply_end(play.reply, &result, &play.out), status);
	buf_printf(&expected, "%s%s%s", HEAD, said ? SAID : "", end);
	if (*llm_fault_sentence(fault) != '\0')
		buf_printf(&expected,
			"data: {\"type\":\"error\",\"errorText\":\"%s\"}\n\n",
			llm_fault_sentence(fault));
	buf_puts(&expected, CHUNK_DONE);
	assert_string_equal(buf_str(&play.out), buf_str(&expected));
	buf_free(&expected);
	play_close(&play);
}

static void
test_status_of_each_ending(void **state)
{
	(void)state;
	expect_end(LLM_OK, true, REPLY_COMPLETE,
		SAID_END "data: {\"type\":\"finish\",\"finishReason\":\"stop\","
			 "\"messageMetadata\":{\"status\":\"complete\","
			 "\"finishReason\":\"stop\"}}\n\n");
	expect_end(LLM_STOPPED, true, REPLY_STOPPED,
		SAID_END STATUS("finish", "stopped"));
	expect_end(
		LLM_STOPPED, false, REPLY_STOPPED, STATUS("finish", "stopped"));
	/* A broken reply is interrupted if something was shown, otherwise an
	 * error. */
	expect_end(LLM_CUT, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "cut"));
	expect_end(LLM_CUT, false, REPLY_ERROR, FAULT("error", "cut"));
	expect_end(LLM_STALLED, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "stalled"));
	expect_end(LLM_SHUTDOWN, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "shutdown"));
	expect_end(LLM_MALFORMED, true, REPLY_INTERRUPTED,
		SAID_END FAULT("interrupted", "malformed"));
	/* The model's own error stays an error. */
	expect_end(
		LLM_ERROR, true, REPLY_ERROR, SAID_END FAULT("error", "error"));
	expect_end(LLM_KEY, false, REPLY_ERROR, FAULT("error", "key"));
}

static void
expect_usage(const struct llm_usage *usage, const char *told)
{
	struct llm_result result = { LLM_OK, LLM_FINISH_LENGTH, *usage };
	struct buf metadata = BUF_INIT, expected = BUF_INIT;
	struct play play;

	play_open(&play, &plain);
	reply_end(play.reply, &result, &play.out);
	parts_write_metadata(reply_parts(play.reply), &metadata);
	buf_printf(&expected,
		"{\"createTime\":\"2023-11-14T22:13:20.123Z\",\"model\":"
		"\"test-model\",\"status\":\"complete\",%s\"finishReason\":"
		"\"length\"}",
		told);
	assert_same_json(told, buf_span(&metadata), buf_span(&expected));
	buf_free(&expected);
	buf_free(&metadata);
	play_close(&play);
}

/* Everything known is kept, whatever is missing. */
static void
test_known_usage_is_kept(void **state)
{
	(void)state;
	expect_usage(&(struct llm_usage){ 10, 5, 15, -1, 3, -1 },
		"\"usage\":{\"inputTokens\":10,\"outputTokens\":5,"
		"\"totalTokens\":15,\"reasoningTokens\":3},");
	expect_usage(&(struct llm_usage){ 10, -1, -1, -1, -1, -1 },
		"\"usage\":{\"inputTokens\":10},");
	expect_usage(&(struct llm_usage){ -1, 5, -1, -1, -1, -1 },
		"\"usage\":{\"outputTokens\":5},");
	expect_usage(&(struct llm_usage){ -1, -1, 15, -1, -1, -1 },
		"\"usage\":{\"totalTokens\":15},");
	expect_usage(&(struct llm_usage)LLM_USAGE_NONE, "");
}

/* The event that would exceed reply_max is dropped whole. */
static void
test_event_beyond_the_cap_is_dropped(void **state)
{
	char text[101];
	struct buf parts = BUF_INIT;
	struct llm_result result = { LLM_TOO_BIG, LLM_FINISH_NONE,
		LLM_USAGE_NONE };
	struct play play;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[100] = '\0';
	play_open(&play, &plain);
	say(&play, LLM_BEGIN, NULL);
	say(&play, LLM_TEXT, text);
	assert_int_equal(play.err, OK);
	say(&play, LLM_TEXT, "!");
	assert_int_equal(play.err, ERR_TOO_BIG);
	assert_int_equal(
		reply_end(play.reply, &result, &play.out), REPLY_INTERRUPTED);
	parts_write(reply_parts(play.reply), &parts);
	assert_non_null(strstr(buf_str(&parts), text));
	assert_null(strchr(buf_str(&parts), '!'));
	buf_free(&parts);
	play_close(&play);
}

/* A continued message: its parts stay, block ids are new, and its earlier size
 * does not count. */
static void
test_continued_reply_keeps_its_parts(void **state)
{
	static const char stored[] =
		"[{\"type\":\"step-start\"},{\"type\":\"reasoning\",\"id\":"
		"\"reasoning-0\",\"text\":\"0123456789012345678901234567890123456"
		"7890123456789012345678901234567890123456789012345678901234567890"
		"0123456789\",\"state\":\"done\"}]";
	struct llm_result result = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct arena arena = ARENA_INIT;
	struct play play = { .reply = reply_open(&plain) };
	struct buf parts = BUF_INIT;

	(void)state;
	assert_int_equal(parts_load(reply_parts(play.reply), &arena,
				 span_of(stored), span_of("{\"x\":1}")),
		OK);
	reply_start(play.reply, MESSAGE_ID, CREATE_MS, &play.out);
	say(&play, LLM_BEGIN, NULL);
	say(&play, LLM_REASONING, "r");
	reply_end(play.reply, &result, &play.out);
	assert_int_equal(play.err, OK);
	assert_non_null(strstr(buf_str(&play.out),
		"{\"type\":\"reasoning-start\",\"id\":\"reasoning-2\"}"));
	parts_write(reply_parts(play.reply), &parts);
	assert_ptr_equal(strstr(buf_str(&parts),
				 "[{\"type\":\"step-start\"},{\"type\":"
				 "\"reasoning\",\"id\":\"reasoning-0\""),
		buf_str(&parts));
	assert_non_null(strstr(buf_str(&parts),
		",{\"type\":\"step-start\"},{\"type\":\"reasoning\",\"id\":"
		"\"reasoning-2\",\"text\":\"r\",\"state\":\"done\"}]"));
	buf_free(&parts);
	play_close(&play);
	arena_reset(&arena);
}

static void
say_in(struct play *play, unsigned block, enum llm_event_type type,
	const char *text)
{
	struct llm_event event = {
		.type = type, .block = block, .text = span_of(text)
	};

	play_event(play, &event);
}

/* Numbered blocks do not end one another; an end without a number ends them
 * all. */
static void
test_side_by_side(void **state)
{
	struct llm_result result = { LLM_OK, LLM_FINISH_STOP, LLM_USAGE_NONE };
	struct buf parts = BUF_INIT, replay = BUF_INIT;
	struct play play;

	(void)state;
	play_open(&play, &plain);
	say(&play, LLM_BEGIN, NULL);
	say_in(&play, 1, LLM_REASONING, "r");
	say_in(&play, 2, LLM_TEXT, "a");
	say_in(&play, 3, LLM_TEXT, "b");
	parts_replay(reply_parts(play.reply), &replay);
	assert_null(strstr(buf_str(&replay), "-end\""));
	say_in(&play, 2, LLM_TEXT, "A");
	say_in(&play, 1, LLM_REASONING, "R");
	say_in(&play, 3, LLM_TEXT_END, NULL);
	say_in(&play, 2, LLM_TEXT, "c");
	say(&play, LLM_TEXT_END, NULL);
	assert_non_null(
		strstr(buf_str(&play.out), "\"text-end\",\"id\":\"txt-0\""));
	assert_null(strstr(buf_str(&play.out), "reasoning-end"));
	assert_int_equal(
		reply_end(play.reply, &result, &play.out), REPLY_COMPLETE);
	assert_non_null(strstr(buf_str(&play.out), "reasoning-end"));
	parts_write(reply_parts(play.reply), &parts);
	assert_same_json("parts", buf_span(&parts),
		span_of("[{\"type\":\"step-start\"},{\"type\":\"reasoning\","
			"\"id\":\"reasoning-0\",\"text\":\"rR\",\"state\":"
			"\"done\"},{\"type\":\"text\",\"text\":\"aAc\",\"state\":"
			"\"done\"},{\"type\":\"text\",\"text\":\"b\",\"state\":"
			"\"done\"}]"));
	buf_free(&parts);
	buf_free(&replay);
	play_close(&play);
}

/* A worker dies in the middle: its journal, when ended, is what was shown. */
static void
test_recovered_reply_is_what_was_shown(void **state)
{
	struct parts *parts = parts_open();
	struct arena arena = ARENA_INIT;
	struct buf out = BUF_INIT;
	struct play play;

	(void)state;
	play_open(&play, &plain);
	say(&play, LLM_BEGIN, NULL);
	say(&play, LLM_REASONING, "r");
	say(&play, LLM_TEXT, "hi");
	assert_int_equal(parts_fold(parts, &arena, buf_span(&play.out)), OK);
	reply_recover(parts);
	parts_write(parts, &out);
	assert_same_json("parts", buf_span(&out),
		span_of("[{\"type\":\"step-start\"},{\"type\":\"reasoning\","
			"\"id\":\"reasoning-0\",\"text\":\"r\",\"state\":"
			"\"done\"},{\"type\":\"text\",\"text\":\"hi\",\"state\":"
			"\"done\"}]"));
	buf_clear(&out);
	parts_write_metadata(parts, &out);
	assert_non_null(strstr(buf_str(&out), "\"status\":\"interrupted\""));
	buf_free(&out);
	play_close(&play);
	parts_free(parts);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status_of_each_ending),
		cmocka_unit_test(test_known_usage_is_kept),
		cmocka_unit_test(test_event_beyond_the_cap_is_dropped),
		cmocka_unit_test(test_continued_reply_keeps_its_parts),
		cmocka_unit_test(test_side_by_side),
		cmocka_unit_test(test_recovered_reply_is_what_was_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
