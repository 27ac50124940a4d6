/* Stored conversations as OpenAI Responses requests. */

#include "../unit.h"
#include "../wire/vector.h"
#include "ask.h"

/* ---- the whole body */

static void
test_plain_question(void **state)
{
	(void)state;
	responses_expect(
		(struct responses_asked){ &responses_plain, "", false, 0 },
		ASKED, NULL,
		"{\"model\":\"m\",\"input\":[" IN(
			"Hi") "],\"stream\":true,"
			      "\"store\":false,\"include\":[\"reasoning.encrypted_content\"]}");
}

static void
test_settings_become_members(void **state)
{
	struct llm_settings settings = responses_plain;

	(void)state;
	settings.system_prompt = "Be brief.";
	settings.temperature = span_of("0.5");
	settings.max_tokens = span_of("100");
	responses_expect((struct responses_asked){ &settings, "", false, 0 },
		"[{\"role\":\"system\",\"parts\":[" TEXT(
			"And kind.") "]}," USER(TEXT("Hi")) "]",
		NULL,
		"{\"model\":\"m\",\"instructions\":\"Be brief.\\n\\nAnd kind.\","
		"\"input\":[" IN(
			"Hi") "],\"max_output_tokens\":100,"
			      "\"temperature\":0.5,\"stream\":true,\"store\":false,"
			      "\"include\":[\"reasoning.encrypted_content\"]}");
	responses_expect((struct responses_asked){ &settings,
				 "temperature=off max_tokens=off reasoning=off",
				 false, 0 },
		ASKED, NULL,
		"{\"model\":\"m\",\"instructions\":\"Be brief.\",\"input\":[" IN(
			"Hi") "],\"stream\":true,\"store\":false}");
	responses_expect((struct responses_asked){ &settings,
				 "system=developer", false, 0 },
		ASKED, "input",
		"[{\"type\":\"message\",\"role\":\"developer\",\"content\":["
		"{\"type\":\"input_text\",\"text\":\"Be brief.\"}]}," IN(
			"Hi") "]");
	responses_expect(
		(struct responses_asked){ &settings, "system=user", false, 0 },
		ASKED, "input",
		"[" PERSON(SAID("input_text", "Be brief.") "," SAID(
			"input_text", "Hi")) "]");
}

static void
test_options_replace_members(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_settings settings = responses_plain;
	struct responses_asked asked = { &settings, "", false, 0 };

	(void)state;
	settings.temperature = span_of("1");
	settings.max_tokens = span_of("100");
	settings.option_list = vector_json(&arena,
		span_of("{\"model\":\"other\",\"max_tokens\":7,\"temperature\":"
			"null,\"reasoning_effort\":\"low\",\"store\":true,"
			"\"include\":null,\"top_p\":0.9}"));
	responses_expect(asked, ASKED, NULL,
		"{\"model\":\"other\",\"max_output_tokens\":7,\"reasoning\":{"
		"\"effort\":\"low\",\"summary\":\"auto\"},\"store\":true,"
		"\"top_p\":0.9,\"input\":[" IN("Hi") "],\"stream\":true}");
	settings.option_list = vector_json(&arena,
		span_of("{\"reasoning_effort\":\"low\",\"max_tokens\":7,"
			"\"reasoning\":{\"effort\":\"high\"},"
			"\"max_output_tokens\":8}"));
	responses_expect(asked, ASKED, "reasoning", "{\"effort\":\"high\"}");
	responses_expect(asked, ASKED, "max_output_tokens", "8");
	asked.takes = "reasoning=off";
	responses_expect(asked, ASKED, "reasoning", NULL);
	arena_reset(&arena);
}

