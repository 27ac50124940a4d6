/* The other members of a Gemini request, and its address. */

#include "../unit.h"
#include "../wire/vector.h"
#include "conf/conf.h"
#include "gemini/wire.h"
#include "sent.h"

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
	unsigned had; /* bits of abilities */
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
	struct llm_settings settings =
		gemini_settings(&arena, bodies[i].options);
	struct llm_ask ask = { .settings = &settings, .last = bodies[i].last };
	const char *takes = bodies[i].takes != NULL ? bodies[i].takes : "";
	struct llm_asked asked;

	if (bodies[i].tools)
		settings.tools = span_of(tools);
	if (bodies[i].prompt != NULL)
		settings.system_prompt = bodies[i].prompt;
	settings.max_tokens = span_of(bodies[i].max_tokens);
	settings.temperature = span_of(bodies[i].temperature);
	gemini_request(
		&arena, &ask, takes, "[" USER(TEXT("hi")) "]", &body, &asked);
	assert_same_json(
		bodies[i].body, buf_span(&body), span_of(bodies[i].body));
	assert_int_equal(asked.had, bodies[i].had);
	buf_free(&body);
	arena_reset(&arena);
}

static void
test_each_body(void **state)
{
	(void)state;
	for (size_t i = 0; i < LENGTH(bodies); i++)
		run_body(i);
}

/* ---- the address */

static void
test_model_name_is_escaped_in_the_path(void **state)
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
test_key_is_sent_as_a_header(void **state)
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
		cmocka_unit_test(test_each_body),
		cmocka_unit_test(test_model_name_is_escaped_in_the_path),
		cmocka_unit_test(test_key_is_sent_as_a_header),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
