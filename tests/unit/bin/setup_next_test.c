/* setup_next_test.c: what `lamplight setup` says is to be done next, on machines
 * of several kinds: in a mount namespace whose /run and /etc/nginx are empty. */

#include "../unit.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena arena;
static char folder[] = "/tmp/setup_next_test.XXXXXX";

/* Only root may mount; a private database admits root by its socket. */
static void
skip_unless_root(void)
{
	if (geteuid() != 0 || access("/etc/nginx", F_OK) != 0 ||
		getenv("LAMPLIGHT_DB_SOCKET") == NULL ||
		getenv("LAMPLIGHT_DB_HOST") != NULL ||
		command_shell(
			"unshare --mount mount -t tmpfs none /run 2>&1") != 0)
		skip();
}

/* Runs what *machine* says, then the program, and asserts that it is set up. */
static void
set_up(const char *machine, const char *program, const char *arguments)
{
	const char *command = arena_printf(&arena,
		"cd %s && SQL=$OLDPWD/sql && export LAMPLIGHT_SQL_DIR=$SQL "
		"LAMPLIGHT_CONF=%s/lamplight.conf LAMPLIGHT_DB_NAME=n%d "
		"LAMPLIGHT_DB_USER=n%d LAMPLIGHT_AUTH_SECRET_FILE=%s/secret; "
		"unshare --mount sh -ec 'mount -t tmpfs none /run; "
		"mount -t tmpfs none /etc/nginx; %s; exec %s setup %s' 2>&1",
		folder, folder, (int)getpid(), (int)getpid(), folder, machine,
		program, arguments);

	if (command_shell(command) != 0)
		fail_msg("%s: %s", command, buf_str(&said));
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	return command_shell(arena_printf(&arena,
		"cd %s && mkdir bin \"a b\" && cp %s bin/lamplight && "
		"cp bin/lamplight \"a b/lamplight\"",
		folder, command_program()));
}

static int
teardown(void **state)
{
	(void)state;
	command_shell(arena_printf(&arena,
		"mariadb --no-defaults --socket=\"$LAMPLIGHT_DB_SOCKET\" "
		"--user=root --execute='DROP DATABASE IF EXISTS n%d; "
		"DROP USER IF EXISTS n%d@localhost'; rm -r %s",
		(int)getpid(), (int)getpid(), folder));
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

#define SYSTEMD "mkdir -p /run/systemd/system"
#define SITES                                                  \
	"cd /etc/nginx; mkdir sites-available sites-enabled; " \
	"touch sites-available/lamplight"

static void
a_machine_with_systemd(void **state)
{
	const char *program = arena_printf(&arena, "%s/bin/lamplight", folder);

	(void)state;
	skip_unless_root();
	set_up(SYSTEMD, program, "");
	assert_said(arena_printf(&arena,
		"Next: systemctl enable --now lamplight.target   (running "
		"already: %s reload)",
		program));
	assert_not_said("have changed");
	set_up(SYSTEMD, program, "auth.register=invite");
	assert_said(arena_printf(&arena, "until you run %s reload\n", program));
	set_up("true", program, "auth.register=off");
	assert_not_said("systemctl");
	assert_said("until they start again.");
}

static void
sites_of_nginx(void **state)
{
	static const char link[] = "nginx: ln -s ../sites-available/lamplight";
	const char *program = arena_printf(&arena, "%s/bin/lamplight", folder);

	(void)state;
	skip_unless_root();
	set_up("true", program, "");
	assert_not_said("nginx:");
	set_up(SITES, program, "");
	assert_said(link);
	assert_not_said("its default site");
	set_up(SITES "; touch sites-enabled/default", program, "");
	assert_said("rm /etc/nginx/sites-enabled/default");
	assert_said(link);
	set_up(SITES "; touch sites-enabled/default sites-enabled/lamplight",
		program, "");
	assert_not_said("nginx:");
}

/* What is said can be typed as it is. */
static void
the_command_is_named_as_it_is_called(void **state)
{
	(void)state;
	skip_unless_root();
	set_up("true", arena_printf(&arena, "\"%s/a b/lamplight\"", folder),
		"");
	assert_said(arena_printf(
		&arena, "Then: \"%s/a b/lamplight\" doctor", folder));
	set_up(arena_printf(&arena, "PATH=/nowhere:%s/bin:$PATH", folder),
		"lamplight", "");
	assert_said("Then: lamplight doctor http");
	/* A tarball's launcher, which knows its settings. */
	assert_int_equal(command_shell(arena_printf(&arena,
				 "cd %s && touch lamplight && "
				 "chmod +x lamplight",
				 folder)),
		0);
	set_up("true", arena_printf(&arena, "%s/bin/lamplight", folder), "");
	assert_said(arena_printf(&arena, "Then: %s/lamplight doctor", folder));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_with_systemd),
		cmocka_unit_test(sites_of_nginx),
		cmocka_unit_test(the_command_is_named_as_it_is_called),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
