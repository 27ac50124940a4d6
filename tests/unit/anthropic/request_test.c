/* Stored conversations as Anthropic requests. tests/wires compares their
 * meaning with the SDK's; this file tests the rest. */

#include "../llm/asking.h"
#include "../unit.h"
#include "anthropic/wire.h"
#include "llm/settings_load.h"

#include <string.h>

#define TOOL                                                                                 \
	"[{\"type\":\"function\",\"function\":{\"name\":\"f\","                              \
	"\"description\":\"d\",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{}" \
	"}}}}]"

#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define HELLO "[" TEXT("Hello") "]"
#define MARK ",\"cache_control\":{\"type\":\"ephemeral\"}"

static void
test_members_follow_the_settings(void **state)
{
	static const char *const parts[] = { HELLO };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.system_prompt = "Be brief.";
	a.settings.tools = span_of(TOOL);
	a.settings.temperature = span_of("0.5");
	asking_options(&a,
		"{\"top_k\":5,\"thinking\":{\"type\":\"adaptive\"},"
		"\"tools\":[{\"type\":\"web_search_20250305\","
		"\"name\":\"web_search\"}],\"gone\":null}");
	asking_write(&a, parts, 1);
	assert_string_equal(buf_str(&a.body),
		"{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":64000,"
		"\"temperature\":0.5,\"top_k\":5,\"thinking\":{\"type\":"
		"\"adaptive\"},\"tools\":[{\"name\":\"f\",\"description\":"
		"\"d\",\"input_schema\":{\"type\":\"object\",\"properties\":{"
		"\"a\":{}}}" MARK "},{\"type\":\"web_search_20250305\","
		"\"name\":\"web_search\"}],\"system\":[{\"type\":\"text\","
		"\"text\":\"Be brief.\"" MARK "}],\"messages\":[{\"role\":"
		"\"user\",\"content\":[{\"type\":\"text\",\"text\":"
		"\"Hello\"" MARK "}]}],\"stream\":true}");
	assert_true((a.asked.had & TAKES_BIT(TAKES_CACHE)) != 0);
	assert_true((a.asked.had & TAKES_BIT(TAKES_TEMPERATURE)) != 0);
	assert_true((a.asked.fixed & TAKES_BIT(TAKES_SYSTEM)) != 0);
	asking_end(&a);
}

/* Applies what a refusal has taught. */
static void
test_learned_limits_are_applied(void **state)
{
	static const char *const parts[] = { HELLO };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	a.settings.system_prompt = "Be brief.";
	a.settings.tools = span_of(TOOL);
	a.settings.temperature = span_of("0.5");
	assert_int_equal(llm_takes_read(&a.ask.takes,
				 span_of("cache=off temperature=off tools=off "
					 "max_tokens=off"),
				 false),
		OK);
	asking_write(&a, parts, 1);
	assert_string_equal(buf_str(&a.body),
		"{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":4096,"
		"\"system\":[{\"type\":\"text\",\"text\":\"Be brief.\"}],"
		"\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":"
		"\"text\",\"text\":\"Hello\"}]}],\"stream\":true}");
	asking_end(&a);
}

static void
test_max_tokens_by_model_and_setting(void **state)
{
	static const struct {
		const char *model, *setting, *options, *tokens;
	} rows[] = {
		{ "claude-opus-4-20250514", NULL, "{}", "32000" },
		{ "claude-opus-4-5", NULL, "{}", "64000" },
		{ "anthropic/claude-3-5-haiku-latest", NULL, "{}", "8192" },
		{ "claude-3-haiku-20240307", NULL, "{}", "4096" },
		{ "some-other", NULL, "{}", "4096" },
		{ "some-other", "100", "{}", "100" },
		{ "some-other", "100", "{\"max_tokens\":7}", "7" },
	};
	static const char *const parts[] = { HELLO };
	struct asking a;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
		a.settings.model = rows[i].model;
		a.settings.max_tokens = span_of(rows[i].setting);
		asking_options(&a, rows[i].options);
		asking_write(&a, parts, 1);
		asking_expect(&a, "max_tokens", rows[i].tokens);
		asking_end(&a);
	}
}

#define FILE_OF(type, url) \
	"{\"type\":\"file\",\"mediaType\":\"" type "\",\"url\":\"" url "\""
