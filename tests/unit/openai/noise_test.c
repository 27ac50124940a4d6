/* noise_test.c: invalid chunks, errors, and limits on memory. */

#include "../unit.h"
#include "base/buf.h"
#include "openai/wire.h"
#include "wire/stream.h"
#include "wire/tool_calls.h"
#include "words.h"

#include <stdio.h>
#include <string.h>

#define GOOD "{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n"
#define STOP "{\"choices\":[{\"finish_reason\":\"stop\"}]}"
#define DELTA(member) "{\"choices\":[{\"delta\":{" member "}}]}"

static void
test_invalid_chunks_are_skipped(void **state)
{
	static const char *const none[] = {
		"",
		"x",
		"1",
		"null",
		"[]",
		"{}",
		"{\"choices\":null}",
		"{\"choices\":{}}",
		"{\"choices\":[1]}",
		"{\"choices\":[],\"id\":1}",
		"{\"choices\":[],\"model\":1}",
		"{\"choices\":[],\"created\":\"1\"}",
		"{\"choices\":[],\"usage\":1}",
		"{\"choices\":[],\"usage\":{\"prompt_tokens\":\"9\"}}",
		"{\"choices\":[],\"usage\":{\"prompt_tokens_details\":1}}",
		"{\"choices\":[],\"usage\":{\"completion_tokens_details\":"
		"{\"reasoning_tokens\":\"1\"}}}",
		"{\"choices\":[{\"finish_reason\":1}]}",
		"{\"choices\":[{\"delta\":1}]}",
		"{\"choices\":[{\"delta\":{}},{\"delta\":1}]}",
		DELTA("\"role\":\"user\""),
		DELTA("\"role\":1"),
		DELTA("\"content\":{}"),
		DELTA("\"reasoning_content\":1"),
		DELTA("\"reasoning\":[]"),
		DELTA("\"tool_calls\":{}"),
		DELTA("\"tool_calls\":[{}]"),
		DELTA("\"tool_calls\":[{\"function\":null}]"),
		DELTA("\"tool_calls\":[{\"function\":{\"name\":1}}]"),
		DELTA("\"tool_calls\":[{\"function\":{},\"id\":1}]"),
		DELTA("\"tool_calls\":[{\"function\":{},\"index\":\"0\"}]"),
	};
	char chunks[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(none); i++) {
		snprintf(
			chunks, sizeof(chunks), GOOD "%s\n" GOOD STOP, none[i]);
		openai_words_expect(chunks, LLM_OK, "\"a\" \"a\" ");
		snprintf(chunks, sizeof(chunks), "%s\n", none[i]);
		openai_words_expect(chunks,
			strstr(none[i], "[{") != NULL ? LLM_CUT : LLM_MALFORMED,
			"");
	}
}

static void
test_odd_chunks_are_tolerated(void **state)
{
	static const char *const good[] = {
		"{\"choices\":[]}",
		"{\"choices\":[{}]}",
		"{\"choices\":[{\"delta\":null,\"finish_reason\":null}]}",
		"{\"choices\":[],\"id\":null,\"model\":null,\"created\":null,"
		"\"usage\":null}",
		"{\"choices\":[],\"error\":null}",
		"{\"choices\":[],\"x\":1,\"x\":2}",
		DELTA("\"role\":\"\",\"content\":null,\"tool_calls\":null"),
		DELTA("\"content\":\"\",\"reasoning\":null,\"refusal\":null"),
		DELTA("\"content\":[{\"type\":\"reference\"},{\"type\":\"text\""
		      "}]"),
	};
	char chunks[400];

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++) {
		snprintf(chunks, sizeof(chunks), "%s\n" GOOD STOP, good[i]);
		openai_words_expect(chunks, LLM_OK, "\"a\" ");
	}
}

static void
test_error_in_a_chunk_ends_the_stream(void **state)
{
	(void)state;
	openai_words_expect(GOOD "{\"error\":{\"message\":\"x\"}}\n" STOP,
		LLM_ERROR, "\"a\" ! ");
	openai_words_expect(
		GOOD "{\"error\":\"boom\"}\n" STOP, LLM_ERROR, "\"a\" ! ");
	openai_words_expect(
		"{\"error\":{\"message\":\"x\"},\"choices\":[{\"delta\":{"
		"\"content\":\"b\"}}]}\n" STOP,
		LLM_ERROR, "! ");
}

static void
test_reasoning_under_each_name(void **state)
{
	(void)state;
	openai_words_expect(
		DELTA("\"reasoning\":\"r\",\"content\":\"c\"") "\n" STOP,
		LLM_OK, "~r~ \"c\" ");
	openai_words_expect(
		DELTA("\"reasoning_content\":\"a\",\"reasoning\":\"b\"") "\n" STOP,
		LLM_OK, "~a~ ");
	openai_words_expect(
		DELTA("\"reasoning_content\":null,\"reasoning\":\"b\"") "\n" STOP,
		LLM_OK, "~b~ ");
	openai_words_expect(
		DELTA("\"reasoning_content\":\"\",\"reasoning\":\"b\"") "\n" STOP,
		LLM_OK, "~b~ ");
}

