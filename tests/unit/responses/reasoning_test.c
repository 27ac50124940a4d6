/* Which reasoning goes back in OpenAI Responses requests. */

#include "../unit.h"
#include "ask.h"

/* ---- reasoning: *parts* of a reply, and the expected items between two user
 * messages */

static void
reply(const char *takes, const char *parts, const char *items)
{
	struct buf conversation = BUF_INIT, expected = BUF_INIT;

	buf_printf(&conversation,
		"[%s,{\"role\":\"assistant\",\"parts\":[%s]},%s]",
		USER(TEXT("a")), parts, USER(TEXT("z")));
	buf_printf(&expected, "[%s,%s,%s]", IN("a"), items, IN("z"));
	responses_expect(
		(struct responses_asked){ &responses_plain, takes, false, 0 },
		buf_str(&conversation), "input", buf_str(&expected));
	buf_free(&conversation);
	buf_free(&expected);
}

static void
test_which_reasoning_goes_back(void **state)
{
	(void)state;
	reply("", THOUGHT("hm", OWN(STATE("r", "e"))) "," TEXT("b"),
		REASONING("r", SUM("hm"), "e") "," OUT("b"));
	/* It has no summary. */
	reply("", THOUGHT("", OWN(STATE("r", "e"))) "," TEXT("b"),
		REASONING("r", "", "e") "," OUT("b"));
	/* A summary with two parts. */
	reply("",
		THOUGHT("x", OWN("\"itemId\":\"r\"")) "," THOUGHT(
			"y", OWN(STATE("r", "e"))) "," TEXT("b"),
		REASONING("r", SUM("x") "," SUM("y"), "e") "," OUT("b"));
	/* Two items. */
	reply("",
		THOUGHT("x", OWN(STATE("r", "e"))) "," THOUGHT(
			"y", OWN(STATE("s", "f"))) "," TEXT("b"),
		REASONING("r", SUM("x"), "e") "," REASONING(
			"s", SUM("y"), "f") "," OUT("b"));
	/* Before each call that it led to. */
	reply("",
		STEP "," THOUGHT("x", OWN(STATE("r", "e"))) "," CALL(
			"c1", "") "," THOUGHT("y",
			OWN(STATE("s", "f"))) "," CALL("c2", "") "," STEP
								 "," TEXT("b"),
		REASONING("r", SUM("x"), "e") "," CALLED("c1") "," REASONING(
			"s", SUM("y"),
			"f") "," CALLED("c2") "," GAVE("c1") "," GAVE("c2") "," OUT("b"));
	/* Readable thoughts. */
	reply("",
		THOUGHT("hm",
			OWN("\"itemId\":\"r\",\"content\":true")) "," TEXT("b"),
		"{\"type\":\"reasoning\",\"id\":\"r\",\"summary\":[],"
		"\"content\":[" SAID("reasoning_text", "hm") "]}," OUT("b"));
}

static void
test_reasoning_of_others(void **state)
{
	static const char *const kept[] = {
		"{}",
		OWN("\"itemId\":\"r\""), /* the provider does not know it */
		KEPT("responses", "other", STATE("r", "e")),
		KEPT("anthropic", "m", STATE("r", "e")),
		"{\"openai\":{\"model\":\"m\"," STATE("r", "e") "}}",
		"{\"google\":{\"kind\":\"responses\",\"model\":\"m\"," STATE(
			"r", "e") "}}",
	};
	struct buf parts = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(kept); i++) {
		buf_clear(&parts);
		buf_printf(&parts,
			"{\"type\":\"reasoning\",\"text\":\"hm\","
			"\"providerMetadata\":%s},%s",
			kept[i], TEXT("b"));
		reply("", buf_str(&parts), OUT("b"));
	}
	buf_free(&parts);
	reply("reasoning=off",
		THOUGHT("hm", OWN(STATE("r", "e"))) "," TEXT("b"), OUT("b"));
}

/* What it led to is missing, so no reasoning of its turn goes back. */
static void
test_reasoning_that_nothing_follows(void **state)
{
	(void)state;
	reply("", TEXT("b") "," THOUGHT("x", OWN(STATE("r", "e"))), OUT("b"));
	/* The call was never answered. */
	reply("",
		THOUGHT("x", OWN(STATE("r", "e"))) "," OPEN_CALL("c1") "," TEXT(
			"b"),
		OUT("b"));
	reply("",
		STEP "," THOUGHT("x", OWN(STATE("r", "e"))) "," CALL(
			"c1", "") "," STEP "," THOUGHT("y",
			OWN(STATE("s", "f"))) "," OPEN_CALL("c2") "," TEXT("b"),
		CALLED("c1") "," GAVE("c1") "," OUT("b"));
	/* Calls are sent in words. */
	reply("tools=off",
		THOUGHT("x", OWN(STATE("r", "e"))) "," CALL("c1", ""),
		OUT("[The tool time was called with {\\\"a\\\":1} and gave: "
		    "noon]\\n\\n"));
	/* A search by the provider is not sent back. */
	reply("",
		THOUGHT("x",
			OWN(STATE("r",
				"e"))) ",{\"type\":\"text\","
				       "\"text\":\"b\",\"providerMetadata\":" OWN(
					       "\"whole\":false") "}",
		OUT("b"));
	reply("",
		STEP "," THOUGHT("x", OWN(STATE("r", "e"))) "," CALL("c1",
			",\"callProviderMetadata\":" OWN(
				"\"whole\":false")) "," STEP "," TEXT("b"),
		CALLED("c1") "," GAVE("c1") "," OUT("b"));
}

/* Another turn is not affected. */
static void
test_reasoning_of_another_turn(void **state)
{
	(void)state;
	responses_expect_input(
		"[" USER(TEXT("a")) "," MODEL(THOUGHT("x", OWN(STATE("r", "e"))) "," TEXT(
			"b")) "," USER(TEXT("c")) "," MODEL(TEXT("d") "," THOUGHT("y",
			OWN(STATE("s", "f")))) "," USER(TEXT("g")) "]",
		"[" IN("a") "," REASONING("r", SUM("x"), "e") "," OUT(
			"b") "," IN("c") "," OUT("d") "," IN("g") "]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_which_reasoning_goes_back),
		cmocka_unit_test(test_reasoning_of_others),
		cmocka_unit_test(test_reasoning_that_nothing_follows),
		cmocka_unit_test(test_reasoning_of_another_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
