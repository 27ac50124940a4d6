/* Stored conversations as contents of Gemini requests. */

#include "../unit.h"
#include "../wire/vector.h"
#include "sent.h"

static void
expect_contents(const char *takes, const char *messages, const char *contents)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = gemini_settings(&arena, NULL);
	struct llm_ask ask = { .settings = &settings };
	struct llm_asked asked;

	gemini_request(&arena, &ask, takes, messages, &body, &asked);
	assert_same_json(messages, json_raw_get(buf_span(&body), "contents"),
		span_of(contents));
	buf_free(&body);
	arena_reset(&arena);
}

#define REPLY(parts) "{\"role\":\"assistant\",\"parts\":[" parts "]}"
#define OTHER(parts) \
	"{\"role\":\"assistant\",\"other\":1,\"parts\":[" parts "]}"
#define STEP "{\"type\":\"step-start\"},"
#define THOUGHT(text) "{\"type\":\"reasoning\",\"text\":\"" text "\"}"
#define META(model, sig)                                                 \
	"Metadata\":{\"google\":{\"kind\":\"gemini\",\"model\":\"" model \
	"\",\"thoughtSignature\":\"" sig "\"}}"
#define SIGNED(type, text, model, sig)            \
	"{\"type\":\"" type "\",\"text\":\"" text \
	"\",\"provider" META(model, sig) "}"
#define CALL(more)                                              \
	"{\"type\":\"tool-f\",\"toolCallId\":\"c1\",\"state\":" \
	"\"output-available\",\"input\":{\"a\":1}," more "}"
#define FAILED                                                  \
	"{\"type\":\"tool-f\",\"toolCallId\":\"c1\",\"state\":" \
	"\"output-error\",\"input\":{\"a\":1},\"errorText\":\"cut off\"}"
#define M(parts) "{\"role\":\"model\",\"parts\":[" parts "]}"
#define FC(more) \
	"{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1}}" more "}"
#define FR(response) \
	"{\"functionResponse\":{\"name\":\"f\",\"response\":{" response "}}}"
#define HI USER(TEXT("hi")) ","
#define HI_T USER(T("hi")) ","

static void
test_text_becomes_one_part_per_step(void **state)
{
	(void)state;
	expect_contents("", "[" USER(TEXT("a") "," TEXT(" ") "," TEXT("b")) "]",
		"[" USER(T("a") "," T("b")) "]");
	/* Text without a signature becomes one part, however it was stored; one
	 * for each step. */
	expect_contents("",
		"[" HI REPLY(TEXT("Hel") "," TEXT("lo") "," STEP TEXT(
			"x")) "," USER(TEXT("and?")) "]",
		"[" HI_T M(T("Hello") "," T("x")) "," USER(T("and?")) "]");
	/* The user's turn is first and last. */
	expect_contents("",
		"[" REPLY(TEXT("Welcome")) "," HI REPLY(TEXT("")) "]",
		"[" USER(T("[The conversation begins with your words.]")) "," M(
			T("Welcome")) "," USER(T("hi")) "]");
}

static void
test_files_by_type_and_address(void **state)
{
	static const char file[] = "[" USER(
		"{\"type\":\"file\",\"mediaType\":\"image/png\",\"url\":"
		"\"data:image/png;base64,iVBORw0KGgo=\"},"
		"{\"type\":\"file\",\"mediaType\":\"application/pdf\",\"url\":"
		"\"data:application/pdf;base64,AAAA\"},"
		"{\"type\":\"file\",\"mediaType\":\"audio/wav\",\"url\":"
		"\"data:audio/wav;base64,AAAA\"},"
		"{\"type\":\"file\",\"mediaType\":\"text/plain\",\"url\":"
		"\"data:text/plain;base64,YQ==\"}") "]";

	(void)state;
	expect_contents("", file,
		"[" USER("{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":"
			 "\"iVBORw0KGgo=\"}},{\"inlineData\":{\"mimeType\":"
			 "\"application/pdf\",\"data\":\"AAAA\"}},"
			 "{\"inlineData\":{\"mimeType\":\"audio/wav\",\"data\":"
			 "\"AAAA\"}}," T("a")) "]");
	/* Nothing is sent by address. */
	expect_contents("",
		"[" USER("{\"type\":\"file\",\"mediaType\":\"image/png\","
			 "\"filename\":\"f.png\",\"url\":"
			 "\"https://x.example/f.png\"}") "]",
		"[" USER(T("[The attached file \\\"f.png\\\" (image/png) "
			   "cannot be read by this model.]")) "]");
	/* Nor what the model does not accept. */
	expect_contents("pdf=off",
		"[" USER("{\"type\":\"file\",\"mediaType\":\"application/pdf\","
			 "\"filename\":\"f\",\"url\":"
			 "\"data:application/pdf;base64,AAAA\"}") "]",
		"[" USER(T("[The attached file \\\"f\\\" (application/pdf) "
			   "cannot be read by this model.]")) "]");
}

