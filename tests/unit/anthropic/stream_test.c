/* Anthropic's events as our events. tests/wires checks that the browser is
 * shown the same as by @ai-sdk/anthropic. */

#include "../unit.h"
#include "../wire/wire_cases.h"
#include "anthropic/wire.h"
#include "base/buf.h"

#include <string.h>

#define START "begin\n"
#define END "thought-end\ntext-end\n"
#define SIG "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds+/="

static const struct {
	const char *name, *words;
} cases[] = {
	{ "text-basic",
		START "text Hello\ntext !\ntext-end\n" END
		      "ok 1 in=25 out=15 total=40 read=0 wrote=0" },
	{ "text-members-turned",
		START "text turned\ntext-end\n" END
		      "ok 1 in=25 out=15 total=40 read=0 wrote=0" },
	{ "thinking",
		START "thought Let me\nthought  think.\n\nthought 27 * 453\n"
		      "thought-end !{\"signature\":\"" SIG "\"}\n"
		      "text 12231\ntext-end\n" END
		      "ok 1 in=25 out=15 total=40 read=0 wrote=0" },
	{ "thinking-omitted",
		START "thought-end !{\"signature\":\"" SIG "\"}\n"
		      "text 12231\ntext-end\n" END
		      "ok 1 in=25 out=15 total=40 read=0 wrote=0" },
	{ "tool-redacted",
		START "thought-end !{\"redactedData\":\"c2VjcmV0\"}\n"
		      "call 0 #toolu_r @get_weather\n"
		      "args 0 {\"city\":\"Oslo\"}\ncall-end 0\n" END
		      "ok 4 in=25 out=15 total=40 read=0 wrote=0" },
	{ "tool-parallel",
		START "call 0 #toolu_a @get_weather\nargs 0 {\"city\":\n"
		      "args 0  \"A\"}\ncall-end 0\n"
		      "call 1 #toolu_b @get_weather\nargs 1 {\"city\": \"B\"}\n"
		      "call-end 1\n" END
		      "ok 4 in=25 out=15 total=40 read=0 wrote=0" },
	{ "tool-empty-input",
		START "call 0 #toolu_empty @any\ncall-end 0\n" END
		      "ok 4 in=25 out=15 total=40 read=0 wrote=0" },
	{ "tool-input-at-start",
		START "call 0 #toolu_s @any\n"
		      "args 0 {\"city\":\"Rome\",\"n\":[1,{\"a\":null}]}\n"
		      "call-end 0\n" END
		      "ok 4 in=25 out=15 total=40 read=0 wrote=0" },
	{ "stop-refusal-empty",
		START END "ok 3 in=25 out=0 total=25 read=0 wrote=0" },
	{ "stop-context-window",
		START "text full\ntext-end\n" END
		      "ok 2 in=25 out=15 total=40 read=0 wrote=0" },
	{ "stop-unknown",
		START "text hm\ntext-end\n" END
		      "ok 5 in=25 out=15 total=40 read=0 wrote=0" },
	{ "stop-no-message-stop",
		START "text whole\ntext-end\n" END
		      "ok 1 in=25 out=3 total=28 read=0 wrote=0" },
	{ "usage-cache",
		START
		"text cached\ntext-end\n" END
		"ok 1 in=188507 out=393 total=188900 read=400 wrote=188086" },
	{ "usage-cumulative",
		START "text x\ntext-end\n" END
		      "ok 1 in=157 out=12 total=169 read=40 wrote=7" },
	/* A temporary error is no answer either. */
	{ "error-first-overloaded",
		"overloaded 0 in=-1 out=-1 total=-1 read=-1 wrote=-1" },
	/* An error about the form of the request: another form may be
	 * accepted. */
	{ "error-first-invalid",
		"error 0 in=-1 out=-1 total=-1 read=-1 wrote=-1" },
	{ "error-mid",
		START "text half a\n"
		      "overloaded 0 in=25 out=1 total=26 read=0 wrote=0" },
	{ "error-no-event-line",
		START "text x\ntext-end\n"
		      "throttled 0 in=25 out=1 total=26 read=0 wrote=0" },
	{ "cut-tool",
		START "call 0 #toolu_x @get_weather\nargs 0 {\"ci\n"
		      "cut 0 in=25 out=1 total=26 read=0 wrote=0" },
	{ "body-json",
		START "thought hm\nthought-end !{\"signature\":\"" SIG "\"}\n"
		      "text whole\ntext-end\n" END
		      "ok 1 in=3 out=4 total=7 read=-1 wrote=-1" },
	{ "pause",
		START
		"text I'll search.\ntext-end\n"
		"text-end !{\"blocks\":[{\"type\":\"server_tool_use\",\"id\":"
		"\"srvtoolu_014hJH82Qum7Td6UV8gDXThB\",\"name\":"
		"\"web_search\",\"input\":{\"query\": \"weather NYC "
		"today\"}}],\"paused\":true}\n" END
		"ok 6 in=25 out=15 total=40 read=0 wrote=0" },
};

