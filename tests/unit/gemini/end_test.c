/* How a Gemini answer ends, and what it contains besides text and calls. */

#include "../unit.h"
#include "events.h"
#include "gemini/wire.h"
#include "wire/stream.h"

#include <string.h>

static const struct {
	const char *name, *chunks, *words;
} cases[] = {
	/* ---- finish reasons */
	{ "safety", PARTS(TEXT("a")) FINISH("SAFETY"),
		"\"a\" ok content-filter" },
	{ "recitation", FINISH("RECITATION"), "ok content-filter" },
	{ "blocklist", FINISH("BLOCKLIST"), "ok content-filter" },
	{ "prohibited", FINISH("PROHIBITED_CONTENT"), "ok content-filter" },
	{ "spii", FINISH("SPII"), "ok content-filter" },
	{ "image safety", FINISH("IMAGE_SAFETY"), "ok content-filter" },
	{ "language", FINISH("LANGUAGE"), "ok other" },
	{ "other", FINISH("OTHER"), "ok other" },
	{ "unspecified", FINISH("FINISH_REASON_UNSPECIFIED"), "ok other" },
	{ "one of tomorrow", PARTS(TEXT("a")) FINISH("NEW"), "\"a\" ok other" },
	{ "a malformed call",
		PARTS(TEXT("a")) FINISH("MALFORMED_FUNCTION_CALL"),
		"\"a\" error other" },
	{ "an unexpected call", FINISH("UNEXPECTED_TOOL_CALL"), "error other" },
	{ "a missing signature", FINISH("MISSING_THOUGHT_SIGNATURE"),
		"error other" },
	{ "no reason", PARTS(TEXT("a")), "\"a\" cut none" },
	{ "a reason that is none",
		PARTS(TEXT("a")) "{\"candidates\":[{\"finishReason\":null}]}\n",
		"\"a\" cut none" },
	{ "no reason but [DONE]", PARTS(TEXT("a")) "[DONE]\n",
		"\"a\" ok other" },

	/* ---- the prompt is blocked */
	{ "blocked",
		"{\"promptFeedback\":{\"blockReason\":\"PROHIBITED_CONTENT\"}}\n",
		"filtered none" },
	{ "blocked, and words all the same",
		"{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"candidates\":"
		"[{\"content\":{\"parts\":[" TEXT("a") "]}}]}\n" LAST(
			TEXT("b"), "STOP"),
		"filtered none" },
	{ "feedback that is no block",
		"{\"promptFeedback\":{\"safetyRatings\":[]}}\n"
		"{\"promptFeedback\":{\"blockReason\":"
		"\"BLOCK_REASON_UNSPECIFIED\"}}\n" LAST(TEXT("a"), "STOP"),
		"\"a\" ok stop" },

	/* ---- candidates */
	{ "another candidate",
		"{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[" TEXT("x") "]}},{\"index\":0,\"content\":{\"parts\":[" TEXT("a") "]}}]}\n{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[" TEXT(
			"y") "]},\"finishReason\":\"SAFETY\"}]}\n" FINISH("STOP"),
		"\"a\" ok stop" },
	{ "no other than the second",
		"{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[" TEXT(
			"a") "]},\"finishReason\":\"STOP\"}]}\n",
		"\"a\" ok stop" },
	{ "no candidates",
		"{\"candidates\":[]}\n"
		"{\"candidates\":null}\n"
		"{\"candidates\":[1]}\n" LAST(TEXT("a"), "STOP"),
		"\"a\" ok stop" },
	{ "nothing of ours", "{\"a\":1}\n", "malformed none" },

	/* ---- sources */
	{ "sources",
		SOURCES("{\"web\":{\"uri\":\"https://a.example/\",\"title\":"
			"\"A\"}},{\"web\":{\"uri\":\"https://a.example/\"}},"
			"{\"web\":{\"title\":\"no address\"}},"
			"{\"retrievedContext\":{\"uri\":\"gs://b/c\"}},"
			"{\"maps\":{\"uri\":\"https://m.example/\"}},1"),
		"@https://a.example/(A) @https://m.example/() \"b\" ok stop" },
	{ "quotes",
		"{\"candidates\":[{\"citationMetadata\":{\"citationSources\":["
		"{\"startIndex\":1,\"uri\":\"https://q.example/\"}]},"
		"\"finishReason\":\"RECITATION\"}]}\n",
		"@https://q.example/() ok content-filter" },

	/* ---- counts: the last ones are the totals */
	{ "usage",
		USAGE("\"promptTokenCount\":5,\"totalTokenCount\":5")
			USAGE("\"promptTokenCount\":5,\"candidatesTokenCount\":"
			      "3,\"totalTokenCount\":15,"
			      "\"cachedContentTokenCount\":2,"
			      "\"thoughtsTokenCount\":7") FINISH("STOP"),
		"ok stop 5/10/15/2/7" },
	{ "usage of thoughts alone",
		USAGE("\"promptTokenCount\":5,\"thoughtsTokenCount\":7")
			FINISH("MAX_TOKENS"),
		"ok length 5/7/12/-1/7" },
	{ "usage without a total",
		USAGE("\"promptTokenCount\":5,\"candidatesTokenCount\":3")
			FINISH("STOP"),
		"ok stop 5/3/8/-1/-1" },
	{ "usage of what was asked alone",
		USAGE("\"promptTokenCount\":5") FINISH("STOP"),
		"ok stop 5/0/5/-1/-1" },
	{ "usage of the answer alone",
		USAGE("\"candidatesTokenCount\":3") FINISH("STOP"),
		"ok stop 0/3/3/-1/-1" },
	{ "usage of the answer and a total",
		USAGE("\"candidatesTokenCount\":3,\"totalTokenCount\":8")
			FINISH("STOP"),
		"ok stop 5/3/8/-1/-1" },
	{ "a total alone", USAGE("\"totalTokenCount\":8") FINISH("STOP"),
		"ok stop -1/-1/8/-1/-1" },
	{ "odd usage",
		USAGE("\"promptTokenCount\":\"5\",\"candidatesTokenCount\":-1,"
		      "\"totalTokenCount\":7.0") "{\"usageMetadata\":1}\n" FINISH("STOP"),
		"ok stop 5/2/7/-1/-1" },
	{ "usage that is none",
		USAGE("\"promptTokenCount\":\"5 \",\"candidatesTokenCount\":-1,"
		      "\"totalTokenCount\":null") FINISH("STOP"),
		"ok stop" NO_USAGE },

	/* ---- errors */
	{ "an error",
		PARTS(TEXT("a")) "{\"error\":{\"code\":503,\"message\":\"The "
				 "model is overloaded.\",\"status\":"
				 "\"UNAVAILABLE\"}}\n" FINISH("STOP"),
		"\"a\" overloaded none" },
	{ "an error in a list",
		"[{\"error\":{\"code\":400,\"message\":\"API key not valid. "
		"Please pass a valid API key.\",\"status\":"
		"\"INVALID_ARGUMENT\"}}]\n",
		"key none" },
	{ "an internal error",
		"{\"error\":{\"code\":500,\"message\":\"An internal error has "
		"occurred\",\"status\":\"INTERNAL\"}}\n",
		"failed none" },
	{ "no JSON", PARTS(TEXT("a")) "{\"candid\n" LAST(TEXT("b"), "STOP"),
		"\"a\" \"b\" ok stop" },
};