#define DETAIL(members) \
	"{\"choices\":[{\"delta\":{\"reasoning_details\":[{" members "}]}}]}\n"
#define KIND(kind) "\"type\":\"reasoning." kind "\","

/* Fragments are joined; opaque ones stay unchanged and in their place. */
static void
test_reasoning_details_are_joined(void **state)
{
	(void)state;
	openai_words_expect(
		DETAIL(KIND("text") "\"text\":\"Hm\",\"index\":0,\"format\":"
				    "\"anthropic-claude-v1\"")
			DETAIL(KIND("text") "\"text\":\".\",\"index\":0")
				DETAIL(KIND("text") "\"signature\":\"s==\","
						    "\"index\":0") GOOD STOP,
		LLM_OK,
		"~Hm~ ~.~ \"a\" =[{\"type\":\"reasoning.text\",\"text\":"
		"\"Hm.\",\"index\":0,\"format\":\"anthropic-claude-v1\","
		"\"signature\":\"s==\"}] ");
	/* The reasoning beside them repeats the same words. */
	openai_words_expect(
		"{\"choices\":[{\"delta\":{\"reasoning\":\"Hm\","
		"\"reasoning_details\":[{\"type\":\"reasoning.summary\","
		"\"summary\":\"Hm\"}]}}]}\n" GOOD STOP,
		LLM_OK,
		"~Hm~ \"a\" =[{\"type\":\"reasoning.summary\",\"summary\":"
		"\"Hm\"}] ");
	/* Encrypted details are never joined; another index or type begins a
	 * new detail. */
	openai_words_expect(
		DETAIL(KIND("encrypted") "\"data\":\"A\",\"id\":\"x\","
					 "\"index\":0")
			DETAIL(KIND("encrypted") "\"data\":\"B\",\"id\":\"x\","
						 "\"index\":0")
				DETAIL(KIND("summary") "\"summary\":\"1\","
						       "\"index\":1")
					DETAIL(KIND("summary") "\"summary\":"
							       "\"2\","
							       "\"index\":2")
						GOOD STOP,
		LLM_OK,
		"~1~ ~2~ \"a\" =[{\"type\":\"reasoning.encrypted\",\"data\":"
		"\"A\",\"id\":\"x\",\"index\":0},{\"type\":"
		"\"reasoning.encrypted\",\"data\":\"B\",\"id\":\"x\","
		"\"index\":0},{\"type\":\"reasoning.summary\",\"summary\":"
		"\"1\",\"index\":1},{\"type\":\"reasoning.summary\","
		"\"summary\":\"2\",\"index\":2}] ");
	/* Unknown members and unusual values come back unchanged. */
	openai_words_expect(
		DETAIL("\"type\":\"reasoning.new\",\"x\":{\"y\":[1,null]},"
		       "\"index\":null") GOOD STOP,
		LLM_OK,
		"\"a\" =[{\"type\":\"reasoning.new\",\"x\":{\"y\":[1,null]},"
		"\"index\":null}] ");
	/* A value that is not a list, or has no objects in it. */
	openai_words_expect(
		"{\"choices\":[{\"delta\":{\"reasoning_details\":{}}}]}\n"
		"{\"choices\":[{\"delta\":{\"reasoning_details\":[1,null]}}]}"
		"\n" GOOD STOP,
		LLM_OK, "\"a\" ");
}

/* A limit stops a model that sends *fragment* again and again. */
static void
flood(const char *fragment)
{
	struct seen seen = { 0 };
	struct llm_stream *stream = llm_stream_open(
		&wire_openai, openai_words_on_event, &seen, 1 << 20);
	struct buf event = BUF_INIT;
	size_t sent = 0;

	buf_printf(&event, "data: %s\n\n", fragment);
	while (llm_stream_feed(stream, event.data, event.len) == LLM_OK) {
		sent += event.len;
		buf_clear(&seen.words);
		if (sent > 8u << 20)
			fail_msg("%.60s", fragment);
	}
	assert_int_equal(llm_stream_end(stream, true).fault, LLM_TOO_BIG);
	llm_stream_free(stream);
	buf_free(&event);
	buf_free(&seen.words);
}

/* Sends *n* letters between *before* and *after*. */
static void
flood_with(const char *before, size_t n, const char *after)
{
	struct buf fragment = BUF_INIT;

	buf_puts(&fragment, before);
	for (size_t i = 0; i < n; i++)
		buf_putc(&fragment, 'A');
	buf_puts(&fragment, after);
	flood(buf_str(&fragment));
	buf_free(&fragment);
}

#define TOOL(members) "{\"choices\":[{\"delta\":{\"tool_calls\":[" members