static void
test_each_case_gives_its_events(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf words = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		buf_clear(&words);
		wire_play(&wire_anthropic,
			wire_case(&arena, "anthropic", cases[i].name),
			(struct cutting){ 1 << 20, 0 }, &words);
		if (strcmp(buf_str(&words), cases[i].words) != 0)
			fail_msg("%s:\n%s\nexpected:\n%s", cases[i].name,
				buf_str(&words), cases[i].words);
	}
	buf_free(&words);
	arena_reset(&arena);
}

/* The result of one of the provider's tools is kept with the part after it; its
 * pages are named once. */
static void
test_search_result_is_kept_with_the_next_part(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf words = BUF_INIT;

	(void)state;
	wire_play(&wire_anthropic, wire_case(&arena, "anthropic", "search"),
		(struct cutting){ 1 << 20, 0 }, &words);
	assert_non_null(strstr(buf_str(&words),
		"source @Weather in New York City "
		"https://www.weather.example/ny\n"
		"source @NYC https://nyc.example/\ntext So: \n"
		"text-end !{\"blocks\":[{\"type\":\"server_tool_use\""));
	assert_non_null(strstr(buf_str(&words),
		"{\"type\":\"web_search_tool_result\",\"tool_use_id\":"));
	assert_non_null(strstr(
		buf_str(&words), "text It is 72 degrees\ntext-end\ntext ."));
	buf_free(&words);
	arena_reset(&arena);
}

static void
test_any_cut_gives_the_same_events(void **state)
{
	(void)state;
	assert_true(wire_cut_all(&wire_anthropic, "anthropic") >= 74);
}

/* Everything that is held has a limit: an endless signature, block, or list of
 * calls. */
static void
flood(const char *begin, const char *more)
{
	struct buf body = BUF_INIT, words = BUF_INIT;

	buf_puts(&body, begin);
	for (int i = 0; i < 70; i++) {
		buf_puts(&body, more);
		for (int k = 0; k < 20000; k++)
			buf_putc(&body, 'x');
		buf_puts(&body, "\"}}\n\n");
	}
	wire_play(&wire_anthropic, buf_span(&body),
		(struct cutting){ 1 << 22, 0 }, &words);
	assert_non_null(strstr(buf_str(&words), "too_big 0"));
	buf_free(&body);
	buf_free(&words);
}

#define DATA(json) "data: " json "\n\n"
#define CALL                                                      \
	DATA("{\"type\":\"content_block_start\",\"index\":0,"     \
	     "\"content_block\":{\"type\":\"tool_use\",\"name\":" \
	     "\"n\",\"id\":\"i\"}}")

static void
test_floods_are_bounded(void **state)
{
	(void)state;
	flood(DATA("{\"type\":\"content_block_start\",\"index\":0,"
		   "\"content_block\":{\"type\":\"server_tool_use\","
		   "\"id\":\"s\",\"name\":\"n\",\"input\":{}}}"),
		"data: {\"type\":\"content_block_delta\",\"index\":0,"
		"\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"");
	flood("",
		"data: {\"type\":\"content_block_start\",\"index\":0,"
		"\"content_block\":{\"type\":\"x_tool_result\",\"c\":\"");
	flood("",
		CALL CALL CALL CALL
		"data: {\"type\":\"content_block_delta\",\"index\":0,"
		"\"delta\":{\"type\":\"text_delta\",\"text\":\"");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_case_gives_its_events),
		cmocka_unit_test(test_search_result_is_kept_with_the_next_part),
		cmocka_unit_test(test_any_cut_gives_the_same_events),
		cmocka_unit_test(test_floods_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
