/* Streamed Gemini answers as events, each of them whole and cut after every
 * byte: how it was split never shows. */

#include "../unit.h"
#include "base/buf.h"
#include "llm/gemini.h"
#include "llm/stream.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- events as words: "text", ~thought~, the ends of both |" |~ with what they
 * keep, +0 id name (kept), 0:args, -0, @address(title) */

struct seen {
	struct buf words;
	unsigned made; /* ids that we made up */
};

static void
put_id(struct seen *seen, struct span id)
{
	bool made = id.len == 16;

	for (size_t i = 0; made && i < id.len; i++)
		made = isalnum((unsigned char)id.data[i]);
	if (made)
		buf_printf(&seen->words, "made%u", ++seen->made);
	else
		buf_put_span(&seen->words, id);
}

static void
put_quoted(struct seen *seen, const char *quote, const struct llm_event *event)
{
	buf_puts(&seen->words, quote);
	buf_put_span(&seen->words, event->text);
	buf_printf(&seen->words, "%s ", quote);
}

static void
put_end(struct seen *seen, const char *mark, const struct llm_event *event)
{
	if (event->kept.data == NULL)
		return;
	assert_string_equal(event->kept_by, "google");
	buf_puts(&seen->words, mark);
	buf_put_span(&seen->words, event->kept);
	buf_putc(&seen->words, ' ');
}

static void
put_start(struct seen *seen, const struct llm_event *event)
{
	buf_printf(&seen->words, "+%u ", event->call);
	put_id(seen, event->id);
	buf_putc(&seen->words, ' ');
	buf_put_span(&seen->words, event->name);
	buf_putc(&seen->words, ' ');
	put_end(seen, "", event);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct seen *seen = arg;

	switch (event->type) {
	case LLM_BEGIN:
	case LLM_KEPT:
		break;
	case LLM_TEXT:
		put_quoted(seen, "\"", event);
		break;
	case LLM_REASONING:
		put_quoted(seen, "~", event);
		break;
	case LLM_REASONING_END:
		put_end(seen, "|~", event);
		break;
	case LLM_TEXT_END:
		put_end(seen, "|\"", event);
		break;
	case LLM_SOURCE:
		buf_printf(&seen->words, "@%.*s(%.*s) ", (int)event->text.len,
			event->text.data, (int)event->name.len,
			event->name.len > 0 ? event->name.data : "");
		break;
	case LLM_TOOL_START:
		put_start(seen, event);
		break;
	case LLM_TOOL_ARGS:
		buf_printf(&seen->words, "%u:%.*s ", event->call,
			(int)event->text.len, event->text.data);
		break;
	case LLM_TOOL_END:
		buf_printf(&seen->words, "-%u ", event->call);
		break;
	}
}

static const char *
finish_of(const struct llm_result *result)
{
	return result->finish == LLM_FINISH_NONE
		? "none"
		: llm_finish_word(result->finish);
}

/* Two pieces, cut at *cut*. */
static void
play(struct span body, size_t cut, bool clean, struct seen *seen)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_gemini, on_event, seen, 1 << 20);
	struct llm_result result;

	enum llm_fault fault = llm_stream_feed(stream, body.data, cut);

	if (fault == LLM_OK)
		fault = llm_stream_feed(
			stream, body.data + cut, body.len - cut);
	result = llm_stream_end(stream, clean);
	if (fault != LLM_OK)
		assert_int_equal(result.fault, fault);
	buf_printf(&seen->words, "%s %s %d/%d/%d/%d/%d",
		llm_fault_word(result.fault), finish_of(&result),
		(int)result.usage.input, (int)result.usage.output,
		(int)result.usage.total, (int)result.usage.cached_input,
		(int)result.usage.reasoning);
	llm_stream_free(stream);
}

static void
expect_body(const char *name, struct span body, bool clean, const char *words)
{
	for (size_t cut = 0; cut <= body.len; cut++) {
		struct seen seen = { 0 };

		play(body, cut, clean, &seen);
		if (!buf_is(&seen.words, words))
			fail_msg("%s, cut at %zu\nactual   %s\nexpected %s",
				name, cut, buf_str(&seen.words), words);
		buf_free(&seen.words);
	}
}

#define NO_USAGE " -1/-1/-1/-1/-1"