/* Every kind of memory of a stream is counted. */
static void
test_nothing_is_held_uncounted(void **state)
{
	(void)state;
	/* arguments of a call whose name never comes */
	flood_with(TOOL("{\"index\":0,\"id\":\"x\",\"function\":{"
			"\"arguments\":\""),
		100000, "\"}}]}}]}");
	/* ids, names and signatures, long and many */
	flood_with(TOOL("{\"index\":0,\"id\":\""), TOOL_ID_MAX, "\"}]}}]}");
	flood_with(TOOL("{\"index\":0,\"id\":\""), 10000, "\"}]}}]}");
	flood_with(TOOL("{\"index\":0,\"function\":{\"name\":\""),
		TOOL_NAME_MAX + 1, "\"}}]}}]}");
	flood_with(TOOL("{\"index\":0,\"function\":{\"name\":\""), 100,
		"\"}}]}}]}");
	flood_with(TOOL("{\"function\":{\"name\":\"t\"},\"extra_content\":{"
			"\"google\":{\"thought_signature\":\""),
		TOOL_KEPT_MAX + 1, "\"}}}]}}]}");
	flood_with(TOOL("{\"function\":{\"name\":\"t\"},\"extra_content\":{"
			"\"google\":{\"thought_signature\":\""),
		200000, "\"}}}]}}]}");
	/* details: their text, their number and their members */
	flood_with("{\"choices\":[{\"delta\":{\"reasoning_details\":[{"
		   "\"data\":\"",
		100000, "\"}]}}]}");
	flood("{\"choices\":[{\"delta\":{\"reasoning_details\":[{\"data\":"
	      "1},{\"data\":1},{\"data\":1},{\"data\":1}]}}]}");
}

/* Some servers say id and name with each piece; they are held once. */
static void
test_repeated_ids_are_counted_once(void **state)
{
	struct seen seen = { 0 };
	struct buf chunks = BUF_INIT;

	(void)state;
	buf_puts(&chunks,
		CALLS(CALL(
			INDEX(0) ID("call_0"), NAME("t"), "{\\\"a\\\":\\\"")));
	for (int i = 0; i < 100000; i++)
		buf_puts(&chunks,
			CALLS(CALL(INDEX(0) ID("call_0"), NAME("t"), "x")));
	buf_puts(&chunks,
		CALLS(CALL(INDEX(0) ID("call_0"), NAME("t"), "\\\"}")) FINISH);
	assert_int_equal(
		openai_words_run(buf_str(&chunks), &seen).fault, LLM_OK);
	buf_free(&chunks);
	buf_free(&seen.words);
}

/* Each fragment looks for each of its members. */
static void
test_a_detail_has_few_members(void **state)
{
	struct seen seen = { 0 };
	struct buf chunks = BUF_INIT;

	(void)state;
	for (int i = 0; i < 100; i++)
		buf_printf(&chunks, DETAIL("\"m%d\":1"), i);
	buf_printf(&chunks, DETAIL("\"m%d\":2"), 63);
	buf_puts(&chunks, GOOD STOP);
	assert_int_equal(
		openai_words_run(buf_str(&chunks), &seen).fault, LLM_OK);
	assert_non_null(strstr(buf_str(&seen.words), "\"m62\":1,\"m63\":2}]"));
	buf_free(&chunks);
	buf_free(&seen.words);
}

static void
test_implausible_usage_is_ignored(void **state)
{
	struct seen seen = { 0 };
	struct llm_result result = openai_words_run(
		"{\"choices\":[],\"usage\":{\"prompt_tokens\":1e300,"
		"\"completion_tokens\":-4}}\n"
		"{\"choices\":[],\"usage\":{\"prompt_tokens\":12.0,"
		"\"completion_tokens\":3,\"prompt_tokens_details\":{"
		"\"cached_tokens\":5}}}\n"
		"{\"choices\":[],\"usage\":null}\n" STOP,
		&seen);

	(void)state;
	assert_int_equal(result.usage.input, 12);
	assert_int_equal(result.usage.output, 3);
	assert_int_equal(result.usage.total, 15);
	assert_int_equal(result.usage.cached_input, 5);
	assert_int_equal(result.usage.reasoning, -1);
	assert_int_equal(result.finish, LLM_FINISH_STOP);
	buf_free(&seen.words);
}

static void
test_which_ends_are_complete(void **state)
{
	(void)state;
	openai_words_expect(STOP, LLM_OK, "");
	openai_words_expect(GOOD, LLM_CUT, "\"a\" ");
	openai_words_expect("[DONE]", LLM_NOT_STREAM, "");
	openai_words_expect(GOOD "[DONE]", LLM_OK, "\"a\" ");
	openai_words_expect(GOOD "[DONE]\n" GOOD STOP, LLM_OK, "\"a\" \"a\" ");
	openai_words_expect(GOOD "[DONE] \n" STOP, LLM_OK, "\"a\" ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_invalid_chunks_are_skipped),
		cmocka_unit_test(test_odd_chunks_are_tolerated),
		cmocka_unit_test(test_error_in_a_chunk_ends_the_stream),
		cmocka_unit_test(test_reasoning_under_each_name),
		cmocka_unit_test(test_reasoning_details_are_joined),
		cmocka_unit_test(test_nothing_is_held_uncounted),
		cmocka_unit_test(test_repeated_ids_are_counted_once),
		cmocka_unit_test(test_a_detail_has_few_members),
		cmocka_unit_test(test_implausible_usage_is_ignored),
		cmocka_unit_test(test_which_ends_are_complete),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
