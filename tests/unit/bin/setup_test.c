/* setup_test.c: runs `lamplight setup` as an operator does, with its own
 * settings and database. */

#include "../unit.h"
#include "command.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static struct arena arena;
static char folder[] = "/tmp/setup_test.XXXXXX";

static const char *
inside(const char *name)
{
	return arena_printf(&arena, "%s/etc/%s", folder, name);
}

/* A database and an account that no other run uses. */
static int
lamplight(const char *arguments, const char *input)
{
	return command_shell(arena_printf(&arena,
		"printf '%%s' '%s' | LAMPLIGHT_CONF=%s LAMPLIGHT_DB_NAME=s%d "
		"LAMPLIGHT_DB_USER=s%d LAMPLIGHT_AUTH_SECRET_FILE=%s %s %s 2>&1",
		input, inside("lamplight.conf"), (int)getpid(), (int)getpid(),
		inside("secret"), command_program(), arguments));
}

static void
root_does(const char *sql)
{
	assert_int_equal(
		command_shell(arena_printf(&arena,
			"mariadb --no-defaults --socket=\"$LAMPLIGHT_DB_SOCKET\" "
			"--user=root --skip-column-names --execute='%s' 2>&1",
			sql)),
		0);
}

static mode_t
mode_of(const char *name)
{
	struct stat st;

	return stat(inside(name), &st) == 0 ? st.st_mode & 07777 : 0;
}

/* A private database admits root by its socket; a provided one does not. */
static bool
may_make(void)
{
	return geteuid() == 0 && getenv("LAMPLIGHT_DB_SOCKET") != NULL &&
		getenv("LAMPLIGHT_DB_HOST") == NULL;
}

