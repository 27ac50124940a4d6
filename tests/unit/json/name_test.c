/* name_test.c: valid names, and names that count as the same. */

#include "json/name.h"

#include "../unit.h"
#include "base/attr.h"

#include <string.h>

static struct arena arena = ARENA_INIT;

/* "" if it is invalid. */
static const char *
read_as(const char *text, bool key)
{
	struct span name, found;

	if (!name_read(&arena, span_of(text), &name, &found))
		return "";
	return key ? found.data : name.data;
}

static void
assert_name(const char *text)
{
	if (*read_as(text, false) == '\0')
		fail_msg("\"%s\" is a name", text);
}

static void
assert_none(const char *text)
{
	if (*read_as(text, false) != '\0')
		fail_msg("\"%s\" is no name", text);
}

static void
test_ascii_names_are_unchanged(void **state)
{
	static const char *const bad[] = { "", "an", "ann ", " ann", "a nn",
		"ann\n", "ann!", "ann/..", "<ann>", "ann\x7f", "ann%", "ann'--",
		"0123456789012345678901234567890123456789012345678901234567890"
		"1234" };

	(void)state;
	assert_string_equal(
		read_as("A.n_n-2@Example.org", false), "A.n_n-2@Example.org");
	assert_string_equal(
		read_as("A.n_n-2@Example.org", true), "a.n_n-2@example.org");
	assert_name("0123456789012345678901234567890123456789012345678901234567"
		    "890123");
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_none(bad[i]);
	assert_false(name_read(&arena, (struct span){ "an\0n", 4 },
		&(struct span){ 0 }, &(struct span){ 0 }));
}

static void
test_names_of_all_scripts_are_valid(void **state)
{
	static const char *const good[] = { "Zo\u00eb", "Jos\u00e9",
		"\u0141ukasz", "Ngu\u1ec5n", "\u041e\u043b\u044c\u0433\u0430",
		"\u0391\u03bb\u03ad\u03be\u03b7\u03c2", "\u674e\u660e",
		"\u738b\u5c0f\u660e88", "\u3055\u304f\u3089\u30b5\u30af\u30e9",
		"\u7530\u4e2d\u30b1\u30f3", "\u30e9\u30fc\u30e1\u30f3",
		"\uae40\ucca0\uc218", "\u0645\u062d\u0645\u062f",
		"\u0645\u062d\u0645\u062f\u0661\u0662", "\u05d3\u05d5\u05d3.7",
		"\u0930\u093e\u092e", "\u0e2a\u0e21\u0e0a\u0e32\u0e22",
		"\u10d2\u10d8\u10dd\u10e0\u10d2\u10d8",
		"\u0531\u0580\u0561\u0574", "\u738b-david",
		"\U00020000\U00020001" };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		assert_name(good[i]);
}