/* *chunks* are separated by newlines. */
static void
expect(const char *name, const char *chunks, const char *end, bool clean,
	const char *words)
{
	struct buf body = BUF_INIT, all = BUF_INIT;

	for (const char *to; *chunks != '\0';
		chunks = *to != '\0' ? to + 1 : to) {
		to = strchrnul(chunks, '\n');
		buf_puts(&body, "data: ");
		buf_append(&body, chunks, (size_t)(to - chunks));
		buf_puts(&body, end);
	}
	buf_puts(&all, words);
	if (strchr(words, '/') == NULL || strstr(words, "//") != NULL)
		buf_puts(&all, NO_USAGE);
	expect_body(name, buf_span(&body), clean, buf_str(&all));
	buf_free(&body);
	buf_free(&all);
}

/* ---- chunks */

#define PARTS(parts)                                                     \
	"{\"candidates\":[{\"content\":{\"parts\":[" parts "],\"role\":" \
	"\"model\"},\"index\":0}],\"modelVersion\":\"m\"}\n"
#define LAST(parts, reason)                                              \
	"{\"candidates\":[{\"content\":{\"parts\":[" parts "],\"role\":" \
	"\"model\"},\"finishReason\":\"" reason "\",\"index\":0}]}\n"
#define TEXT(text) "{\"text\":\"" text "\"}"
#define THOUGHT(text) "{\"text\":\"" text "\",\"thought\":true}"
#define SIGNED(text, sig) \
	"{\"text\":\"" text "\",\"thoughtSignature\":\"" sig "\"}"
#define SIGNED_THOUGHT(text, sig)                  \
	"{\"thought\":true,\"text\":\"" text "\"," \
	"\"thoughtSignature\":\"" sig "\"}"
#define CALL(name, args) \
	"{\"functionCall\":{\"name\":\"" name "\",\"args\":" args "}}"
#define SIGNED_CALL(name, args, sig)                                   \
	"{\"functionCall\":{\"name\":\"" name "\",\"args\":" args "}," \
	"\"thoughtSignature\":\"" sig "\"}"
#define KEEPS(sig) "{\"thoughtSignature\":\"" sig "\"}"
#define FINISH(reason) \
	"{\"candidates\":[{\"finishReason\":\"" reason "\",\"index\":0}]}\n"
#define USAGE(counts) "{\"usageMetadata\":{" counts "}}\n"
#define SOURCES(chunks)                                                    \
	"{\"candidates\":[{\"content\":{\"parts\":[" TEXT(                 \
		"b") "]},"                                                 \
		     "\"groundingMetadata\":{\"groundingChunks\":[" chunks \
		     "]},"                                                 \
		     "\"finishReason\":\"STOP\"}]}\n"