static void
test_tools_in_this_form(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_settings settings = responses_plain;
	struct responses_asked asked = { &settings, "", false, 0 };

	(void)state;
	settings.tools = span_of(
		"[{\"type\":\"function\",\"function\":{\"name\":\"a\","
		"\"description\":\"A\",\"parameters\":{\"type\":\"object\"}}},"
		"{\"type\":\"function\",\"function\":{\"name\":\"b\","
		"\"strict\":true}}]");
	responses_expect(asked, ASKED, "tools",
		"[{\"type\":\"function\",\"name\":\"a\",\"description\":\"A\","
		"\"parameters\":{\"type\":\"object\"},\"strict\":false},"
		"{\"type\":\"function\",\"name\":\"b\",\"parameters\":{\"type\":"
		"\"object\",\"properties\":{}},\"strict\":true}]");
	responses_expect(asked, ASKED, "tool_choice", "\"auto\"");
	settings.option_list = vector_json(
		&arena, span_of("{\"tools\":[{\"type\":\"web_search\"}]}"));
	settings.tools = span_of("[{\"type\":\"function\",\"function\":{"
				 "\"name\":\"a\"}}]");
	responses_expect(asked, ASKED, "tools",
		"[{\"type\":\"web_search\"},{\"type\":\"function\",\"name\":"
		"\"a\",\"parameters\":{\"type\":\"object\",\"properties\":{}},"
		"\"strict\":false}]");
	asked.last = true;
	responses_expect(asked, ASKED, "tool_choice", "\"none\"");
	asked.takes = "tool_choice=off";
	responses_expect(asked, ASKED, "tools", NULL);
	asked.takes = "tools=off";
	asked.last = false;
	responses_expect(asked, ASKED, "tools", NULL);
	responses_expect(asked, ASKED, "tool_choice", NULL);
	arena_reset(&arena);
}

/* ---- user messages */

#define FILE(type, name, url)                                                  \
	"{\"type\":\"file\",\"mediaType\":\"" type "\"," name "\"url\":\"" url \
	"\"}"
#define NAME "\"filename\":\"f.x\","

static void
test_files_by_type_and_address(void **state)
{
	(void)state;
	responses_expect_input(
		"[" USER(TEXT("a") "," FILE("image/png", NAME,
			"data:image/png;base64,iVBORw0KGgo=")) "]",
		"[" PERSON(SAID("input_text",
			"a") ","
			     "{\"type\":\"input_image\",\"image_url\":"
			     "\"data:image/png;base64,iVBORw0KGgo=\",\"detail\":"
			     "\"auto\"}") "]");
	responses_expect_input("[" USER(FILE("image/png", NAME,
				       "https://x.example/a.png")) "]",
		"[" PERSON(
			"{\"type\":\"input_image\",\"image_url\":"
			"\"https://x.example/a.png\",\"detail\":\"auto\"}") "]");
	responses_expect_input("[" USER(FILE("application/pdf", NAME,
				       "data:application/pdf;base64,AAAA")) "]",
		"[" PERSON(
			"{\"type\":\"input_file\",\"filename\":\"f.x\","
			"\"file_data\":\"data:application/pdf;base64,AAAA\"}") "]");
	responses_expect_input("[" USER(FILE("application/pdf", "",
				       "data:application/pdf;base64,AAAA")) "]",
		"[" PERSON("{\"type\":\"input_file\",\"filename\":"
			   "\"document.pdf\",\"file_data\":"
			   "\"data:application/pdf;base64,AAAA\"}") "]");
	/* Files by address, and files that cannot be sent, are described in
	 * words. */
	responses_expect_input("[" USER(FILE("application/pdf", NAME,
				       "http://169.254.169.254/")) "]",
		"[" IN("[The attached file \\\"f.x\\\" (application/pdf) cannot "
		       "be read by this model.]") "]");
	responses_expect_input("[" USER(FILE("audio/wav", NAME,
				       "data:audio/wav;base64,AAAA")) "]",
		"[" IN("[The attached file \\\"f.x\\\" (audio/wav) cannot be "
		       "read by this model.]") "]");
	responses_expect((struct responses_asked){ &responses_plain,
				 "images=off", false, 0 },
		"[" USER(FILE("image/png", NAME,
			"data:image/png;base64,iVBORw0KGgo=")) "]",
		"input",
		"[" IN("[The attached file \\\"f.x\\\" (image/png) cannot be "
		       "read by this model.]") "]");
}

