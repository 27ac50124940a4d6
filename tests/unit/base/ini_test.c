/* ini_test.c: one key of a settings file changed, everything else as it was. */

#include "base/ini.h"

#include "../unit.h"

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
	/* Though a commented one stands before it. */
	assert_set("[lamp]\n#watts = 1\nwatts = 5\n", "watts",
		"[lamp]\n#watts = 1\nwatts = 9\n");
}

static void
in_place_of_the_comment(void **state)
{
	(void)state;
	assert_set("[lamp]\n# How bright:\n#watts = 5\n#name =\n", "watts",
		"[lamp]\n# How bright:\nwatts = 9\n#name =\n");
	/* An example in words is none, nor is a longer name. */
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_place_of_the_line_that_sets_it),
		cmocka_unit_test(in_place_of_the_comment),
		cmocka_unit_test(at_the_end_of_its_section),
		cmocka_unit_test(in_a_section_of_its_own),
		cmocka_unit_test(again_changes_nothing),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	arena_reset(&arena);
	return failed;
}
