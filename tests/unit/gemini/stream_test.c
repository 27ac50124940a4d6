/* Gemini's answers as events: texts, thoughts, signatures and calls. */

#include "../unit.h"
#include "../wire/wire_cases.h"
#include "events.h"
#include "gemini/wire.h"

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
		"+0 made1 (no name) 0:{} -0 ok tool-calls" },
	{ "text, call, text",
		PARTS(TEXT("a")) PARTS(CALL("f", "{}")) LAST(TEXT("b"), "STOP"),
		"\"a\" +0 made1 f 0:{} \"b\" -0 ok tool-calls" },
	{ "a call behind the reason", FINISH("STOP") PARTS(CALL("f", "{}")),
		"+0 made1 f 0:{} -0 ok tool-calls" },
	{ "a call and no room", PARTS(CALL("f", "{}")) FINISH("MAX_TOKENS"),
		"+0 made1 f 0:{} -0 ok length" },
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

/* The bodies that the SDK also reads, cut into pieces of all sizes. */
static void
test_any_cut_gives_the_same_events(void **state)
{
	(void)state;
	assert_true(wire_cut_all(&wire_gemini, "gemini") >= 90);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_case_gives_its_events),
		cmocka_unit_test(test_any_cut_gives_the_same_events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