static void
test_each_case_gives_its_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		gemini_expect(cases[i].name, cases[i].chunks, "\r\n\r\n", true,
			cases[i].words);
		gemini_expect(cases[i].name, cases[i].chunks, "\n\n", true,
			cases[i].words);
	}
}

/* The connection breaks: the answer is incomplete, even after a finish
 * reason. */
static void
test_broken_connection_is_incomplete(void **state)
{
	(void)state;
	gemini_expect(
		"text", PARTS(TEXT("a")), "\n\n", false, "\"a\" cut none");
	gemini_expect("reason", LAST(SIGNED("a", "s"), "STOP"), "\n\n", false,
		"\"a\" cut stop");
	gemini_expect("blocked",
		"{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}\n", "\n\n",
		false, "filtered none");
}

/* The form without alt=sse: a list, with one event per line or
 * pretty-printed. */
static void
test_list_without_sse_is_read(void **state)
{
	static const char list[] =
		"[{\n  \"candidates\": [{\"content\": {\"parts\": [{\"text\": "
		"\"a\"}]}}]\n}\n,\n{\"candidates\": [{\"content\": {\"parts\": "
		"[{\"text\": \"b\"}]}, \"finishReason\": \"STOP\"}]}\n]\n";
	static const char error[] =
		"[{\n  \"error\": {\n    \"code\": 429,\n    \"message\": "
		"\"Resource exhausted.\",\n    \"status\": "
		"\"RESOURCE_EXHAUSTED\"\n  }\n}\n]\n";

	(void)state;
	gemini_expect_body(
		"list", span_of(list), true, "\"a\" \"b\" ok stop" NO_USAGE);
	gemini_expect_body(
		"error", span_of(error), true, "throttled none" NO_USAGE);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	(void)arg;
	(void)event;
}