static void
test_calls_are_followed_by_their_results(void **state)
{
	(void)state;
	expect_contents("",
		"[" HI REPLY(STEP TEXT("I look.") "," CALL(
			"\"output\":{\"t\":20}") "," CALL("\"output\":[1]") "," STEP
				TEXT("20")) "," USER(TEXT("ok")) "]",
		"[" HI_T M(T("I look.") "," FC("") "," FC("")) "," USER(
			FR("\"output\":{\"t\":20}") "," FR(
				"\"output\":[1]")) "," M(T("20")) "," USER(T("ok")) "]");
	/* The results come last. */
	expect_contents("", "[" HI REPLY(STEP CALL("\"output\":\"x\"")) "]",
		"[" HI_T M(FC("")) "," USER(FR("\"output\":\"x\"")) "]");
	/* Between results and a user turn there is a model turn. */
	expect_contents("",
		"[" HI REPLY(STEP CALL("\"output\":null")) "," USER(
			TEXT("well?")) "]",
		"[" HI_T M(FC("")) "," USER(FR("\"output\":\"null\"")) "," M(T(
			"[This reply ended here.]")) "," USER(T("well?")) "]");
	/* Errors, and a denial. */
	expect_contents("",
		"[" HI REPLY(STEP
			"{\"type\":\"tool-f\",\"toolCallId\":\"c\",\"state\":"
			"\"output-error\",\"input\":{\"a\":1},\"errorText\":"
			"\"broken\"},{\"type\":\"tool-f\",\"toolCallId\":\"d\","
			"\"state\":\"output-denied\",\"input\":{\"a\":1},"
			"\"approval\":{\"id\":\"x\",\"approved\":false}}") "]",
		"[" HI_T M(FC("") "," FC("")) "," USER(
			FR("\"error\":\"broken\"") "," FR(
				"\"error\":\"Tool call execution denied.\"")) "]");
	/* A call without an answer is not sent. */
	expect_contents("",
		"[" HI REPLY(STEP TEXT(
			"a") ",{\"type\":\"tool-f\","
			     "\"toolCallId\":\"c\",\"state\":\"input-available\","
			     "\"input\":{}}") "," USER(TEXT("ok")) "]",
		"[" HI_T M(T("a")) "," USER(T("ok")) "]");
	/* Calls are sent in words if there are no tools. */
	expect_contents("tools=off",
		"[" HI REPLY(STEP CALL("\"output\":\"x\"") "," STEP TEXT(
			"y")) "," USER(TEXT("ok")) "]",
		"[" HI_T M(
			T("[The tool f was called with {\\\"a\\\":1} and "
			  "gave: x]\\n\\n") "," T("y")) "," USER(T("ok")) "]");
}

#define CALL_META(model, sig) \
	CALL("\"output\":\"x\",\"callProvider" META(model, sig))
#define SIG(sig) ",\"thoughtSignature\":\"" sig "\""

/* Signatures and thoughts go back in their parts, and only to their own
 * model. */