static int
setup(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
teardown(void **state)
{
	(void)state;
	if (may_make())
		root_does(arena_printf(&arena,
			"DROP DATABASE IF EXISTS s%d; DROP USER IF EXISTS "
			"s%d@localhost",
			(int)getpid(), (int)getpid()));
	command_shell(arena_printf(&arena, "rm -r %s", folder));
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static void
what_is_wrong_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(lamplight("setup llm.nope=1", ""), 1);
	assert_said("There is no key \"llm.nope\".");
	assert_int_equal(lamplight("setup llm.model", ""), 1);
	assert_said("a KEY=VALUE is expected");
	assert_int_equal(lamplight("setup llm.kind=other", ""), 1);
	assert_said("openai|anthropic");
	assert_int_equal(lamplight("setup llm.api_key=seen", ""), 1);
	assert_said("in the list of processes");
	assert_int_equal(mode_of("lamplight.conf"), 0);
	assert_int_equal(mode_of("lamplight.conf.draft"), 0);
}

static void
from_nothing_to_tables(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(lamplight("setup llm.kind=anthropic llm.model=claude "
				   "llm.api_key=-",
				 "sk-canary\n"),
		0);
	assert_said("Database: created");
	assert_null(strstr(buf_str(&said), "sk-canary"));
	/* Through the new account, which may not change tables. */
	assert_int_equal(lamplight("check", ""), 0);
	assert_int_equal(lamplight("conf llm.model", ""), 0);
	assert_said("claude");
	root_does(arena_printf(
		&arena, "SHOW GRANTS FOR s%d@localhost", (int)getpid()));
	assert_said("GRANT SELECT, INSERT, UPDATE, DELETE ON");
	assert_int_equal(mode_of("lamplight.conf") & 0007, 0);
	assert_int_equal(mode_of("llm.api_key") & 0007, 0);
	assert_int_equal(mode_of("db.password") & 0007, 0);
	/* Programs without write access find it. */
	assert_int_equal(mode_of("secret"), 0600);
	assert_int_equal(
		command_shell(arena_printf(&arena, "grep -c canary %s; cat %s",
			inside("lamplight.conf"), inside("llm.api_key"))),
		0);
	assert_string_equal(buf_str(&said), "0\nsk-canary");
}

static void
again_it_keeps_what_is_set(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(lamplight("setup auth.register=invite", ""), 0);
	assert_null(strstr(buf_str(&said), "made"));
	assert_said("Running programs keep the old ones");
	assert_int_equal(lamplight("setup", ""), 0);
	assert_null(strstr(buf_str(&said), "Changed:"));
	assert_int_equal(lamplight("conf llm.model", ""), 0);
	assert_said("claude");
	assert_int_equal(lamplight("conf auth.register", ""), 0);
	assert_said("invite");
}

static void
a_secret_that_cannot_be_used_is_named(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(chmod(inside("secret"), 0644), 0);
	assert_int_equal(lamplight("setup auth.register=on", ""), 1);
	assert_said(
		"/etc/secret (auth.secret_file) cannot be used: others may read it");
	assert_int_equal(chmod(inside("secret"), 0600), 0);
	assert_int_equal(lamplight("conf auth.register", ""), 0);
	assert_said("invite");
}

/* Root sets up an installation that belongs to another user: on a shared host,
 * or for a service's user. */
static void
root_writes_for_whose_folder_it_is(void **state)
{
	struct stat st;

	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(
		command_shell(arena_printf(&arena,
			"cd %s/etc && mkdir ../real && mv lamplight.conf ../real && "
			"ln -s ../real/lamplight.conf . && rm llm.api_key && "
			"chown -hR 65534:65534 %s",
			folder, folder)),
		0);
	assert_int_equal(lamplight("setup llm.api_key=-", "another"), 0);
	assert_int_equal(
		command_shell(arena_printf(&arena,
			"find %s ! -user 65534 -o ! -group 65534", folder)),
		0);
	assert_string_equal(buf_str(&said), "");
	assert_int_equal(lstat(inside("lamplight.conf"), &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(
		command_shell(arena_printf(&arena,
			"cd %s/etc && mv ../real/lamplight.conf new && mv new "
			"lamplight.conf && rmdir ../real && chown -R 0:0 %s",
			folder, folder)),
		0);
}

/* As after a move; the page that says what is done needs the settings. */
static void
a_secret_that_is_missed_is_not_made(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(lamplight("secret accept", ""), 0);
	assert_int_equal(unlink(inside("secret")), 0);
	assert_int_equal(lamplight("setup auth.register=on", ""), 1);
	assert_said("(auth.secret_file) is not there. Put it back");
	assert_null(strstr(buf_str(&said), "Nothing was changed"));
	assert_int_equal(mode_of("secret"), 0);
	assert_int_equal(lamplight("conf auth.register", ""), 0);
	assert_said("on\n");
	assert_int_equal(lamplight("secret accept", ""), 0);
	assert_int_equal(lamplight("setup", ""), 0);
	assert_int_equal(mode_of("secret"), 0600);
}

/* The previous secrets are kept until everything has succeeded. */
static void
a_secret_of_now_outlives_a_failure(void **state)
{
	const char *before;

	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(command_shell(arena_printf(
				 &arena, "cat %s", inside("db.password"))),
		0);
	before = arena_printf(&arena, "%s", buf_str(&said));
	assert_int_equal(lamplight("setup db.password=-", "WRONG"), 1);
	assert_said("Nothing was changed in the settings.");
	assert_int_equal(lamplight("setup db.password=-", ""), 1);
	assert_said("standard input is empty");
	assert_int_equal(lamplight("setup llm.api_key=-", "a-key"), 0);
	assert_int_equal(
		lamplight("setup llm.api_key=- db.host=no.such.example",
			"another"),
		1);
	assert_int_equal(command_shell(arena_printf(
				 &arena, "cat %s", inside("db.password"))),
		0);
	assert_string_equal(buf_str(&said), before);
	assert_int_equal(command_shell(arena_printf(
				 &arena, "cat %s", inside("llm.api_key"))),
		0);
	assert_string_equal(buf_str(&said), "a-key");
	assert_int_equal(lamplight("setup llm.api_key=-", "another"), 0);
	/* The settings do not change, but programs that have read the file must
	 * restart. */
	assert_said("The settings have changed.");
	assert_int_equal(command_shell(arena_printf(
				 &arena, "cat %s", inside("llm.api_key"))),
		0);
	assert_string_equal(buf_str(&said), "another");
	assert_int_equal(lamplight("conf llm.api_key_file", ""), 0);
	assert_null(strstr(buf_str(&said), "draft"));
	assert_int_equal(lamplight("setup llm.api_key=", ""), 0);
	assert_int_equal(lamplight("conf llm.api_key_file", ""), 0);
	assert_string_equal(buf_str(&said), "\n");
	assert_int_equal(command_shell(arena_printf(
				 &arena, "ls %s/etc | grep draft", folder)),
		1);
	assert_int_equal(lamplight("check", ""), 0);
}

/* A mistyped password is not mistaken for that of an interrupted run. */
static void
a_secret_that_was_given_in_vain_is_not_kept(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(
		command_shell(arena_printf(&arena,
			"echo typo | LAMPLIGHT_CONF=%s/new/lamplight.conf "
			"%s setup db.password=- db.user=nobody 2>&1",
			folder, command_program())),
		1);
	assert_said("refuses db.user or db.password");
	assert_int_equal(
		command_shell(arena_printf(&arena, "grep -rl typo %s", folder)),
		1);
	assert_string_equal(buf_str(&said), "");
}

/* As if it had been killed before installing the settings. */
static void
cut_off_it_goes_on(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(unlink(inside("lamplight.conf")), 0);
	assert_int_equal(lamplight("setup", ""), 0);
	assert_int_equal(lamplight("check", ""), 0);
}

static void
somebody_elses_account_keeps_its_password(void **state)
{
	(void)state;
	if (!may_make())
		skip();
	assert_int_equal(unlink(inside("lamplight.conf")), 0);
	assert_int_equal(unlink(inside("db.password")), 0);
	assert_int_equal(lamplight("setup", ""), 1);
	assert_said("already. Give its password");
	assert_int_equal(mode_of("lamplight.conf"), 0);
}

static void
two_at_once_do_not_mix(void **state)
{
	int fd = open(inside("."), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(flock(fd, LOCK_EX), 0);
	assert_int_equal(lamplight("setup http.site_name=A", ""), 1);
	assert_said("another lamplight setup is running here");
	close(fd);
}

static void
a_mistake_is_reported_with_the_files_own_name(void **state)
{
	(void)state;
	command_shell(arena_printf(
		&arena, "echo nonsense >%s", inside("lamplight.conf")));
	assert_int_equal(lamplight("setup http.site_name=A", ""), 1);
	assert_said("lamplight.conf:1");
	assert_null(strstr(buf_str(&said), "There is no key"));
	assert_null(strstr(buf_str(&said), ".draft"));
	assert_int_equal(unlink(inside("lamplight.conf")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_changes_nothing),
		cmocka_unit_test(two_at_once_do_not_mix),
		cmocka_unit_test(a_mistake_is_reported_with_the_files_own_name),
		cmocka_unit_test(from_nothing_to_tables),
		cmocka_unit_test(again_it_keeps_what_is_set),
		cmocka_unit_test(a_secret_that_cannot_be_used_is_named),
		cmocka_unit_test(root_writes_for_whose_folder_it_is),
		cmocka_unit_test(a_secret_that_is_missed_is_not_made),
		cmocka_unit_test(a_secret_of_now_outlives_a_failure),
		cmocka_unit_test(a_secret_that_was_given_in_vain_is_not_kept),
		cmocka_unit_test(cut_off_it_goes_on),
		cmocka_unit_test(somebody_elses_account_keeps_its_password),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
