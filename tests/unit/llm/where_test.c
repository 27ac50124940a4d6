/* where_test.c: what is the address of a model's server, and what it is the
 * address of when more was pasted. */

#include "llm/where.h"

#include "base/attr.h"

#include "../unit.h"

#include <string.h>

static void
an_address_is_http_a_host_and_carries_no_secret(void **state)
{
	static const struct {
		const char *text;
		bool is_one;
	} texts[] = {
		{ "https://api.openai.com/v1", true },
		{ "http://[::1]:11434/v1", true },
		{ "http://host", true },
		{ "ftp://host/v1", false },
		{ "host/v1", false },
		{ "https://name@host/v1", false },
		{ "https://:secret@host/v1", false },
		{ "https://host/v1?key=1", false },
		{ "https://host/v1#a", false },
		{ "https://", false },
		{ "", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_int_equal(
			where_is_base_url(texts[i].text), texts[i].is_one);
}

static void
the_path_of_the_requests_does_not_belong_to_it(void **state)
{
	static const struct {
		enum conf_kind kind;
		const char *url, *base;
	} urls[] = {
		{ CONF_OPENAI, "http://h/v1", "http://h/v1" },
		{ CONF_OPENAI, "http://h/v1//", "http://h/v1" },
		{ CONF_OPENAI, "http://h/v1/chat/completions", "http://h/v1" },
		{ CONF_OPENAI, "http://h/v1/chat/completions/", "http://h/v1" },
		{ CONF_OPENAI, "http://h/chat/completions", "http://h" },
		{ CONF_OPENAI, "http://h/responses", "http://h/responses" },
		{ CONF_OPENAI, "", "" },
		{ CONF_RESPONSES, "http://h/v1/responses", "http://h/v1" },
		{ CONF_RESPONSES, "", "https://api.openai.com/v1" },
		{ CONF_ANTHROPIC, "https://h/v1/messages", "https://h" },
		{ CONF_ANTHROPIC, "https://h/v1", "https://h/v1" },
		{ CONF_GEMINI,
			"https://h/v1beta/models/m:streamGenerateContent",
			"https://h/v1beta" },
		{ CONF_GEMINI, "https://h/v1beta", "https://h/v1beta" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(urls); i++) {
		const struct llm_conf conf = { .kind = urls[i].kind,
			.base_url = urls[i].url,
			.model = "m" };
		struct span base = where_base(&conf);

		assert_int_equal(base.len, strlen(urls[i].base));
		assert_memory_equal(base.data, urls[i].base, base.len);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			an_address_is_http_a_host_and_carries_no_secret),
		cmocka_unit_test(
			the_path_of_the_requests_does_not_belong_to_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
