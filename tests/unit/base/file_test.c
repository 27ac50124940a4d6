/* file_test.c: a replaced file keeps its owner. */

#include "base/file.h"

#include "../unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOBODY 65534

static struct arena arena;
static char folder[] = "/tmp/file_test.XXXXXX";

static const char *
inside(const char *name)
{
	return arena_printf(&arena, "%s/%s", folder, name);
}

static void
put(const char *name, mode_t mode)
{
	int fd = open(inside(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static enum err
replace(const char *name, const char *text)
{
	return file_replace(
		&arena, inside(name), span_of(text), 0600, (gid_t)-1);
}

static void
assert_holds(const char *name, const char *text)
{
	struct span there;

	assert_int_equal(file_read(&arena, inside(name), 100, &there), OK);
	assert_true(span_is(there, text));
}

static struct stat
stat_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(inside(name), &st), 0);
	return st;
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
clear(void **state)
{
	static const char *const names[] = { "a", "b", "link" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++)
		unlink(inside(names[i]));
	return chown(folder, geteuid(), getegid());
}

static int
teardown(void **state)
{
	int failed = clear(state) != 0 || rmdir(folder) != 0;

	arena_reset(&arena);
	return failed;
}

static void
a_new_file_has_the_mode_and_one_of_before_its_own(void **state)
{
	(void)state;
	assert_int_equal(replace("a", "one"), OK);
	assert_int_equal(stat_of("a").st_mode & 07777, 0600);
	put("b", 0640);
	assert_int_equal(replace("b", "two"), OK);
	assert_int_equal(stat_of("b").st_mode & 07777, 0640);
	assert_holds("b", "two");
}

static void
a_link_stays_one(void **state)
{
	(void)state;
	put("a", 0600);
	assert_int_equal(symlink("a", inside("link")), 0);
	assert_int_equal(replace("link", "one"), OK);
	assert_true(S_ISLNK(stat_of("link").st_mode));
	assert_holds("a", "one");
	assert_int_equal(unlink(inside("a")), 0);
	assert_int_equal(replace("link", "two"), ERR_INTERNAL);
	assert_true(S_ISLNK(stat_of("link").st_mode));
}

static void
root_writes_for_whose_it_is(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put("a", 0600);
	assert_int_equal(chown(inside("a"), NOBODY, NOBODY), 0);
	assert_int_equal(replace("a", "one"), OK);
	assert_int_equal(stat_of("a").st_uid, NOBODY);
	assert_int_equal(stat_of("a").st_gid, NOBODY);
	assert_int_equal(chown(folder, NOBODY, NOBODY), 0);
	assert_int_equal(
		file_replace(&arena, inside("b"), span_of("two"), 0640, 0), OK);
	assert_int_equal(stat_of("b").st_uid, NOBODY);
	assert_int_equal(stat_of("b").st_mode & 07777, 0600);
}

/* Otherwise they could write to files for which they have no permission. */
static void
root_follows_nobodys_link_to_what_is_not_theirs(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put("a", 0600);
	assert_int_equal(symlink("a", inside("link")), 0);
	assert_int_equal(lchown(inside("link"), NOBODY, NOBODY), 0);
	assert_int_equal(replace("link", "one"), ERR_INTERNAL);
	assert_holds("a", "");
	assert_int_equal(chown(inside("a"), NOBODY, NOBODY), 0);
	assert_int_equal(replace("link", "one"), OK);
	assert_holds("a", "one");
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_new_file_has_the_mode_and_one_of_before_its_own),
		TEST(a_link_stays_one),
		TEST(root_writes_for_whose_it_is),
		TEST(root_follows_nobodys_link_to_what_is_not_theirs),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
