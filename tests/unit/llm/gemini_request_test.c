/* Stored conversations as Gemini requests. */

#include "../unit.h"
#include "conf/conf.h"
#include "llm/gemini.h"
#include "llm/request.h"
#include "vector.h"

#include <string.h>

#define MODEL "gemini-test"

static struct llm_settings
settings_of(struct arena *arena, const char *options)
{
	struct llm_settings settings = { .kind = CONF_GEMINI,
		.model = MODEL,
		.system_prompt = "",
		.context_tokens = 1 << 30 };

	if (options != NULL)
		settings.option_list = vector_json(arena, span_of(options));
	return settings;
}

/* *messages*: [{"role", "parts", "other"?: made by another model}] */
static void
request(struct arena *arena, struct llm_ask *ask, const char *takes,
	const char *messages, struct buf *body, struct llm_asked *asked)
{
	struct span text = span_of(messages);
	const struct json *list = vector_json(arena, text);
	struct llm_message told[20];
	size_t n = json_length(list);

	assert_true(n <= LENGTH(told));
	assert_int_equal(
		llm_takes_read(&ask->takes, span_of(takes), false), OK);
	for (size_t i = 0; i < n; i++) {
		const struct json *message = json_at(list, i);
		struct span role = json_text(json_get(message, "role"));

		told[i] = (struct llm_message){ .role = span_is(role, "user")
				? LLM_USER
				: span_is(role, "system") ? LLM_SYSTEM
							  : LLM_ASSISTANT,
			.parts = json_raw_get(json_raw_at(text, i), "parts"),
			.own = json_get(message, "other") == NULL };
	}
	assert_int_equal(llm_request(arena, ask, told, n, body, asked), OK);
}

static void
expect_contents(const char *takes, const char *messages, const char *contents)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = settings_of(&arena, NULL);
	struct llm_ask ask = { .settings = &settings };
	struct llm_asked asked;

	request(&arena, &ask, takes, messages, &body, &asked);
	assert_same_json(messages, json_raw_get(buf_span(&body), "contents"),
		span_of(contents));
	buf_free(&body);
	arena_reset(&arena);
}

#define USER(parts) "{\"role\":\"user\",\"parts\":[" parts "]}"
#define REPLY(parts) "{\"role\":\"assistant\",\"parts\":[" parts "]}"
#define OTHER(parts) \
	"{\"role\":\"assistant\",\"other\":1,\"parts\":[" parts "]}"
#define STEP "{\"type\":\"step-start\"},"
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
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
#define M(parts) "{\"role\":\"model\",\"parts\":[" parts "]}"
#define FC(more) \
	"{\"functionCall\":{\"name\":\"f\",\"args\":{\"a\":1}}" more "}"
#define FR(response) \
	"{\"functionResponse\":{\"name\":\"f\",\"response\":{" response "}}}"
#define T(text) "{\"text\":\"" text "\"}"
#define HI USER(TEXT("hi")) ","
#define HI_T USER(T("hi")) ","

static void
test_text(void **state)
{
	(void)state;
	expect_contents("", "[" USER(TEXT("a") "," TEXT(" ") "," TEXT("b")) "]",
		"[" USER(T("a") "," T("b")) "]");
	/* One part without a signature, whatever it was stored as; of each
	 * step one. */
	expect_contents("",
		"[" HI REPLY(TEXT("Hel") "," TEXT("lo") "," STEP TEXT(
			"x")) "," USER(TEXT("and?")) "]",
		"[" HI_T M(T("Hello") "," T("x")) "," USER(T("and?")) "]");
	/* The person begins and ends. */
	expect_contents("",
		"[" REPLY(TEXT("Welcome")) "," HI REPLY(TEXT("")) "]",
		"[" USER(T("[The conversation begins with your words.]")) "," M(
			T("Welcome")) "," USER(T("hi")) "]");
}

