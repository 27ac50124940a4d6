/* setup_folder_test.c: the folder that `lamplight setup` makes for the
 * settings. */

#include "../unit.h"
#include "command.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

static struct arena arena;
static char folder[] = "/tmp/setup_folder_test.XXXXXX";

static const char *
inside(const char *name)
{
	return arena_printf(&arena, "%s/%s", folder, name);
}

/* Nothing more than the folder is made where no database answers. */
static int
setup(void **state)
{
	(void)state;
	setenv("LAMPLIGHT_DB_SOCKET", "/nowhere", 1);
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	rmdir(inside("etc"));
	rmdir(folder);
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static void
one_that_cannot_be_made_is_named(void **state)
{
	(void)state;
	setenv("LAMPLIGHT_CONF", "/dev/null/etc/lamplight.conf", 1);
	assert_int_equal(command_run(&arena, "setup", ""), 1);
	assert_said("The folder /dev/null/etc cannot be made: Not a directory");
	assert_said("Nothing was changed in the settings.");
}

/* On a shared host: root sets up what a user's programs will read. */
static void
roots_belongs_to_whose_the_one_above_is(void **state)
{
	struct stat st;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(folder, NOBODY, NOBODY), 0);
	setenv("LAMPLIGHT_CONF", inside("etc/lamplight.conf"), 1);
	assert_int_equal(command_run(&arena, "setup", ""), 1);
	assert_said("Nothing was changed in the settings.");
	assert_int_equal(stat(inside("etc"), &st), 0);
	assert_int_equal(st.st_uid, NOBODY);
	assert_int_equal(st.st_gid, NOBODY);
	assert_int_equal(st.st_mode & 07777, 0700);
	/* Neither settings nor their draft are left in it. */
	assert_int_equal(rmdir(inside("etc")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_that_cannot_be_made_is_named),
		cmocka_unit_test(roots_belongs_to_whose_the_one_above_is),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
