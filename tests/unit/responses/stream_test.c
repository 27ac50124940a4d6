/* Answers of OpenAI Responses (tests/wires/responses) as events: every case
 * whole, and cut in two at each of its bytes. */

#include "../unit.h"
#include "../wire/wire_cases.h"
#include "base/buf.h"
#include "responses/answer.h"
#include "responses/wire.h"
#include "wire/stream.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* ---- events in words: "text", ~reasoning~, } and ] for ends of reasoning and
 * text with their state, @source(title), +0 id name, 0:args, -0 */

static void
put(struct buf *words, const char *before, struct span text, const char *after)
{
	buf_puts(words, before);
	buf_put_span(words, text);
	buf_puts(words, after);
}

/* All generated ids look alike. */
static void
put_id(struct buf *words, struct span id)
{
	bool made = id.len == 16;

	for (size_t i = 0; made && i < id.len; i++)
		made = isalnum((unsigned char)id.data[i]) != 0;
	if (made)
		buf_puts(words, "made");
	else
		buf_put_span(words, id);
}

static void
put_tool(struct buf *words, const struct llm_event *event)
{
	if (event->type == LLM_TOOL_START) {
		buf_printf(words, "+%u ", event->call);
		put_id(words, event->id);
		put(words, " ", event->name, " ");
	} else if (event->type == LLM_TOOL_ARGS) {
		buf_printf(words, "%u", event->call);
		put(words, ":", event->text, " ");
	} else {
		buf_printf(words, "-%u ", event->call);
	}
	if (event->kept.len > 0 && event->type != LLM_TOOL_ARGS)
		put(words, "", event->kept, " ");
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct buf *words = arg;

	switch (event->type) {
	case LLM_TEXT:
		put(words, "\"", event->text, "\" ");
		break;
	case LLM_REASONING:
		put(words, "~", event->text, "~ ");
		break;
	case LLM_REASONING_END:
	case LLM_TEXT_END:
		if (event->kept.len > 0)
			put(words, event->type == LLM_TEXT_END ? "]" : "}",
				event->kept, " ");
		break;
	case LLM_SOURCE:
		put(words, "@", event->text, "(");
		put(words, "", event->name, ") ");
		break;
	case LLM_TOOL_START:
	case LLM_TOOL_ARGS:
	case LLM_TOOL_END:
		put_tool(words, event);
		break;
	case LLM_BEGIN:
	case LLM_KEPT:
		break;
	}
}

static void
end(struct buf *words, const struct llm_result *result)
{
	const char *finish = llm_finish_word(result->finish);

	buf_printf(words, "%s %s", llm_fault_word(result->fault),
		finish != NULL ? finish : "-");
	if (result->usage.total >= 0)
		buf_printf(words, " %lld+%lld=%lld c%lld r%lld",
			(long long)result->usage.input,
			(long long)result->usage.output,
			(long long)result->usage.total,
			(long long)result->usage.cached_input,
			(long long)result->usage.reasoning);
}

/* Plays the body in two pieces. */
static void
play(struct buf *words, struct span body, size_t cut)
{
	struct llm_stream *stream =
		llm_stream_open(&wire_responses, on_event, words, 1 << 20);
	enum llm_fault fault = llm_stream_feed(stream, body.data, cut);
	struct llm_result result;

	if (fault == LLM_OK)
		fault = llm_stream_feed(
			stream, body.data + cut, body.len - cut);
	result = llm_stream_end(stream, true);
	assert_true(fault == LLM_OK || result.fault == fault);
	end(words, &result);
	llm_stream_free(stream);
}

static void
check(const char *name, const char *expected)
{
	struct arena arena = ARENA_INIT;
	struct span body = wire_case(&arena, "responses", name);
	struct buf words = BUF_INIT;

	for (size_t cut = 0; cut <= body.len; cut++) {
		buf_clear(&words);
		play(&words, body, cut);
		if (strcmp(buf_str(&words), expected) != 0)
			fail_msg("%s, cut at %zu\nactual   %s\nexpected %s",
				name, cut, buf_str(&words), expected);
	}
	buf_free(&words);
	arena_reset(&arena);
}

