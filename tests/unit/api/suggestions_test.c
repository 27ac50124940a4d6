/* suggestions_test.c: valid and invalid suggestions for a first message. */

#include "../unit.h"
#include "api/suggestions.h"

#include <stdio.h>
#include <string.h>

static void
test_valid_suggestions_are_accepted(void **state)
{
	static const char *const good[] = { "", "[\"Plan my week\"]",
		"[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\"]",
		"{\"en\": [\"Plan\"], \"pt-BR\": [\"Planeje\"], "
		"\"zh-CN\": [\"\xe8\xae\xa1\xe5\x88\x92\"]}" };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_int_equal(suggestions_check(good[i]), OK);
}

static void
test_invalid_suggestions_are_refused(void **state)
{
	static const char *const bad[] = { "Plan my week", "[]", "{}", "[\"\"]",
		"[1]", "[[\"Plan\"]]", "{\"en\": \"Plan\"}", "{\"en\": []}",
		"{\"e n\": [\"Plan\"]}", "{\"\": [\"Plan\"]}",
		"[\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\"]", "null",
		"[\"\\ud800\"]", "{\"en\": [\"a\"], \"en\": [\"b\"]}",
		"{\"a23456789012345678901234567890123456\": [\"Plan\"]}" };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_int_equal(suggestions_check(bad[i]), ERR_INVALID);
}

/* The limit counts characters, not bytes. */
static void
test_length_is_in_characters(void **state)
{
	char text[800] = "[\"";

	(void)state;
	for (int i = 0; i < SUGGESTION_CHARS_MAX; i++)
		strcat(text, "\xe8\xae\xa1");
	strcat(text, "\"]");
	assert_int_equal(suggestions_check(text), OK);
	strcpy(text + strlen(text) - 2, "x\"]");
	assert_int_equal(suggestions_check(text), ERR_INVALID);
}

static void
test_number_of_languages_is_limited(void **state)
{
	char text[2000] = "{";

	(void)state;
	for (int i = 0; i < SUGGESTION_LANGUAGES_MAX; i++)
		snprintf(text + strlen(text), 40, "%s\"l%d\":[\"a\"]",
			i > 0 ? "," : "", i);
	strcat(text, "}");
	assert_int_equal(suggestions_check(text), OK);
	strcpy(text + strlen(text) - 1, ",\"x\":[\"a\"]}");
	assert_int_equal(suggestions_check(text), ERR_INVALID);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_valid_suggestions_are_accepted),
		cmocka_unit_test(test_invalid_suggestions_are_refused),
		cmocka_unit_test(test_length_is_in_characters),
		cmocka_unit_test(test_number_of_languages_is_limited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