static const struct {
	const char *name, *chunks, *words;
} cases[] = {
	/* ---- text */
	{ "text", PARTS(TEXT("Hel")) LAST(TEXT("lo"), "STOP"),
		"\"Hel\" \"lo\" ok stop" },
	{ "several parts", PARTS(TEXT("a") "," TEXT("b")) FINISH("STOP"),
		"\"a\" \"b\" ok stop" },
	{ "an empty part is nothing", PARTS(TEXT("")) LAST(TEXT(""), "STOP"),
		"ok stop" },
	{ "escapes", PARTS(TEXT("\\u00e9\\n\\\"\xe4\xbd\xa0")) FINISH("STOP"),
		"\"\xc3\xa9\n\"\xe4\xbd\xa0\" ok stop" },
	{ "blanks are text", PARTS(TEXT(" ")) PARTS(TEXT("\\n")) FINISH("STOP"),
		"\" \" \"\n\" ok stop" },
	{ "a text that is none",
		PARTS("{\"text\":1}," TEXT("a")) FINISH("STOP"),
		"\"a\" ok stop" },
	{ "a reason in each chunk",
		LAST(TEXT("a"), "STOP") LAST(TEXT("b"), "STOP"),
		"\"a\" \"b\" ok stop" },
	{ "no content", FINISH("STOP"), "ok stop" },
	{ "no parts",
		"{\"candidates\":[{\"content\":{\"role\":\"model\"},"
		"\"finishReason\":\"MAX_TOKENS\"}]}\n",
		"ok length" },
	{ "odd parts", PARTS("1,null,[],{},\"x\"," TEXT("a")) FINISH("STOP"),
		"\"a\" ok stop" },
	{ "parts that are no list",
		"{\"candidates\":[{\"content\":{\"parts\":{\"text\":\"a\"}}}]}\n" FINISH(
			"STOP"),
		"ok stop" },
	{ "other kinds of parts",
		PARTS("{\"executableCode\":{\"code\":\"1\"}},"
		      "{\"codeExecutionResult\":{\"output\":\"1\"},"
		      "\"thoughtSignature\":\"s\"},"
		      "{\"inlineData\":{\"data\":\"AA==\"}}," TEXT("a"))
			FINISH("STOP"),
		"\"a\" ok stop" },

	/* ---- thoughts */
	{ "thought, text",
		PARTS(THOUGHT("hm")) PARTS(THOUGHT(".")) PARTS(TEXT("a"))
			FINISH("STOP"),
		"~hm~ ~.~ \"a\" ok stop" },
	{ "thought and text at once",
		PARTS(THOUGHT("hm") "," TEXT("a")) FINISH("STOP"),
		"~hm~ \"a\" ok stop" },
	{ "thought: false",
		PARTS("{\"text\":\"a\",\"thought\":false}") FINISH("STOP"),
		"\"a\" ok stop" },
	{ "thought alone", PARTS(THOUGHT("hm")) FINISH("MAX_TOKENS"),
		"~hm~ ok length" },

	/* ---- signatures */
	{ "on the last text", PARTS(TEXT("a")) LAST(SIGNED("b", "s"), "STOP"),
		"\"a\" \"b\" |\"" KEEPS("s") " ok stop" },
	{ "on the first text", PARTS(SIGNED("a", "s")) LAST(TEXT("b"), "STOP"),
		"\"a\" \"b\" |\"" KEEPS("s") " ok stop" },
	{ "behind the text", PARTS(TEXT("a")) LAST(SIGNED("", "s"), "STOP"),
		"\"a\" |\"" KEEPS("s") " ok stop" },
	{ "in a part without a text",
		PARTS(TEXT("a")) LAST("{\"thoughtSignature\":\"s\"}", "STOP"),
		"\"a\" |\"" KEEPS("s") " ok stop" },
	{ "alone", LAST(SIGNED("", "s"), "STOP"), "|\"" KEEPS("s") " ok stop" },
	{ "behind a thought it is the text's",
		PARTS(THOUGHT("hm")) LAST(SIGNED("", "s"), "STOP"),
		"~hm~ |\"" KEEPS("s") " ok stop" },
	{ "on a thought",
		PARTS(SIGNED_THOUGHT("hm", "s")) PARTS(TEXT("a"))
			FINISH("STOP"),
		"~hm~ |~" KEEPS("s") " \"a\" ok stop" },
	{ "behind a thought",
		PARTS(THOUGHT("hm")) PARTS(SIGNED_THOUGHT("", "s"))
			PARTS(TEXT("a")) FINISH("STOP"),
		"~hm~ |~" KEEPS("s") " \"a\" ok stop" },
	{ "two are two parts'",
		PARTS(SIGNED("a", "s")) PARTS(SIGNED("b", "t")) FINISH("STOP"),
		"\"a\" |\"" KEEPS("s") " \"b\" |\"" KEEPS("t") " ok stop" },
	{ "an empty one is none", PARTS(SIGNED("a", "")) FINISH("STOP"),
		"\"a\" ok stop" },
	{ "of a text before a call",
		PARTS(SIGNED("a", "s")) LAST(CALL("f", "{}"), "STOP"),
		"\"a\" |\"" KEEPS("s") " +0 made1 f 0:{} -0 ok tool-calls" },

	/* ---- calls */
	{ "a call", LAST(CALL("f", "{\"a\":{\"b\":[1,null]}}"), "STOP"),
		"+0 made1 f 0:{\"a\":{\"b\":[1,null]}} -0 ok tool-calls" },
	{ "calls at once",
		PARTS(CALL("f", "{\"a\":1}") "," CALL("f", "{\"a\":1}"))
			FINISH("STOP"),
		"+0 made1 f 0:{\"a\":1} +1 made2 f 1:{\"a\":1} -0 -1 "
		"ok tool-calls" },
	{ "calls one after another",
		PARTS(SIGNED_CALL("f", "{}", "s")) PARTS(CALL("g", "{}"))
			FINISH("STOP"),
		"+0 made1 f " KEEPS("s") " 0:{} +1 made2 g 1:{} -0 -1 "
					 "ok tool-calls" },
	{ "with an id",
		LAST("{\"functionCall\":{\"id\":\"c1\",\"name\":\"f\",\"args\":"
		     "{}},\"thoughtSignature\":\"s\"}",
			"STOP"),
		"+0 c1 f {\"thoughtSignature\":\"s\",\"id\":\"c1\"} 0:{} -0 "
		"ok tool-calls" },
	{ "the same id again",
		PARTS("{\"functionCall\":{\"id\":\"c\",\"name\":\"f\",\"args\":"
		      "{\"a\":1}}},{\"functionCall\":{\"id\":\"c\",\"name\":"
		      "\"g\",\"args\":{}}}") FINISH("STOP"),
		"+0 c f {\"id\":\"c\"} 0:{\"a\":1} +1 made1 g {\"id\":\"c\"} "
		"1:{} -0 -1 ok tool-calls" },
	{ "without arguments",
		LAST("{\"functionCall\":{\"name\":\"f\"}},"
		     "{\"functionCall\":{\"name\":\"g\",\"args\":null}}",
			"STOP"),
		"+0 made1 f 0:{} +1 made2 g 1:{} -0 -1 ok tool-calls" },
	{ "arguments in a text", LAST(CALL("f", "\"{\\\"a\\\":1}\""), "STOP"),
		"+0 made1 f 0:{\"a\":1} -0 ok tool-calls" },
	{ "without a name", LAST("{\"functionCall\":{\"args\":{}}}", "STOP"),
		"ok stop" },
	{ "text, call, text",
		PARTS(TEXT("a")) PARTS(CALL("f", "{}")) LAST(TEXT("b"), "STOP"),
		"\"a\" +0 made1 f 0:{} \"b\" -0 ok tool-calls" },
	{ "a call behind the reason", FINISH("STOP") PARTS(CALL("f", "{}")),
		"+0 made1 f 0:{} -0 ok tool-calls" },
	{ "a call and no room", PARTS(CALL("f", "{}")) FINISH("MAX_TOKENS"),
		"+0 made1 f 0:{} -0 ok length" },

	/* ---- why it ended */
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

	/* ---- what was asked is blocked */
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

	/* ---- counts: the last are of all */
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
		"ok length 5/7/-1/-1/7" },
	{ "odd usage",
		USAGE("\"promptTokenCount\":\"5\",\"candidatesTokenCount\":-1,"
		      "\"totalTokenCount\":1.5") "{\"usageMetadata\":1}\n" FINISH("STOP"),
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
test_cases(void **state)
{
	(void)state;
	assert_true(LENGTH(cases) >= 40);
	for (size_t i = 0; i < LENGTH(cases); i++) {
		expect(cases[i].name, cases[i].chunks, "\r\n\r\n", true,
			cases[i].words);
		expect(cases[i].name, cases[i].chunks, "\n\n", true,
			cases[i].words);
	}
}

/* The connection breaks: a reason that had come is of no whole answer. */
static void
test_broken(void **state)
{
	(void)state;
	expect("text", PARTS(TEXT("a")), "\n\n", false, "\"a\" cut none");
	expect("reason", LAST(SIGNED("a", "s"), "STOP"), "\n\n", false,
		"\"a\" cut stop");
	expect("blocked", "{\"promptFeedback\":{\"blockReason\":\"OTHER\"}}\n",
		"\n\n", false, "filtered none");
}

/* As it is without alt=sse: a list, an event a line or printed nicely. */
static void
test_list(void **state)
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
	expect_body(
		"list", span_of(list), true, "\"a\" \"b\" ok stop" NO_USAGE);
	expect_body("error", span_of(error), true, "throttled none" NO_USAGE);
}

