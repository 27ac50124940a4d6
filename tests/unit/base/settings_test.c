/* settings_test.c: the mechanism, with the test's own table. */

#include "base/settings.h"

#include "../unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct lamp {
	const char *name, *key, *key_file;
	int64_t watts, colour;
	char first; /* of the parsed text */
};

static bool
parse_letter(const char *text, void *out)
{
	*(char *)out = text[0];
	return text[1] == '\0';
}

#define AT(member) offsetof(struct lamp, member)

static const struct settings_key keys[] = {
	{ "lamp", "name", SETTINGS_TEXT, AT(name), "none", 0, 0, "", NULL },
	{ "lamp", "key", SETTINGS_TEXT, AT(key), "", 0, 0, "", NULL },
	{ "lamp", "key_file", SETTINGS_TEXT, AT(key_file), "", 0, 0, "", NULL },
	{ "lamp", "watts", SETTINGS_NUMBER, AT(watts), "5", 1, 60, "W", NULL },
	{ "lamp", "colour", SETTINGS_WORD, AT(colour), "red", 0, 0, "red|blue",
		NULL },
	{ "lamp", "first", SETTINGS_PARSED, AT(first), "a", 0, 0, "a letter",
		parse_letter },
};

static const struct settings_table table = { keys, LENGTH(keys), "TESTLAMP_",
	"/nowhere/testlamp.conf" };

static char path[] = "/tmp/settings_test.XXXXXX";
static struct arena arena;
static struct settings settings;

static int
setup(void **state)
{
	static const char FILE_TEXT[] = "[lamp]\nname = file\nwatts = 7\n";
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0 ||
		write(fd, FILE_TEXT, sizeof(FILE_TEXT) - 1) !=
			(ssize_t)sizeof(FILE_TEXT) - 1)
		return -1;
	close(fd);
	return setenv("TESTLAMP_CONF", path, 1);
}

static int
teardown(void **state)
{
	(void)state;
	unlink(path);
	arena_reset(&arena);
	return 0;
}

static enum err
read_with(const char *variable, const char *text, struct lamp *out)
{
	enum err err;

	if (variable != NULL)
		setenv(variable, text, 1);
	err = settings_read(&arena, &table, &settings);
	if (variable != NULL)
		unsetenv(variable);
	return err == OK ? settings_set(&settings, out) : err;
}

static void
the_environment_goes_first_then_the_file(void **state)
{
	struct lamp lamp;

	(void)state;
	assert_int_equal(read_with("TESTLAMP_LAMP_NAME", "env", &lamp), OK);
	assert_string_equal(lamp.name, "env");
	assert_int_equal(lamp.watts, 7);
	assert_int_equal(lamp.colour, 0);
	assert_int_equal(lamp.first, 'a');
	assert_int_equal(read_with("TESTLAMP_LAMP_NAME", "", &lamp), OK);
	assert_string_equal(lamp.name, "none");
}

static void
what_does_not_fit_is_refused(void **state)
{
	static const char *const wrong[][2] = {
		{ "TESTLAMP_LAMP_WATTS", "61" },
		{ "TESTLAMP_LAMP_WATTS", "7W" },
		{ "TESTLAMP_LAMP_COLOUR", "green" },
		{ "TESTLAMP_LAMP_FIRST", "ab" },
		{ "TESTLAMP_LAMP_VOLTS", "230" },
	};
	struct lamp lamp;

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_int_equal(read_with(wrong[i][0], wrong[i][1], &lamp),
			ERR_INVALID);
	assert_int_equal(read_with("TESTLAMP_LAMP_FIRST", "b", &lamp), OK);
	assert_int_equal(lamp.first, 'b');
}

static void
what_was_given_is_told_but_no_secret(void **state)
{
	struct lamp lamp;

	(void)state;
	assert_int_equal(read_with("TESTLAMP_LAMP_KEY", "s3cret", &lamp), OK);
	assert_string_equal(lamp.key, "s3cret");
	assert_string_equal(settings_given(&settings, "lamp.key"), "(set)");
	assert_string_equal(settings_given(&settings, "lamp.name"), "file");
	assert_string_equal(settings_given(&settings, "lamp.colour"), "");
	assert_null(settings_given(&settings, "lamp.volts"));
	assert_null(settings_given(&settings, "lamp"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_environment_goes_first_then_the_file),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(what_was_given_is_told_but_no_secret),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