/* The log entries for a block and for an invalid call. */
static void
test_log_names_the_reason(void **state)
{
	static const char *const bodies[][2] = {
		{ "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\","
		  "\"blockReasonMessage\":\"no\"}}\n\n",
			"promptFeedback.blockReason SAFETY: no" },
		{ "data: {\"candidates\":[{\"finishReason\":"
		  "\"MALFORMED_FUNCTION_CALL\",\"finishMessage\":\"print(\"}]}"
		  "\n\n",
			"finishReason MALFORMED_FUNCTION_CALL: print(" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++) {
		struct llm_stream *stream =
			llm_stream_open(&wire_gemini, on_event, NULL, 1 << 20);
		struct failure refusal;

		assert_int_equal(llm_stream_feed(stream, bodies[i][0],
					 strlen(bodies[i][0])),
			LLM_OK);
		(void)llm_stream_end(stream, true);
		assert_string_equal(
			llm_stream_failure(stream)->message, bodies[i][1]);
		assert_false(llm_stream_refused(stream, &refusal));
		llm_stream_free(stream);
	}
}

/* ---- limits stop a flood */

static void
flood(const char *event)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_gemini, on_event, NULL, 1 << 20);
	struct buf body = BUF_INIT;
	size_t sent = 0;

	buf_printf(&body, "data: %s\n\n", event);
	while (llm_stream_feed(stream, body.data, body.len) == LLM_OK) {
		sent += body.len;
		if (sent > 8u << 20)
			fail_msg("%.60s", event);
	}
	assert_int_equal(llm_stream_end(stream, true).fault, LLM_TOO_BIG);
	llm_stream_free(stream);
	buf_free(&body);
}

static void
flood_with(const char *before, size_t n, const char *after)
{
	struct buf event = BUF_INIT;

	buf_puts(&event, before);
	memset(buf_reserve(&event, n), 'x', n);
	event.len += n;
	buf_puts(&event, after);
	flood(buf_str(&event));
	buf_free(&event);
}

static void
test_floods_are_bounded(void **state)
{
	(void)state;
	flood("{\"candidates\":[{\"content\":{\"parts\":[" CALL(
		"f", "{}") "]}}]}");
	flood_with("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\","
		   "\"thoughtSignature\":\"",
		300000, "\"}]}}]}");
	flood_with("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\""
		   ":{\"name\":\"f\"},\"thoughtSignature\":\"",
		300000, "\"}]}}]}");
	flood_with("{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\""
		   ":{\"name\":\"f\",\"args\":{\"a\":\"",
		100000, "\"}}}]}}]}");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_case_gives_its_events),
		cmocka_unit_test(test_broken_connection_is_incomplete),
		cmocka_unit_test(test_list_without_sse_is_read),
		cmocka_unit_test(test_log_names_the_reason),
		cmocka_unit_test(test_floods_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