/* What the log has of a block, and of a call that was none. */
static void
test_why(void **state)
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
		struct seen seen = { 0 };
		struct llm_stream *stream =
			llm_stream_open(&wire_gemini, on_event, &seen, 1 << 20);
		struct failure refusal;

		assert_int_equal(llm_stream_feed(stream, bodies[i][0],
					 strlen(bodies[i][0])),
			LLM_OK);
		(void)llm_stream_end(stream, true);
		assert_string_equal(
			llm_stream_failure(stream)->message, bodies[i][1]);
		assert_false(llm_stream_refused(stream, &refusal));
		llm_stream_free(stream);
		buf_free(&seen.words);
	}
}

/* ---- what floods is stopped by its cap */

static void
flood(const char *event)
{
	struct seen seen = { 0 };
	struct llm_stream *stream =
		llm_stream_open(&wire_gemini, on_event, &seen, 1 << 20);
	struct buf body = BUF_INIT;
	size_t sent = 0;

	buf_printf(&body, "data: %s\n\n", event);
	while (llm_stream_feed(stream, body.data, body.len) == LLM_OK) {
		sent += body.len;
		buf_clear(&seen.words);
		if (sent > 8u << 20)
			fail_msg("%.60s", event);
	}
	assert_int_equal(llm_stream_end(stream, true).fault, LLM_TOO_BIG);
	llm_stream_free(stream);
	buf_free(&body);
	buf_free(&seen.words);
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
test_floods(void **state)
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
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_why),
		cmocka_unit_test(test_floods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
