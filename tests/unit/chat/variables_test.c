/* variables_test.c: the variables of instructions. */

#include "chat/variables.h"

#include "../unit.h"
#include "base/attr.h"

#include <string.h>

static void
expect(const char *text, const char *expected)
{
	const struct variables variables = { .user_name = "Ann {{date}}",
		.site_name = "Lamp",
		.now_ms = INT64_C(1763812800000) };
	struct buf out = BUF_INIT;

	buf_puts(&out, "> ");
	variables_fill(&out, span_of(text), &variables);
	assert_string_equal(buf_str(&out), expected);
	buf_free(&out);
}

static void
each_is_filled_in(void **state)
{
	(void)state;
	expect("", "> ");
	expect("Be brief.", "> Be brief.");
	expect("{{date}}", "> 2025-11-22");
	expect("{{site.name}}, {{date}}: {{date}}.",
		"> Lamp, 2025-11-22: 2025-11-22.");
}

/* A name may contain anything, but it is not expanded again. */
static void
what_was_filled_in_stays(void **state)
{
	(void)state;
	expect("To {{user.name}}!", "> To Ann {{date}}!");
}

static void
all_else_stays_as_it_is_written(void **state)
{
	static const char *const texts[] = { "{", "{{", "{{date", "{{date}",
		"{{Date}}", "{{ date }}", "{{user}}", "{{}}", "}}", "a{b" };

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		char expected[32] = "> ";

		expect(texts[i], strcat(expected, texts[i]));
	}
	expect("{{{date}}}", "> {2025-11-22}");
	expect("{{user.name{{site.name}}", "> {{user.nameLamp");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_filled_in),
		cmocka_unit_test(what_was_filled_in_stays),
		cmocka_unit_test(all_else_stays_as_it_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
