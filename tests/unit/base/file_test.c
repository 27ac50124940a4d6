/* file_test.c: a replaced file keeps its owner; what cannot be written leaves all
 * as it was. */

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
root_keeps_the_owner_of_a_file(void **state)
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
root_does_not_follow_a_users_link_to_foreign_files(void **state)
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

/* An installation's file that the group of its programs has to read. */
static void
roots_file_becomes_the_groups(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	put("a", 0600);
	assert_int_equal(
		file_replace(&arena, inside("a"), span_of("one"), 0640, NOBODY),
		OK);
	assert_int_equal(stat_of("a").st_uid, 0);
	assert_int_equal(stat_of("a").st_gid, NOBODY);
	assert_int_equal(stat_of("a").st_mode & 07777, 0640);
}

/* The writer is not in the group that should read it, so that another group
 * would. */
static void
a_foreign_group_gets_no_access(void **state)
{
	enum err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(folder, NOBODY, NOBODY), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	err = file_replace(&arena, inside("a"), span_of("one"), 0640, NOBODY);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(err, OK);
	assert_int_equal(stat_of("a").st_uid, NOBODY);
	assert_int_equal(stat_of("a").st_mode & 07777, 0600);
}

static void
a_failed_write_leaves_nothing_behind(void **state)
{
	struct span there;

	(void)state;
	assert_int_equal(replace("none/a", "one"), ERR_INTERNAL);
	assert_int_equal(mkdir(inside("dir"), 0700), 0);
	assert_int_equal(replace("dir", "one"), ERR_INTERNAL);
	assert_int_equal(
		file_read(&arena, inside("dir"), 100, &there), ERR_INTERNAL);
	assert_int_equal(rmdir(inside("dir")), 0);
	/* Only an empty folder can be removed. */
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

static void
a_file_without_permission_is_no_file_that_is_missing(void **state)
{
	struct span there;
	enum err err;

	(void)state;
	if (geteuid() != 0)
		skip();
	put("a", 0600);
	assert_int_equal(seteuid(NOBODY), 0);
	err = file_read(&arena, inside("a"), 100, &there);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(err, ERR_INTERNAL);
	assert_int_equal(
		file_read(&arena, inside("none"), 100, &there), ERR_NOT_FOUND);
	assert_int_equal(symlink("link", inside("link")), 0);
	assert_int_equal(
		file_read(&arena, inside("link"), 100, &there), ERR_INTERNAL);
}

static void
unneeded_read_access_to_a_secret_is_reported(void **state)
{
	const char *why;

	(void)state;
	assert_null(file_exposed(inside("none")));
	put("a", 0600);
	assert_null(file_exposed(inside("a")));
	put("a", 0604);
	assert_non_null(strstr(file_exposed(inside("a")), "o-rwx"));
	put("a", 0640);
	if (geteuid() != 0) {
		assert_non_null(strstr(file_exposed(inside("a")), "g-rwx"));
		return;
	}
	/* Root's and others' files, which a group has to read. */
	assert_null(file_exposed(inside("a")));
	assert_int_equal(chown(folder, NOBODY, NOBODY), 0);
	assert_int_equal(chown(inside("a"), NOBODY, NOBODY), 0);
	assert_null(file_exposed(inside("a")));
	/* Whoever owns it needs no group. */
	assert_int_equal(seteuid(NOBODY), 0);
	why = file_exposed(inside("a"));
	assert_int_equal(seteuid(0), 0);
	assert_non_null(why);
	assert_non_null(strstr(why, "g-rwx"));
}

#define TEST(name) cmocka_unit_test_teardown(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_new_file_has_the_mode_and_one_of_before_its_own),
		TEST(a_link_stays_one),
		TEST(root_keeps_the_owner_of_a_file),
		TEST(root_does_not_follow_a_users_link_to_foreign_files),
		TEST(roots_file_becomes_the_groups),
		TEST(a_foreign_group_gets_no_access),
		TEST(a_failed_write_leaves_nothing_behind),
		TEST(a_file_without_permission_is_no_file_that_is_missing),
		TEST(unneeded_read_access_to_a_secret_is_reported),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