#define PNG "data:image/png;base64,iVBORw0KGgo="

static void
test_files_by_type_and_address(void **state)
{
	static const char *const parts[] = { "[" FILE_OF(
		"image/png", PNG) "}," FILE_OF("image/jpeg",
		"https://x.example/a.jpg") "}," FILE_OF("application/pdf",
		"data:application/pdf;base64,"
		"JVBERi0=") ",\"filename\":\"a.pdf\"}," FILE_OF("application/pdf",
		"https://x.example/b.pdf") "}," FILE_OF("image/svg+xml",
		"data:image/svg+xml;base64,PHN2Zz4=") "}," FILE_OF("text/plain",
		"data:text/plain;base64,aGk=") "}," FILE_OF("audio/wav",
		"data:audio/wav;base64,UklGRg==") "}," TEXT("what?") "]" };
	struct asking a;

	(void)state;
	asking_begin(&a, CONF_ANTHROPIC, "claude-sonnet-4-5");
	asking_write(&a, parts, 1);
	asking_expect(&a, "messages",
		"[{\"role\":\"user\",\"content\":[{\"type\":\"image\","
		"\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\","
		"\"data\":\"iVBORw0KGgo=\"}},{\"type\":\"image\",\"source\":{"
		"\"type\":\"url\",\"url\":\"https://x.example/a.jpg\"}},{"
		"\"type\":\"document\",\"source\":{\"type\":\"base64\","
		"\"media_type\":\"application/pdf\",\"data\":\"JVBERi0=\"},"
		"\"title\":\"a.pdf\"},{\"type\":\"document\",\"source\":{"
		"\"type\":\"url\",\"url\":\"https://x.example/b.pdf\"}},{"
		"\"type\":\"text\",\"text\":\"[The attached file "
		"(image/svg+xml) cannot be read by this model.]\"},{\"type\":"
		"\"text\",\"text\":\"hi\"},{\"type\":\"text\",\"text\":\"[The "
		"attached file (audio/wav) cannot be read by this model.]\"},"
		"{\"type\":\"text\",\"text\":\"what?\"" MARK "}]}]");
	asking_end(&a);
}

/* Members that the wire writes are refused in llm.options. */
static void
test_reserved_options_are_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	struct llm_conf conf = { .kind = CONF_ANTHROPIC,
		.base_url = "",
		.model = "m",
		.system_prompt = "",
		.temperature = "",
		.max_tokens = "",
		.takes = "",
		.tools_file = "",
		.options = "{\"system\":\"x\"}" };
	struct llm_settings settings;

	(void)state;
	assert_int_equal(
		llm_settings_load(&arena, &conf, &settings), ERR_INVALID);
	conf.options = "{\"n\":1}";
	assert_int_equal(llm_settings_load(&arena, &conf, &settings), OK);
	assert_int_equal(settings.kind, CONF_ANTHROPIC);
	arena_reset(&arena);
}

/* Every usual form of the address works. */
static void
test_every_form_of_the_address(void **state)
{
	static const char *const rows[][2] = {
		{ "https://api.anthropic.com",
			"https://api.anthropic.com/v1/messages" },
		{ "https://api.anthropic.com/v1",
			"https://api.anthropic.com/v1/messages" },
		{ "https://x.example/api/anthropic",
			"https://x.example/api/anthropic/v1/messages" },
		{ "http://[::1]:8080/v12", "http://[::1]:8080/v12/messages" },
		{ "http://v1", "http://v1/messages" },
	};
	struct buf url = BUF_INIT;

	(void)state;
	for (size_t i = 0; i < LENGTH(rows); i++) {
		buf_clear(&url);
		buf_puts(&url, rows[i][0]);
		wire_anthropic.put_path(&url, "m");
		assert_string_equal(buf_str(&url), rows[i][1]);
	}
	buf_free(&url);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members_follow_the_settings),
		cmocka_unit_test(test_learned_limits_are_applied),
		cmocka_unit_test(test_max_tokens_by_model_and_setting),
		cmocka_unit_test(test_files_by_type_and_address),
		cmocka_unit_test(test_reserved_options_are_refused),
		cmocka_unit_test(test_every_form_of_the_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