static void
test_invalid_names_are_refused(void **state)
{
	static const char *const bad[] = {
		"\u738b", /* only one character */
		"p\u0430ypal", /* a Cyrillic letter among Latin ones */
		"\u0430\u03b1\u0430", /* Cyrillic and Greek */
		/* Three scripts that are not written together. */
		"\u738b\uae40\u3042",
		"\u0660\u06f1\u0662", /* digits of two kinds */
		"ann\u0661", /* right-to-left digits in a left-to-right name */
		/* Mixed digits in a right-to-left name. */
		"\u0645\u062d1\u0661",
		/* A right-to-left name must begin with a letter. */
		"7\u05d3\u05d5\u05d3",
		"\u0301nn\u00e9", /* begins with a mark */
		"e\u0301\u0302\u0303\u0304nn", /* too many marks */
		"an\u200bn\u00e9",
		"an\u00adn\u00e9",
		"\u202eann\u00e9",
		"\ufeffann\u00e9",
		"an\u200dn\u00e9", /* invisible */
		"\U0001f600\U0001f600",
		"\u00a9\u00e9\u00e9",
		"\u2167\u00e9\u00e9", /* signs */
		"\U0001d4d0\U0001d4d1\U0001d4d2",
		"\u2460\u00e9\u00e9",
		"\ufb01ne", /* compatibility forms */
		"\u0627\ufdf2",
		"\u1100\u1101\u1102",
		"\u3164\u3164",
		"ann\u3000\u00e9",
		"\u00e4\u00f6\n",
		"\xff\xfe\xfd",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		assert_none(bad[i]);
}

static void
test_the_sentence_names_the_fault(void **state)
{
	static const struct {
		const char *text, *rule;
	} bad[] = {
		{ "", "too_short" },
		{ "an", "too_short" },
		{ "\u738b", "too_short" },
		{ "0123456789012345678901234567890123456789012345678901234567"
		  "8901234",
			"too_long" },
		{ "a nn", "signs" },
		{ "\U0001f600\U0001f600", "signs" },
		{ "p\u0430ypal", "scripts" },
		{ "\u0660\u06f1\u0662", "scripts" },
		{ "e\u0301\u0302\u0303\u0304nn", "order" },
		{ "7\u05d3\u05d5\u05d3", "order" },
		{ "\xff\xfe\xfd", "signs" },
	};

	struct span name, key;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++) {
		const struct name_fault *fault =
			name_fault(&arena, span_of(bad[i].text), &name, &key);

		assert_non_null(fault);
		if (strcmp(fault->rule, bad[i].rule) != 0)
			fail_msg("\"%s\" of \"%s\"", fault->rule, bad[i].text);
	}
	assert_null(name_fault(&arena, span_of("Ann"), &name, &key));
}

/* Both names of each line are the same. */
static void
test_lookalikes_have_one_key(void **state)
{
	static const char *const same[][2] = {
		{ "Zo\u00eb", "ZOE\u0308" }, /* case, normalisation */
		{ "\uff21\uff2e\uff2e", "ann" }, /* width */
		{ "\uff76\uff9e\uff77\uff9e", "\u30ac\u30ae" },
		{ "stra\u00dfe", "STRASSE" },
		{ "\u03a3\u03a3\u03a3", "\u03c3\u03c3\u03c2" },
		{ "\u0430\u0441\u0435", "ace" }, /* all Cyrillic */
		{ "\u0412\u041e\u0412\u0410", "BOBA" },
		{ "\u039d\u0399\u039a\u039f", "\u03bd\u03b9\u03ba\u03bf" },
		{ "\u03bf\u03c1\u03b1", "opa" }, /* Greek */
		{ "\u0561\u057d\u0585", "\u0561\u057d\u0585" },
		{ "d\u0131ana", "diana" },
		{ "\u30ab\u30cb\u30cf", "\u529b\u4e8c\u516b" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(same); i++) {
		assert_name(same[i][0]);
		assert_string_equal(
			read_as(same[i][0], true), read_as(same[i][1], true));
	}
	assert_string_not_equal(
		read_as("Zo\u00eb", true), read_as("Zoe", true));
	assert_string_not_equal(
		read_as("\u674e\u660e", true), read_as("\u674e\u540d", true));
}

/* A stored name is valid, and remains unchanged. */
static void
test_stored_name_stays_unchanged(void **state)
{
	static const char *const names[] = { "ZOE\u0308", "\uff21\uff2e\uff2e",
		"\uff76\uff9e\uff77\uff9e", "d\u0131ana",
		"\u0645\u062d\u0645\u062f" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		const char *kept = read_as(names[i], false);

		assert_string_equal(read_as(kept, false), kept);
		assert_string_equal(
			read_as(kept, true), read_as(names[i], true));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ascii_names_are_unchanged),
		cmocka_unit_test(test_names_of_all_scripts_are_valid),
		cmocka_unit_test(test_invalid_names_are_refused),
		cmocka_unit_test(test_the_sentence_names_the_fault),
		cmocka_unit_test(test_lookalikes_have_one_key),
		cmocka_unit_test(test_stored_name_stays_unchanged),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_reset(&arena);
	return failed;
}
