/* ini_test.c: parses a settings file, and changes one key, with everything else
 * unchanged. */

#include "base/attr.h"
#include "base/ini.h"

#include "../unit.h"

#include <stdio.h>
#include <string.h>

static struct arena arena;

static void
assert_set(const char *text, const char *key, const char *expected)
{
	struct span out = ini_set(&arena, span_of(text), "lamp", key, "9");

	assert_int_equal(out.len, strlen(out.data));
	assert_string_equal(out.data, expected);
}

static void
in_place_of_the_line_that_sets_it(void **state)
{
	(void)state;
	assert_set("[lamp]\nwatts = 5\nname = x\n", "watts",
		"[lamp]\nwatts = 9\nname = x\n");
	assert_set("  [ lamp ]\n\twatts=5", "watts", "  [ lamp ]\nwatts = 9\n");
	/* Although a commented-out line comes before it. */
	assert_set("[lamp]\n#watts = 1\nwatts = 5\n", "watts",
		"[lamp]\n#watts = 1\nwatts = 9\n");
}

static void
in_place_of_the_comment(void **state)
{
	(void)state;
	assert_set("[lamp]\n# How bright:\n#watts = 5\n#name =\n", "watts",
		"[lamp]\n# How bright:\nwatts = 9\n#name =\n");
	/* Prose is not an example of the key, and neither is a longer name. */
	assert_set("[lamp]\n#   watts = 1\n#watts_max = 2\n#watts = 5\n",
		"watts", "[lamp]\n#   watts = 1\n#watts_max = 2\nwatts = 9\n");
}

static void
at_the_end_of_its_section(void **state)
{
	(void)state;
	assert_set("[lamp]\nname = x\n\n[room]\nwatts = 5\n#watts = 6\n",
		"watts",
		"[lamp]\nname = x\nwatts = 9\n\n[room]\nwatts = 5\n#watts = "
		"6\n");
	assert_set(
		"[lamp]\n\n[room]\n", "watts", "[lamp]\nwatts = 9\n\n[room]\n");
	assert_set("[lamp]", "watts", "[lamp]\nwatts = 9\n");
}

static void
in_a_section_of_its_own(void **state)
{
	(void)state;
	assert_set("", "watts", "[lamp]\nwatts = 9\n");
	assert_set("[room]\nwatts = 5", "watts",
		"[room]\nwatts = 5\n\n[lamp]\nwatts = 9\n");
}

static void
again_changes_nothing(void **state)
{
	struct span once = ini_set(&arena,
		span_of("[room]\n[lamp]\n#watts = 1\n"), "lamp", "watts", "9");

	(void)state;
	assert_set(once.data, "watts", once.data);
}

/* ---- reading */

struct listing {
	char text[512];
};

static enum err
list(const struct ini_entry *entry, void *arg)
{
	struct listing *listing = arg;
	size_t len = strlen(listing->text);

	snprintf(listing->text + len, sizeof(listing->text) - len,
		"%d %s/%s=%s|", entry->line, entry->section, entry->key,
		entry->value);
	return strcmp(entry->key, "stop") == 0 ? ERR_CONFLICT : OK;
}

static enum err
list_text(const char *text, struct listing *listing)
{
	*listing = (struct listing){ 0 };
	return ini_each(&arena, "test.ini", span_of(text), list, listing);
}

static void
takes_a_file_apart(void **state)
{
	struct listing listing;

	(void)state;
	assert_int_equal(
		list_text(
			"a=1\n\n[s]\n b\t=\t2 3 \r\n#c=1\n;d=1\n[t] \ne==\nf=",
			&listing),
		OK);
	assert_string_equal(listing.text, "1 /a=1|4 s/b=2 3|8 t/e==|9 t/f=|");
}

static void
leaves_out_the_quotation_marks_around_a_value(void **state)
{
	static const struct {
		const char *line, *value;
	} lines[] = {
		{ "k = \"gpt-4o\"", "gpt-4o" },
		{ "k='gpt-4o' ", "gpt-4o" },
		{ "k = \" a b \"", " a b " },
		{ "k = \"\"", "" },
		{ "k = \"a\" b", "\"a\" b" },
		{ "k = \"a'", "\"a'" },
		{ "k = \"", "\"" },
		{ "k = \"'a'\"", "'a'" },
		{ "k = [\"a\", \"b\"]", "[\"a\", \"b\"]" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(lines); i++) {
		char expected[64];
		struct listing listing;

		snprintf(
			expected, sizeof(expected), "1 /k=%s|", lines[i].value);
		assert_int_equal(list_text(lines[i].line, &listing), OK);
		assert_string_equal(listing.text, expected);
	}
}

static void
reads_again_what_was_set(void **state)
{
	static const char *const values[] = { "plain", "", "\"quoted\"",
		"'quoted'", " blanks ", "\ttab", "\"", "\"open", "a\"b'c",
		"\"\"", "''", "# = ;" };

	(void)state;
	for (size_t i = 0; i < LENGTH(values); i++) {
		char expected[64];
		struct listing listing;

		snprintf(expected, sizeof(expected), "2 lamp/watts=%s|",
			values[i]);
		assert_int_equal(list_text(ini_set(&arena, span_of(""), "lamp",
						   "watts", values[i])
						   .data,
					 &listing),
			OK);
		assert_string_equal(listing.text, expected);
	}
}

static void
ends_at_the_first_mistake(void **state)
{
	struct listing listing;

	(void)state;
	assert_int_equal(list_text("a=1\nb\nc=1", &listing), ERR_INVALID);
	assert_string_equal(listing.text, "1 /a=1|");
	assert_int_equal(list_text("a=1\nstop=1\nc=1", &listing), ERR_CONFLICT);
	assert_string_equal(listing.text, "1 /a=1|2 /stop=1|");
	assert_int_equal(list_text("", &listing), OK);
	assert_string_equal(listing.text, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_place_of_the_line_that_sets_it),
		cmocka_unit_test(in_place_of_the_comment),
		cmocka_unit_test(at_the_end_of_its_section),
		cmocka_unit_test(in_a_section_of_its_own),
		cmocka_unit_test(again_changes_nothing),
		cmocka_unit_test(takes_a_file_apart),
		cmocka_unit_test(leaves_out_the_quotation_marks_around_a_value),
		cmocka_unit_test(reads_again_what_was_set),
		cmocka_unit_test(ends_at_the_first_mistake),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_reset(&arena);
	return failed;
}