static void
test_signatures_return_to_their_model(void **state)
{
	(void)state;
	expect_contents("",
		"[" HI REPLY(STEP SIGNED("reasoning", "hm", MODEL,
			"r") "," TEXT("a") "," SIGNED("text", "b", MODEL,
			"t") "," CALL_META(MODEL,
			"c") "," CALL("\"output\":\"y\"")) "]",
		"[" HI_T M("{\"text\":\"hm\",\"thought\":true" SIG("r") "}," T("a") ",{\"text\":\"b\"" SIG(
			"t") "}," FC(SIG("c")) "," FC("")) "," USER(FR("\"output\":\"x\"") "," FR("\"output\":\"y\"")) "]");
	/* A signed part without text. */
	expect_contents("",
		"[" HI REPLY(TEXT("a") "," SIGNED(
			"text", "", MODEL, "t")) "," USER(TEXT("b")) "]",
		"[" HI_T M(T("a") ",{\"text\":\"\"" SIG("t") "}") "," USER(
			T("b")) "]");
	/* Thoughts without a signature are sent if they are this model's
	 * own. */
	expect_contents("",
		"[" HI REPLY(THOUGHT("hm") "," TEXT("a")) "," USER(
			TEXT("b")) "]",
		"[" HI_T M("{\"text\":\"hm\",\"thought\":true}," T(
			"a")) "," USER(T("b")) "]");
	expect_contents("",
		"[" HI OTHER(STEP SIGNED("reasoning", "hm", "gemini-x",
			"r") "," SIGNED("text", "a", "gemini-x",
			"t") "," CALL_META("gemini-x", "c")) "]",
		"[" HI_T M(T("a") "," FC("")) "," USER(
			FR("\"output\":\"x\"")) "]");
	/* The same model with another provider has other signatures. */
	expect_contents("",
		"[" HI REPLY(STEP
			"{\"type\":\"tool-f\",\"toolCallId\":\"c\","
			"\"state\":\"output-available\",\"input\":{\"a\":1},"
			"\"output\":\"x\",\"callProviderMetadata\":{\"google\":{"
			"\"model\":\"" MODEL
			"\",\"thoughtSignature\":\"s\"}}}") "]",
		"[" HI_T M(FC("")) "," USER(FR("\"output\":\"x\"")) "]");
	/* A model without reasoning gets no signature. */
	expect_contents("reasoning=off",
		"[" HI REPLY(STEP SIGNED(
			"reasoning", "hm", MODEL, "r") "," SIGNED("text", "b",
			MODEL, "t") "," CALL_META(MODEL, "c")) "]",
		"[" HI_T M(T("b") "," FC("")) "," USER(
			FR("\"output\":\"x\"")) "]");
	/* A model that requires a signature with every step gets the
	 * substitute. */
	expect_contents("reasoning=always",
		"[" HI OTHER(STEP CALL("\"output\":\"x\"") "," CALL(
			"\"output\":\"y\"") "," STEP CALL_META(MODEL, "c")) "]",
		"[" HI_T M(FC(SIG("skip_thought_signature_validator")) "," FC("")) "," USER(
			FR("\"output\":\"x\"") "," FR(
				"\"output\":\"y\"")) "," M(FC(SIG("c"))) "," USER(FR("\"output\":\"x\"")) "]");
	/* So does a call that was cut off before its own signature came. */
	expect_contents("", "[" HI REPLY(STEP THOUGHT("hm") "," FAILED) "]",
		"[" HI_T M("{\"text\":\"hm\",\"thought\":true}," FC(SIG(
			"skip_thought_signature_validator"))) "," USER(FR("\"error\":\"cut off\"")) "]");
	expect_contents("", "[" HI REPLY(STEP FAILED) "]",
		"[" HI_T M(FC("")) "," USER(FR("\"error\":\"cut off\"")) "]");
}

/* The model's own call ids go back, generated ones do not. */
static void
test_own_call_ids_go_back(void **state)
{
	(void)state;
	expect_contents("",
		"[" HI REPLY(STEP CALL(
			"\"output\":\"x\",\"callProviderMetadata"
			"\":{\"google\":{\"kind\":\"gemini\",\"model\":\"" MODEL
			"\",\"id\":\"q7\"}}")) "]",
		"[" HI_T M(
			"{\"functionCall\":{\"id\":\"q7\",\"name\":\"f\","
			"\"args\":{\"a\":1}}}") "," USER("{\"functionResponse\":{\"id\":\"q7\",\"name\":"
							 "\"f\",\"response\":{\"output\":\"x\"}}}") "]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text_becomes_one_part_per_step),
		cmocka_unit_test(test_files_by_type_and_address),
		cmocka_unit_test(test_calls_are_followed_by_their_results),
		cmocka_unit_test(test_signatures_return_to_their_model),
		cmocka_unit_test(test_own_call_ids_go_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
