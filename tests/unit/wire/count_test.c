/* count_test.c: the reported tokens of an answer for each combination of
 * counts, on every wire. */

#include "../unit.h"
#include "base/buf.h"
#include "llm/wires.h"
#include "wire/count.h"
#include "wire_cases.h"

#include <string.h>

/* input, output, total; -1 if not given. */
static const struct {
	int64_t said[3], told[3];
} settled[] = {
	{ { -1, -1, -1 }, { -1, -1, -1 } },
	{ { 5, 2, 7 }, { 5, 2, 7 } },
	{ { 5, 2, -1 }, { 5, 2, 7 } },
	{ { 5, 2, 9 }, { 5, 2, 9 } }, /* tools were queried, too */
	{ { 5, -1, -1 }, { 5, 0, 5 } },
	{ { -1, 2, -1 }, { 0, 2, 2 } },
	{ { 5, -1, 7 }, { 5, 2, 7 } },
	{ { -1, 2, 7 }, { 5, 2, 7 } },
	{ { 5, -1, 3 }, { 5, 0, 5 } },
	{ { 5, 2, 3 }, { 5, 2, 7 } },
	{ { -1, -1, 7 }, { -1, -1, 7 } },
	{ { 0, 0, -1 }, { 0, 0, 0 } },
	{ { INT64_C(9000000000000000), INT64_C(9000000000000000), -1 },
		{ -1, -1, -1 } },
	{ { LLM_TOKENS_MAX, 0, -1 }, { LLM_TOKENS_MAX, 0, LLM_TOKENS_MAX } },
	{ { LLM_TOKENS_MAX, 1, -1 }, { -1, -1, -1 } },
	{ { LLM_TOKENS_MAX + 1, 2, 7 }, { 5, 2, 7 } },
	{ { 5, 2, LLM_TOKENS_MAX + 1 }, { 5, 2, 7 } },
};

static void
test_counts_are_completed(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(settled); i++) {
		struct llm_usage usage = LLM_USAGE_NONE;

		usage.input = settled[i].said[0];
		usage.output = settled[i].said[1];
		usage.total = settled[i].said[2];
		llm_usage_settle(&usage);
		if (usage.input != settled[i].told[0] ||
			usage.output != settled[i].told[1] ||
			usage.total != settled[i].told[2])
			fail_msg("%zu: %lld + %lld = %lld", i,
				(long long)usage.input, (long long)usage.output,
				(long long)usage.total);
	}
}

static const struct {
	int64_t kind;
	const char *input, *output; /* their names on the wire */
	const char *body; /* around the usage */
} wires[] = {
	{ CONF_OPENAI, "prompt_tokens", "completion_tokens",
		"data: {\"choices\":[{\"delta\":{\"content\":\"a\"},"
		"\"finish_reason\":\"stop\"}],\"usage\":%s}\n\n" },
	{ CONF_ANTHROPIC, "input_tokens", "output_tokens",
		"data: {\"type\":\"message_start\",\"message\":{\"usage\":%s}}"
		"\n\ndata: {\"type\":\"message_delta\",\"delta\":{"
		"\"stop_reason\":\"end_turn\"}}\n\n" },
	{ CONF_GEMINI, "promptTokenCount", "candidatesTokenCount",
		"data: {\"candidates\":[{\"finishReason\":\"STOP\"}],"
		"\"usageMetadata\":%s}\n\n" },
	{ CONF_RESPONSES, "input_tokens", "output_tokens",
		"data: {\"type\":\"response.completed\",\"response\":{"
		"\"status\":\"completed\",\"usage\":%s}}\n\n" },
};

/* An answer with this usage reports *told*. *input*, *output*: as JSON, or
 * NULL. */
static void
expect(size_t wire, const char *input, const char *output, const char *told)
{
	struct buf usage = BUF_INIT, body = BUF_INIT, words = BUF_INIT;
	const char *at = strstr(wires[wire].body, "%s");

	buf_putc(&usage, '{');
	if (input != NULL)
		buf_printf(&usage, "\"%s\":%s,", wires[wire].input, input);
	if (output != NULL)
		buf_printf(&usage, "\"%s\":%s,", wires[wire].output, output);
	buf_puts(&usage, "\"unknown\":null}");
	buf_append(&body, wires[wire].body, (size_t)(at - wires[wire].body));
	buf_put_span(&body, buf_span(&usage));
	buf_puts(&body, at + 2);
	wire_play(wire_of(wires[wire].kind), buf_span(&body),
		(struct cutting){ 1 << 20, 0 }, &words);
	if (strstr(buf_str(&words), told) == NULL)
		fail_msg("%s: %s, not %s", buf_str(&body), buf_str(&words),
			told);
	buf_free(&usage);
	buf_free(&body);
	buf_free(&words);
}

static void
test_counts_are_the_same_on_each_wire(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(wires); i++) {
		expect(i, "5", "2", " in=5 out=2 total=7 ");
		expect(i, "5", NULL, " in=5 out=0 total=5 ");
		expect(i, NULL, "2", " in=0 out=2 total=2 ");
		expect(i, NULL, NULL, " in=-1 out=-1 total=-1 ");
		expect(i, "\"5\"", "2.0", " in=5 out=2 total=7 ");
		expect(i, "-5", "2", " in=0 out=2 total=2 ");
		expect(i, "[]", "\"\"", " in=-1 out=-1 total=-1 ");
		/* An implausible count is ignored. */
		expect(i, "1e300", "2", " in=0 out=2 total=2 ");
		expect(i, "5", "1e300", " in=5 out=0 total=5 ");
		expect(i, "100000001", "2", " in=0 out=2 total=2 ");
		expect(i, "100000000", "0", " in=100000000 out=0 ");
		expect(i, "\"inf\"", "\"nan\"", " in=-1 out=-1 total=-1 ");
		expect(i, "1e300", "1e300", " in=-1 out=-1 total=-1 ");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_are_completed),
		cmocka_unit_test(test_counts_are_the_same_on_each_wire),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