static void
test_files(void **state)
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
	/* By address nothing is sent. */
	expect_contents("",
		"[" USER("{\"type\":\"file\",\"mediaType\":\"image/png\","
			 "\"filename\":\"f.png\",\"url\":"
			 "\"https://x.example/f.png\"}") "]",
		"[" USER(T("[The attached file \\\"f.png\\\" (image/png) "
			   "cannot be read by this model.]")) "]");
	/* Nor what the model does not take. */
	expect_contents("pdf=off",
		"[" USER("{\"type\":\"file\",\"mediaType\":\"application/pdf\","
			 "\"filename\":\"f\",\"url\":"
			 "\"data:application/pdf;base64,AAAA\"}") "]",
		"[" USER(T("[The attached file \\\"f\\\" (application/pdf) "
			   "cannot be read by this model.]")) "]");
}

static void
test_calls(void **state)
{
	(void)state;
	expect_contents("",
		"[" HI REPLY(STEP TEXT("I look.") "," CALL(
			"\"output\":{\"t\":20}") "," CALL("\"output\":[1]") "," STEP
				TEXT("20")) "," USER(TEXT("ok")) "]",
		"[" HI_T M(T("I look.") "," FC("") "," FC("")) "," USER(
			FR("\"output\":{\"t\":20}") "," FR(
				"\"output\":[1]")) "," M(T("20")) "," USER(T("ok")) "]");
	/* The results are the last. */
	expect_contents("", "[" HI REPLY(STEP CALL("\"output\":\"x\"")) "]",
		"[" HI_T M(FC("")) "," USER(FR("\"output\":\"x\"")) "]");
	/* Between results and a person the model has a word. */
	expect_contents("",
		"[" HI REPLY(STEP CALL("\"output\":null")) "," USER(
			TEXT("well?")) "]",
		"[" HI_T M(FC("")) "," USER(FR("\"output\":\"null\"")) "," M(T(
			"[This reply ended here.]")) "," USER(T("well?")) "]");
	/* Errors, and a no. */
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
	/* One that was not answered is not told. */
	expect_contents("",
		"[" HI REPLY(STEP TEXT(
			"a") ",{\"type\":\"tool-f\","
			     "\"toolCallId\":\"c\",\"state\":\"input-available\","
			     "\"input\":{}}") "," USER(TEXT("ok")) "]",
		"[" HI_T M(T("a")) "," USER(T("ok")) "]");
	/* In words, where there are no tools. */
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

/* Signatures and thoughts go back in their parts, and to nobody else. */
static void
test_signatures(void **state)
{
	(void)state;
	expect_contents("",
		"[" HI REPLY(STEP SIGNED("reasoning", "hm", MODEL,
			"r") "," TEXT("a") "," SIGNED("text", "b", MODEL,
			"t") "," CALL_META(MODEL,
			"c") "," CALL("\"output\":\"y\"")) "]",
		"[" HI_T M("{\"text\":\"hm\",\"thought\":true" SIG("r") "}," T("a") ",{\"text\":\"b\"" SIG(
			"t") "}," FC(SIG("c")) "," FC("")) "," USER(FR("\"output\":\"x\"") "," FR("\"output\":\"y\"")) "]");
	/* Of a part without words. */
	expect_contents("",
		"[" HI REPLY(TEXT("a") "," SIGNED(
			"text", "", MODEL, "t")) "," USER(TEXT("b")) "]",
		"[" HI_T M(T("a") ",{\"text\":\"\"" SIG("t") "}") "," USER(
			T("b")) "]");
	/* Thoughts of this model without a signature, but not of another. */
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
	/* The same model by another way has other ones. */
	expect_contents("",
		"[" HI REPLY(STEP
			"{\"type\":\"tool-f\",\"toolCallId\":\"c\","
			"\"state\":\"output-available\",\"input\":{\"a\":1},"
			"\"output\":\"x\",\"callProviderMetadata\":{\"google\":{"
			"\"model\":\"" MODEL
			"\",\"thoughtSignature\":\"s\"}}}") "]",
		"[" HI_T M(FC("")) "," USER(FR("\"output\":\"x\"")) "]");
	/* A model that does not think gets none. */
	expect_contents("reasoning=off",
		"[" HI REPLY(STEP SIGNED(
			"reasoning", "hm", MODEL, "r") "," SIGNED("text", "b",
			MODEL, "t") "," CALL_META(MODEL, "c")) "]",
		"[" HI_T M(T("b") "," FC("")) "," USER(
			FR("\"output\":\"x\"")) "]");
	/* One that wants one with every step gets what it takes for one. */
	expect_contents("reasoning=always",
		"[" HI OTHER(STEP CALL("\"output\":\"x\"") "," CALL(
			"\"output\":\"y\"") "," STEP CALL_META(MODEL, "c")) "]",
		"[" HI_T M(FC(SIG("skip_thought_signature_validator")) "," FC("")) "," USER(
			FR("\"output\":\"x\"") "," FR(
				"\"output\":\"y\"")) "," M(FC(SIG("c"))) "," USER(FR("\"output\":\"x\"")) "]");
}

/* Its own ids of calls go back, made ones do not. */
static void
test_ids(void **state)
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

/* ---- settings */

static const char tools[] =
	"[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":"
	"\"does\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{"
	"\"type\":\"integer\"}},\"additionalProperties\":false}}},"
	"{\"type\":\"function\",\"function\":{\"name\":\"g\",\"parameters\":{"
	"\"type\":\"object\",\"properties\":{}}}}]";

#define DECLARED                                                        \
	"{\"functionDeclarations\":[{\"name\":\"f\",\"description\":"   \
	"\"does\",\"parameters\":{\"type\":\"object\",\"properties\":{" \
	"\"a\":{\"type\":\"integer\"}}}},{\"name\":\"g\"}]}"
#define ASKED "\"contents\":[" USER(T("hi")) "]"
#define THINKS "\"thinkingConfig\":{\"includeThoughts\":true}"
#define CONFIG(members) ",\"generationConfig\":{" members "}"

static const struct {
	const char *options, *takes;
	bool tools, last;
	const char *prompt, *max_tokens, *temperature;
	const char *body;
	unsigned had; /* bits */
} bodies[] = {
	{ .body = "{" ASKED CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) },
	{ .prompt = "Be brief.",
		.body = "{\"systemInstruction\":{\"parts\":[" T(
			"Be brief.") "]}," ASKED CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) | TAKES_BIT(TAKES_SYSTEM) },
	{ .prompt = "Be brief.",
		.takes = "system=user",
		.body = "{\"contents\":[" USER(
			T("Be brief.") "," T("hi")) "]" CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) | TAKES_BIT(TAKES_SYSTEM) },
	{ .max_tokens = "100",
		.temperature = "0.5",
		.options = "{\"generationConfig\":{\"topP\":0.9,"
			   "\"maxOutputTokens\":7,\"temperature\":1},"
			   "\"safetySettings\":[],\"x\":null}",
		.body = "{" ASKED CONFIG(
			"\"maxOutputTokens\":100,\"temperature\":0.5,\"topP\":"
			"0.9," THINKS) ",\"safetySettings\":[]}",
		.had = TAKES_BIT(TAKES_REASONING) |
			TAKES_BIT(TAKES_TEMPERATURE) },
	{ .temperature = "0.5",
		.options = "{\"generationConfig\":{\"temperature\":1}}",
		.takes = "temperature=off reasoning=off",
		.body = "{" ASKED CONFIG("") "}" },
	{ .options = "{\"generationConfig\":{\"thinkingConfig\":{"
		     "\"thinkingLevel\":\"low\"}}}",
		.body = "{" ASKED CONFIG("\"thinkingConfig\":{"
					 "\"includeThoughts\":true,"
					 "\"thinkingLevel\":\"low\"}") "}",
		.had = TAKES_BIT(TAKES_REASONING) },
	{ .options = "{\"generationConfig\":{\"thinkingConfig\":{"
		     "\"thinkingBudget\":0}}}",
		.body = "{" ASKED CONFIG("\"thinkingConfig\":{"
					 "\"thinkingBudget\":0}") "}" },
	{ .options = "{\"generation_config\":{\"thinking_config\":{"
		     "\"include_thoughts\":false}}}",
		.body = "{" ASKED CONFIG("\"thinkingConfig\":{}") "}" },
	{ .tools = true,
		.body = "{" ASKED ",\"tools\":[" DECLARED
			"]" CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) | TAKES_BIT(TAKES_TOOLS) },
	{ .tools = true,
		.options = "{\"tools\":[{\"googleSearch\":{}}],\"toolConfig\":{"
			   "\"functionCallingConfig\":{\"mode\":\"ANY\"}}}",
		.body = "{" ASKED ",\"tools\":[" DECLARED
			",{\"googleSearch\":{}}],\"toolConfig\":{"
			"\"functionCallingConfig\":{\"mode\":\"ANY\"}}" CONFIG(
				THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) | TAKES_BIT(TAKES_TOOLS) |
			TAKES_BIT(TAKES_TOOL_CHOICE) },
	{ .tools = true,
		.last = true,
		.options = "{\"toolConfig\":{\"functionCallingConfig\":{"
			   "\"mode\":\"ANY\"}}}",
		.body = "{" ASKED ",\"tools\":[" DECLARED
			"],\"toolConfig\":{\"functionCallingConfig\":{\"mode\":"
			"\"NONE\"}}" CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) | TAKES_BIT(TAKES_TOOLS) |
			TAKES_BIT(TAKES_TOOL_CHOICE) },
	{ .tools = true,
		.last = true,
		.takes = "tool_choice=off",
		.body = "{" ASKED CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) },
	{ .tools = true,
		.takes = "tools=off",
		.options = "{\"tool_config\":{}}",
		.body = "{" ASKED CONFIG(THINKS) "}",
		.had = TAKES_BIT(TAKES_REASONING) },
};

