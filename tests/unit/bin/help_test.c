/* help_test.c: the help of the operator's command. */

#include "../unit.h"
#include "command.h"

static struct arena arena;

static int
lamplight(const char *arguments, const char *input)
{
	return command_run(&arena, arguments, input);
}

static int
teardown(void **state)
{
	(void)state;
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static void
prints_its_help(void **state)
{
	(void)state;
	assert_int_equal(lamplight("--help", ""), 0);
	assert_said("Usage: lamplight COMMAND");
	assert_said("user add NAME");
	assert_int_equal(lamplight("help", ""), 0);
}

/* The help of one command, of those that begin with a word, and of commands
 * with options. */
static void
helps_with_one(void **state)
{
	static const struct {
		const char *arguments, *says, *says_not;
	} cases[] = {
		{ "user add --help", "user add NAME [--admin]", "user role" },
		{ "user --help", "user role NAME admin|user", "provider" },
		{ "provider add -h", "--headers-file FILE", "provider list" },
		{ "model --help", "--price-input 2.50", "Of a provider" },
		{ "check --help", "check settings", "conf KEY" },
		{ "usage --help", "--by user|model|day", "user add" },
		{ "--help provider list", "list providers", "provider add" },
		{ "help usage", "--by user|model|day", "user add" },
		{ "setup --help", "setup [KEY=VALUE]...", "user add" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_int_equal(lamplight(cases[i].arguments, ""), 0);
		assert_said(cases[i].says);
		assert_not_said(cases[i].says_not);
	}
}

/* The date of the newest heading in CHANGELOG.md, and the text after it. */
static void
says_its_version(void **state)
{
	(void)state;
	assert_int_equal(lamplight("--version", ""), 0);
	assert_said("lamplight 20");
	assert_int_equal(lamplight("--version > /dev/full", ""), 1);
}

/* It recognises the intended command, and shows its usage. */
static void
says_how_a_command_is_called(void **state)
{
	static const char *const cases[][2] = {
		{ "user", "user add NAME" },
		{ "user add", "user add NAME" },
		{ "user add --admin", "user add NAME [--admin]" },
		{ "provider add --json", "provider add NAME" },
		{ "user remove a", "user delete NAME" },
		{ "migrate now", "update the tables to the schema" },
		{ "check check", "check settings" },
		{ "usage --by", "--by takes one of user, model and day." },
		{ "usage --by user --by day", "--by takes one of" },
		{ "usage --from 2026-02-30", "--from takes one day" },
		{ "usage --colour red", "There is no option \"--colour\"" },
		{ "stats --colour", "how much is stored" },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		assert_int_equal(lamplight(cases[i][0], ""), 2);
		assert_said(cases[i][1]);
		assert_not_said("LAMPLIGHT_CONF");
	}
	assert_int_equal(
		lamplight("usage --from 2026-02-02 --to 2026-02-01", ""), 1);
	assert_said("--from 2026-02-02 is later than --to 2026-02-01");
}

/* A reader must not mistake half of a list for all of it. */
static void
says_that_it_could_not_say_it(void **state)
{
	static const char *const cases[] = { "--help > /dev/full",
		"usage --help > /dev/full", "model --help > /dev/full" };

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_int_equal(lamplight(cases[i], ""), 1);
}

static void
knows_no_other_command(void **state)
{
	static const char *const arguments[] = { "", "nothing", "add user",
		"--version user", "Migrate", "nothing --help" };

	(void)state;
	for (size_t i = 0; i < LENGTH(arguments); i++) {
		assert_int_equal(lamplight(arguments[i], ""), 2);
		assert_said("Usage: lamplight COMMAND");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_its_help),
		cmocka_unit_test(helps_with_one),
		cmocka_unit_test(says_its_version),
		cmocka_unit_test(says_how_a_command_is_called),
		cmocka_unit_test(says_that_it_could_not_say_it),
		cmocka_unit_test(knows_no_other_command),
	};

	return cmocka_run_group_tests(tests, NULL, teardown);
}