/* ---- model messages and calls */

static void
test_replies_become_items(void **state)
{
	(void)state;
	responses_expect_input(
		"[" USER(TEXT("a")) "," MODEL(STEP
			"," TEXT("b") "," TEXT("c")) "," USER(TEXT("d")) "]",
		"[" IN("a") "," OUT("bc") "," IN("d") "]");
	/* Steps without calls become one message, as chat templates require. */
	responses_expect_input(
		"[" USER(TEXT("a")) "," MODEL(STEP "," TEXT(
			"b") "," STEP "," TEXT("c")) "," USER(TEXT("d")) "]",
		"[" IN("a") "," OUT("bc") "," IN("d") "]");
	responses_expect_input(
		"[" USER(TEXT("a")) "," MODEL(STEP "," TEXT("b") "," CALL(
			"c1", "") "," CALL("c2",
			"") "," STEP "," TEXT("c")) "," USER(TEXT("d")) "]",
		"[" IN("a") "," OUT("b") "," CALLED("c1") "," CALLED("c2") "," GAVE(
			"c1") "," GAVE("c2") "," OUT("c") "," IN("d") "]");
	responses_expect_input("[" USER(TEXT("a")) "," MODEL(
				       CALL("c1", "")) "," USER(TEXT("d")) "]",
		"[" IN("a") "," CALLED("c1") "," GAVE("c1") "," OUT(
			"[This reply ended here.]") "," IN("d") "]");
	responses_expect((struct responses_asked){ &responses_plain,
				 "tools=off", false, 0 },
		"[" USER(TEXT("a")) "," MODEL(CALL("c1", "")) "," USER(
			TEXT("d")) "]",
		"input",
		"[" IN("a") "," OUT(
			"[The tool time was called with "
			"{\\\"a\\\":1} and gave: noon]\\n\\n") "," IN("d") "]");
}

static void
test_phases_go_back(void **state)
{
	static const char phased[] =
		"{\"type\":\"text\",\"text\":\"b\","
		"\"providerMetadata\":" OWN("\"phase\":\"commentary\"") "}";
	struct buf conversation = BUF_INIT;

	(void)state;
	buf_printf(&conversation,
		"[%s,{\"role\":\"assistant\",\"parts\":[%s,%s]},%s]",
		USER(TEXT("a")), phased, TEXT("c"), USER(TEXT("d")));
	responses_expect_input(buf_str(&conversation),
		"[" IN("a") ",{\"type\":\"message\",\"role\":\"assistant\","
			    "\"content\":[" SAID("output_text",
				    "b") "],\"phase\":"
					 "\"commentary\"}," OUT("c") "," IN(
						 "d") "]");
	buf_free(&conversation);
}

/* The abilities that a refusal may be about. */
static void
test_abilities_that_the_request_used(void **state)
{
	struct arena arena = ARENA_INIT;
	struct buf body = BUF_INIT;
	struct llm_settings settings = responses_plain;
	struct responses_asked asked = { &settings, "", false, 0 };

	(void)state;
	settings.temperature = span_of("1");
	settings.max_tokens = span_of("9");
	settings.system_prompt = "s";
	responses_build(&arena, &asked,
		"[" USER(FILE("image/png", NAME,
			"data:image/png;base64,iVBORw0KGgo=")) "]",
		&body);
	assert_int_equal(asked.had,
		TAKES_BIT(TAKES_TEMPERATURE) | TAKES_BIT(TAKES_MAX_TOKENS) |
			TAKES_BIT(TAKES_SYSTEM) | TAKES_BIT(TAKES_IMAGES) |
			TAKES_BIT(TAKES_REASONING));
	buf_free(&body);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain_question),
		cmocka_unit_test(test_settings_become_members),
		cmocka_unit_test(test_options_replace_members),
		cmocka_unit_test(test_tools_in_this_form),
		cmocka_unit_test(test_files_by_type_and_address),
		cmocka_unit_test(test_replies_become_items),
		cmocka_unit_test(test_phases_go_back),
		cmocka_unit_test(test_abilities_that_the_request_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