static void
run_body(size_t i)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = settings_of(&arena, bodies[i].options);
	struct llm_ask ask = { .settings = &settings, .last = bodies[i].last };
	const char *takes = bodies[i].takes != NULL ? bodies[i].takes : "";
	struct llm_asked asked;

	if (bodies[i].tools)
		settings.tools = span_of(tools);
	if (bodies[i].prompt != NULL)
		settings.system_prompt = bodies[i].prompt;
	settings.max_tokens = span_of(bodies[i].max_tokens);
	settings.temperature = span_of(bodies[i].temperature);
	request(&arena, &ask, takes, "[" USER(TEXT("hi")) "]", &body, &asked);
	assert_same_json(
		bodies[i].body, buf_span(&body), span_of(bodies[i].body));
	assert_int_equal(asked.had, bodies[i].had);
	buf_free(&body);
	arena_reset(&arena);
}

static void
test_bodies(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++)
		run_body(i);
}

/* ---- where it goes */

static void
test_path(void **state)
{
	static const char *const paths[][2] = {
		{ "gemini-3-pro",
			"/models/gemini-3-pro:streamGenerateContent?alt=sse" },
		{ "tunedModels/x-1",
			"/tunedModels/x-1:streamGenerateContent?alt=sse" },
		{ "a b?c#d:e",
			"/models/a%20b%3Fc%23d%3Ae:streamGenerateContent"
			"?alt=sse" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(paths); i++) {
		struct buf url = BUF_INIT;

		wire_gemini.put_path(&url, paths[i][0]);
		assert_string_equal(buf_str(&url), paths[i][1]);
		buf_free(&url);
	}
}

static void
add_header(void *arg, const char *line)
{
	buf_puts(arg, line);
	buf_putc(arg, ';');
}

static void
test_headers(void **state)
{
	struct buf lines = BUF_INIT;
	const struct wire_headers headers = { add_header, &lines };
	const struct llm_conf conf = { .model = MODEL };

	(void)state;
	wire_gemini.put_headers(&headers, &conf, "");
	wire_gemini.put_headers(&headers, &conf, "k");
	assert_string_equal(buf_str(&lines), "x-goog-api-key: k;");
	buf_free(&lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_headers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