static const struct {
	const char *name, *expected;
} cases[] = {
	{ "text", "\"Hel\" \"lo\" ok stop 9+5=14 c4 r3" },
	{ "text-alone", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "types-in-the-data-alone", "\"a\" ok stop" },
	{ "types-in-the-event-line-alone", "\"a\" \"b\" ok stop" },
	{ "a-name-counts-for-its-event-alone", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "a-long-name-is-none", "\"b\" ok stop 9+5=14 c4 r3" },
	{ "only-in-text-done", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "only-in-part-done", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "only-in-item-done", "\"a\" \"b\" ok stop 9+5=14 c4 r3" },
	{ "only-in-completed", "\"a\" ok stop" },
	{ "in-all-of-them-once", "\"a\" ok stop" },
	{ "a-part-that-came-in-done-beside-one-that-came-in-pieces",
		"\"a\" \"b\" ok stop 9+5=14 c4 r3" },
	{ "no-stream-at-all", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "two-messages", "\"a\" \"b\" ok stop 9+5=14 c4 r3" },
	{ "a-phase", "\"a\" ]{\"phase\":\"commentary\"} ok stop 9+5=14 c4 r3" },
	{ "ids-that-change-with-every-event",
		"\"a\" \"b\" ok stop 9+5=14 c4 r3" },
	{ "escapes", "\"ä\n😀\" ok stop 9+5=14 c4 r3" },
	{ "crlf-and-comments", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "done-at-the-end", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "done-alone", "\"a\" ok other" },
	{ "no-empty-line-at-the-end", "\"a\" ok stop" },
	{ "cut", "\"a\" cut -" },
	{ "cut-before-anything", "cut -" },
	{ "nothing", "not_stream -" },
	{ "another-format", "malformed -" },
	{ "unknown-events-and-items", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "nonsense", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "refusal", "\"No\" \".\" ok content-filter 9+5=14 c4 r3" },
	{ "refusal-only-in-done", "\"No\" ok content-filter 9+5=14 c4 r3" },
	{ "refusal-only-in-part-done",
		"\"No\" ok content-filter 9+5=14 c4 r3" },
	{ "sources-once-each",
		"\"a\" @https://x.example/(X) @https://y.example/() ok stop 9+5=14 c4 r3" },
	{ "reasoning",
		"~h~ ~m~ }{\"itemId\":\"r\",\"reasoningEncryptedContent\":\"e\"} \"a\" ok stop 9+5=14 c4 r3" },
	{ "two-parts-of-a-summary",
		"~a~ ~b~ }{\"itemId\":\"r\"} }{\"itemId\":\"r\",\"reasoningEncryptedContent\":\"e\"} \"a\" ok stop 9+5=14 c4 r3" },
	{ "parts-that-are-not-announced",
		"~a~ ~b~ \"a\" ok stop 9+5=14 c4 r3" },
	{ "reasoning-only-in-done",
		"~a~ }{\"itemId\":\"r\"} ~b~ }{\"itemId\":\"r\",\"reasoningEncryptedContent\":\"e\"} \"c\" ok stop 9+5=14 c4 r3" },
	{ "reasoning-without-words",
		"}{\"itemId\":\"r\",\"reasoningEncryptedContent\":\"e\"} \"a\" ok stop 9+5=14 c4 r3" },
	{ "reasoning-of-which-nothing-is-known", "\"a\" ok stop 9+5=14 c4 r3" },
	{ "reasoning-as-content",
		"~h~ ~m~ }{\"itemId\":\"r\",\"content\":true} \"a\" ok stop 9+5=14 c4 r3" },
	{ "reasoning-by-its-old-name", "~a~ \"c\" ok stop 9+5=14 c4 r3" },
	{ "call", "+0 c get_weather 0:{ 0:} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "call-only-in-done",
		"+0 c get_weather 0:{} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "arguments-only-in-done",
		"+0 c get_weather 0:{} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "call-only-in-completed-after-text",
		"\"a\" +0 c get_weather 0:{} -0 ok tool-calls" },
	{ "all-only-in-completed",
		"~hm~ }{\"itemId\":\"r\",\"reasoningEncryptedContent\":\"e\"} +0 c get_weather 0:{} +1 d get_weather 1:{} -0 -1 ok tool-calls" },
	{ "calls-side-by-side",
		"+0 c get_weather +1 d get_time 1:{1 0:{0 1:} 0:} -0 -1 ok tool-calls 9+5=14 c4 r3" },
	{ "calls-that-are-all-numbered-0",
		"+0 c get_weather 0:{} +1 d get_weather 1:{} -0 -1 ok tool-calls 9+5=14 c4 r3" },
	{ "call-without-a-call-id",
		"+0 f get_weather 0:{} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "call-whose-name-comes-last",
		"+0 c get_weather 0:{} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "call-that-never-gets-a-name", "malformed tool-calls 9+5=14 c4 r3" },
	{ "call-without-arguments",
		"+0 c get_weather -0 ok tool-calls 9+5=14 c4 r3" },
	{ "call-after-a-search-of-the-provider-s-own",
		"+0 c get_weather {\"whole\":false} 0:{} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "text-after-a-search-of-the-provider-s-own",
		"}{\"itemId\":\"r\",\"reasoningEncryptedContent\":\"e\"} \"a\" ]{\"whole\":false} ok stop 9+5=14 c4 r3" },
	{ "too-few-tokens", "\"a\" ok length 9+5=14 c4 r3" },
	{ "too-few-tokens-for-any-word", "ok length" },
	{ "filtered", "\"a\" ok content-filter" },
	{ "incomplete-for-another-reason", "\"a\" ok other" },
	{ "incomplete-for-no-reason", "\"a\" ok other" },
	{ "items-interleaved-texts",
		"\"Hel\" \"Good \" \"lo.\" \"bye.\" ok stop 9+5=14 c4 r3" },
	{ "items-interleaved-last-first",
		"\"Hel\" \"Good bye.\" \"lo.\" ok stop 9+5=14 c4 r3" },
	{ "items-interleaved-reasoning",
		"~Let ~ \"12\" ~me~ \"231\" }{\"itemId\":\"rs_0\",\"reasoningEncryptedContent\":\"s0\"} ok stop 9+5=14 c4 r3" },
	{ "items-interleaved-two-thoughts",
		"~a~ ~b~ ~A~ ~B~ }{\"itemId\":\"rs_1\",\"reasoningEncryptedContent\":\"s1\"} }{\"itemId\":\"rs_0\",\"reasoningEncryptedContent\":\"s0\"} \"c\" ok stop 9+5=14 c4 r3" },
	{ "items-interleaved-summaries",
		"~a~ ~b~ ~A~ ~B~ }{\"itemId\":\"rs_0\"} }{\"itemId\":\"rs_0\",\"reasoningEncryptedContent\":\"s0\"} \"c\" ok stop 9+5=14 c4 r3" },
	{ "items-interleaved-text-and-call",
		"\"I \" +0 call_1 get_weather 0:{\"city\": \"look.\" 0:\"A\"} -0 ok tool-calls 9+5=14 c4 r3" },
	{ "failed", "\"a\" error -" },
	{ "failed-too-many-requests", "throttled -" },
	{ "failed-nothing-is-paid-for", "quota -" },
	{ "failed-a-prompt-that-is-refused", "filtered -" },
	{ "failed-too-long", "too_large -" },
	{ "failed-without-an-error", "error -" },
	{ "cancelled", "\"a\" cut -" },
	{ "error-flat", "\"a\" throttled -" },
	{ "error-nested", "quota -" },
	{ "error-by-its-name-alone", "error -" },
	{ "an-error-in-place-of-a-stream", "not_found -" },
	{ "a-response-that-has-failed-in-place-of-a-stream", "throttled -" },
	{ "failed-but-with-the-event-of-an-end", "error -" },
};

static void
test_each_case_gives_its_events(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		check(cases[i].name, cases[i].expected);
}

/* Plays every case however cut, and checks that none is missing above. */
static void
test_any_cut_gives_the_same_events(void **state)
{
	(void)state;
	assert_int_equal(
		wire_cut_all(&wire_responses, "responses"), LENGTH(cases));
}

/* ---- large events */

#define TEXT(i, id, text)                                                  \
	"data: {\"type\":\"response.output_text.delta\",\"item_id\":\"" id \
	"\",\"output_index\":" #i ",\"delta\":\"" text "\"}\n\n"
#define CALL(id, call, name, args)                                         \
	"\"type\":\"function_call\",\"id\":\"" id "\",\"call_id\":\"" call \
	"\",\"name\":\"" name "\",\"arguments\":\"" args "\""
#define USAGE                                                                 \
	"\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{"            \
	"\"cached_tokens\":4},\"output_tokens\":5,\"output_tokens_details\":" \
	"{\"reasoning_tokens\":3},\"total_tokens\":14}"
#define U " 9+5=14 c4 r3"
#define ERROR(code)                                         \
	"\"status\":\"failed\",\"error\":{\"code\":\"" code \
	"\",\"message\":\"m\"}"

/* Every response repeats tools and instructions, here more of them than fit
 * into a tree. */
static void
put_tools(struct buf *body)
{
	buf_puts(body, ",\"tools\":[");
	for (int i = 0; i < 3000; i++)
		buf_printf(body,
			"%s{\"type\":\"function\",\"name\":\"f%d\",\"parameters\":"
			"{\"type\":\"object\",\"properties\":{}}}",
			i > 0 ? "," : "", i);
	buf_puts(body, "]");
}

static void
put_event(struct buf *body, const char *type, const char *members)
{
	buf_printf(body,
		"event: response.%s\ndata: {\"type\":\"response.%s\","
		"\"response\":{\"object\":\"response\"%s",
		type, type, members);
	put_tools(body);
	buf_puts(body, "}}\n\n");
}

static void
expect_large(const char *type, const char *members, const char *expected)
{
	struct buf body = BUF_INIT, words = BUF_INIT;

	put_event(&body, "created", ",\"error\":null");
	put_event(&body, "in_progress", ",\"error\":null");
	buf_puts(&body, TEXT(0, "m", "a"));
	put_event(&body, type, members);
	play(&words, buf_span(&body), body.len / 2);
	assert_string_equal(buf_str(&words), expected);
	buf_free(&body);
	buf_free(&words);
}

static void
test_large_end_events_are_understood(void **state)
{
	(void)state;
	expect_large("completed", ",\"status\":\"completed\"," USAGE,
		"\"a\" ok stop" U);
	expect_large("completed",
		",\"output\":[{" CALL("f", "c", "get_weather", "{}") "}]",
		"\"a\" +0 c get_weather 0:{} -0 ok tool-calls");
	expect_large("incomplete",
		",\"incomplete_details\":{\"reason\":\"max_output_tokens\"}",
		"\"a\" ok length");
	expect_large("failed", "," ERROR("rate_limit_exceeded"),
		"\"a\" throttled -");
}

/* The limit itself is accepted, one more is not. */
static void
test_too_many_items(void **state)
{
	struct buf body = BUF_INIT, words = BUF_INIT;

	(void)state;
	for (int i = 0; i <= RESPONSES_ITEMS_MAX; i++)
		buf_printf(&body,
			"data: {\"type\":\"response.output_text.delta\","
			"\"output_index\":%d,\"delta\":\"\"}\n\n",
			i);
	buf_puts(&body, "data: {\"type\":\"response.completed\"}\n\n");
	play(&words, buf_span(&body), 0);
	assert_string_equal(buf_str(&words), "too_big -");
	buf_free(&body);
	buf_free(&words);
}

/* A request that is refused in the stream can be made in another form. */
static void
test_refused_in_the_stream(void **state)
{
	static const char body[] =
		"data: {\"type\":\"error\",\"error\":{\"type\":"
		"\"invalid_request_error\",\"message\":\"Unsupported parameter: "
		"'temperature'\",\"param\":\"temperature\"}}\n\n";
	struct buf words = BUF_INIT;
	struct llm_stream *stream =
		llm_stream_open(&wire_responses, on_event, &words, 1 << 20);
	struct failure refusal;

	(void)state;
	assert_int_equal(
		llm_stream_feed(stream, body, sizeof(body) - 1), LLM_ERROR);
	assert_int_equal(llm_stream_end(stream, true).fault, LLM_ERROR);
	assert_true(llm_stream_refused(stream, &refusal));
	assert_string_equal(refusal.param, "temperature");
	llm_stream_free(stream);
	buf_free(&words);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_case_gives_its_events),
		cmocka_unit_test(test_any_cut_gives_the_same_events),
		cmocka_unit_test(test_large_end_events_are_understood),
		cmocka_unit_test(test_too_many_items),
		cmocka_unit_test(test_refused_in_the_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
