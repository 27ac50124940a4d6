/* conf_file_test.c: the file itself: its path, its readers, its bytes, and
 * files with secrets. */

#include "conftest.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void
a_file_that_is_named_must_be_there(void **state)
{
	struct conftest *f = *state;

	setenv("LAMPLIGHT_CONF", "/nowhere/lamplight.conf", 1);
	assert_int_equal(conf_load(&f->arena, &f->conf), ERR_INVALID);
	setenv("LAMPLIGHT_CONF", "/tmp", 1); /* a directory */
	assert_int_equal(conf_load(&f->arena, &f->conf), ERR_INVALID);
}

static void
refuses_a_file_with_a_nul(void **state)
{
	struct conftest *f = *state;
	FILE *stream = fopen(f->path, "w");

	assert_non_null(stream);
	fwrite("[db]\nhost = x\0y\nuser = z\n", 1, 25, stream);
	fclose(stream);
	assert_int_equal(conf_load(&f->arena, &f->conf), ERR_INVALID);
}

static void
takes_a_file_with_a_byte_order_mark(void **state)
{
	struct conftest *f = *state;
	FILE *stream;

	assert_int_equal(
		conftest_load(f, "\xef\xbb\xbf[db]\r\nhost = x\r\n"), OK);
	assert_string_equal(f->conf.db.hosts.list[0].name, "x");
	assert_int_equal(conftest_load(f, "\xef\xbb\xbf"), OK);
	stream = fopen(f->path, "w");
	assert_non_null(stream);
	fwrite("\xff\xfe[\0d\0b\0]\0", 1, 10, stream);
	fclose(stream);
	assert_int_equal(conf_load(&f->arena, &f->conf), ERR_INVALID);
}

static enum err
load_with_mode(struct conftest *f, mode_t mode)
{
	assert_int_equal(chmod(f->path, mode), 0);
	return conf_load(&f->arena, &f->conf);
}

/* Runs as the owner of the file. */
static void
a_file_with_a_secret_is_for_whoever_has_to_read_it(void **state)
{
	struct conftest *f = *state;
	bool is_root = geteuid() == 0;
	const char *secret;

	conftest_write(f, "[llm]\napi_key = s3cret\n");
	assert_int_equal(load_with_mode(f, 0644), ERR_INVALID);
	assert_int_equal(load_with_mode(f, 0602), ERR_INVALID);
	assert_int_equal(load_with_mode(f, 0600), OK);
	assert_int_equal(conf_secret(&f->arena, "", f->path, &secret), OK);
	assert_int_equal(chmod(f->path, 0604), 0);
	assert_int_equal(
		conf_secret(&f->arena, "", f->path, &secret), ERR_INVALID);
	if (is_root) { /* owned by root, readable by a group */
		assert_int_equal(load_with_mode(f, 0640), OK);
		assert_int_equal(chown(f->path, 65534, 65534), 0);
		assert_int_equal(load_with_mode(f, 0640), OK);
		assert_int_equal(seteuid(65534), 0);
	}
	assert_int_equal(load_with_mode(f, 0640), ERR_INVALID);
	setenv("LAMPLIGHT_AUTH_SECRET_MODES", "warn", 1);
	assert_int_equal(load_with_mode(f, 0644), OK);
	unsetenv("LAMPLIGHT_AUTH_SECRET_MODES");
	conftest_write(f, "[llm]\nmodel = x\napi_key =\n");
	assert_int_equal(load_with_mode(f, 0644), OK);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
}

static void
a_secret_may_come_from_a_file(void **state)
{
	struct conftest *f = *state;
	const char *secret;
	FILE *stream = fopen(f->path, "w");

	assert_non_null(stream);
	fputs("\xef\xbb\xbfs3cret with blanks \r\nsecond line\n", stream);
	fclose(stream);
	assert_int_equal(conf_secret(&f->arena, "", f->path, &secret), OK);
	assert_string_equal(secret, "s3cret with blanks ");
	assert_int_equal(conf_secret(&f->arena, "given", f->path, &secret), OK);
	assert_string_equal(secret, "given");
	assert_int_equal(conf_secret(&f->arena, "", "", &secret), OK);
	assert_string_equal(secret, "");
	assert_int_equal(
		conf_secret(&f->arena, "", "/nowhere/x", &secret), ERR_INVALID);
}

/* Settings are compared with those of another process: a changed secret file
 * changes no line of the settings. */
static void
keep_key(void *arg, const char *key, const char *value)
{
	if (strcmp(key, "llm.api_key_file") == 0)
		*(const char **)arg = value;
}

static void
a_file_that_has_changed_is_seen(void **state)
{
	struct conftest *f = *state;
	char path[] = "/tmp/conf_test_key.XXXXXX";
	int fd = mkstemp(path);
	const char *text =
		arena_printf(&f->arena, "[llm]\napi_key_file = %s\n", path);
	const char *first = NULL, *again = NULL, *other = NULL;

	assert_true(fd >= 0);
	assert_int_equal(conftest_load(f, text), OK);
	conf_each(&f->conf, keep_key, (void *)&first);
	assert_int_equal(conftest_load(f, text), OK);
	conf_each(&f->conf, keep_key, (void *)&again);
	assert_string_equal(first, again);
	assert_int_equal(write(fd, "sk-2", 4), 4);
	conf_each(&f->conf, keep_key, (void *)&again);
	assert_string_equal(first, again);
	assert_int_equal(conftest_load(f, text), OK);
	conf_each(&f->conf, keep_key, (void *)&other);
	assert_string_not_equal(first, other);
	close(fd);
	unlink(path);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		CONFTEST(a_file_that_is_named_must_be_there),
		CONFTEST(refuses_a_file_with_a_nul),
		CONFTEST(takes_a_file_with_a_byte_order_mark),
		CONFTEST(a_file_with_a_secret_is_for_whoever_has_to_read_it),
		CONFTEST(a_secret_may_come_from_a_file),
		CONFTEST(a_file_that_has_changed_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
