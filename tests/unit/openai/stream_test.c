/* What the recorded streams (chat/reply_test.c) do not cover: which fragments
 * belong to which tool call, and which chunks are invalid. */

#include "../unit.h"
#include "base/buf.h"
#include "openai/wire.h"
#include "wire/tool_calls.h"
#include "words.h"

/* ---- events in words: B, "text", ~reasoning~, +0 id name, 0:args, -0 */

static void
test_fragments_find_their_call(void **state)
{
	(void)state;
	/* Without an index: by id, then the only call there is. */
	openai_words_expect(CALLS(CALL(ID("a"), NAME("f"), "{"))
				    CALLS(CALL("", "", "}")) FINISH,
		LLM_OK, "+0 a f 0:{ 0:} -0 ");
	openai_words_expect(
		CALLS(CALL(ID("a"), NAME("f"), ""))
			CALLS(CALL(ID("b"), NAME("g"), ""))
				CALLS(CALL(ID("a"), "", "1"))
					CALLS(CALL(ID("b"), "", "2")) FINISH,
		LLM_OK, "+0 a f +1 b g 0:1 1:2 -0 -1 ");
	/* Several calls match, so the fragment is dropped. */
	openai_words_expect(CALLS(CALL(ID("a"), NAME("f"), ""))
				    CALLS(CALL(ID("b"), NAME("g"), ""))
					    CALLS(CALL("", "", "x")) FINISH,
		LLM_OK, "+0 a f +1 b g -0 -1 ");
	/* Two calls with one index: a new id with a new beginning. */
	openai_words_expect(
		CALLS(CALL(INDEX(0) ID("a"), NAME("f"), "{}"))
			CALLS(CALL(INDEX(0) ID("b"), NAME("f"), "{}")) FINISH,
		LLM_OK, "+0 a f 0:{} +1 b f 1:{} -0 -1 ");
	/* A repeated id is replaced by a generated one. */
	openai_words_expect(
		CALLS(CALL(INDEX(0) ID("a"), NAME("f"), "{}"))
			CALLS(CALL(INDEX(1) ID("a"), NAME("g"), "{}")) FINISH,
		LLM_OK, "+0 a f 0:{} +1 made1 g 1:{} -0 -1 ");
	/* A new id in every fragment is still the same call. */
	openai_words_expect(
		CALLS(CALL(INDEX(0) ID("a"), NAME("f"), "{"))
			CALLS(CALL(INDEX(0) ID("b"), "", "1"))
				CALLS(CALL(INDEX(0) ID("c"), "", "}")) FINISH,
		LLM_OK, "+0 a f 0:{ 0:1 0:} -0 ");
	/* Without ids, they are generated; the order is that of the indexes. */
	openai_words_expect(CALLS(CALL(INDEX(1), NAME("g"), ""))
				    CALLS(CALL(INDEX(0), NAME("f"), "")) FINISH,
		LLM_OK, "+0 made1 g +1 made2 f -1 -0 ");
	/* If one call has no index, the order is that of arrival. */
	openai_words_expect(CALLS(CALL(INDEX(1) ID("a"), NAME("g"), ""))
				    CALLS(CALL(ID("b"), NAME("f"), "")) FINISH,
		LLM_OK, "+0 a g +1 b f -0 -1 ");
	/* A later empty fragment is passed on, as by the recorded server. */
	openai_words_expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), ""))
				    CALLS(CALL(INDEX(0), "", "")) FINISH,
		LLM_OK, "+0 a f 0: -0 ");
}

static void
test_late_and_split_names(void **state)
{
	(void)state;
	/* The name comes late. */
	openai_words_expect(CALLS(CALL(INDEX(0) ID("a"), "", "{\\\"a\\\""))
				    CALLS(CALL(INDEX(0), NAME("f"), ":1}"))
					    FINISH,
		LLM_OK, "+0 a f 0:{\"a\":1} -0 ");
	/* The name comes in pieces, grows, and is repeated. */
	openai_words_expect(CALLS(CALL(INDEX(0) ID("a"), NAME("f"), ""))
				    CALLS(CALL(INDEX(0), NAME("g"), "")) CALLS(
					    CALL(INDEX(0), "", "{}")) FINISH,
		LLM_OK, "+0 a fg 0:{} -0 ");
	openai_words_expect(
		CALLS(CALL(INDEX(0) ID("a"), NAME("f"), ""))
			CALLS(CALL(INDEX(0), NAME("fg"), ""))
				CALLS(CALL(INDEX(0), NAME("fg"), "{}")) FINISH,
		LLM_OK, "+0 a fg 0:{} -0 ");
	/* The name never comes. */
	openai_words_expect(CALLS(CALL(INDEX(0) ID("a"), "", "{}")) FINISH,
		LLM_MALFORMED, "");
	openai_words_expect(
		CALLS(CALL(ID("a"), "", "{}")) FINISH, LLM_MALFORMED, "! ");
}

static void
test_thought_signature_stays_with_its_call(void **state)
{
	(void)state;
	openai_words_expect(
		"{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":"
		"\"a\",\"extra_content\":{\"google\":{\"thought_signature\":"
		"\"sig\"}},\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"
		"}}]}\n" FINISH,
		LLM_OK, "+0 a f ({\"thoughtSignature\":\"sig\"}) 0:{} -0 ");
}

/* The limit itself is accepted, one more is not. */
static void
test_too_many_calls(void **state)
{
	struct buf chunks = BUF_INIT;
	struct seen seen = { 0 };
	struct llm_result result;

	(void)state;
	for (int i = 0; i < 300; i++)
		buf_printf(&chunks,
			"{\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":%d"
			",\"function\":{\"name\":\"f\"}}]}}]}\n",
			i);
	result = openai_words_run(buf_str(&chunks), &seen);
	assert_int_equal(result.fault, LLM_TOO_BIG);
	assert_int_equal(seen.made, 256);
	buf_free(&chunks);
	buf_free(&seen.words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fragments_find_their_call),
		cmocka_unit_test(test_late_and_split_names),
		cmocka_unit_test(test_thought_signature_stays_with_its_call),
		cmocka_unit_test(test_too_many_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
