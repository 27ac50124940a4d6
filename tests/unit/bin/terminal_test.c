/* terminal_test.c: runs the operator's command on a terminal, where it asks, and
 * where a secret is not shown while it is typed. */

#include "../unit.h"
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define WAIT_MS 60000
#define CTRL_C "\003"
#define KEY "sk-canary-0123456789-wxyz"

static struct arena arena;
static char folder[] = "/tmp/terminal_test.XXXXXX";

/* A command on a terminal of its own. What it shows is in `said`. */
struct screen {
	int fd;
	pid_t pid;
};

static void
exec_command(const char *slave, const char *arguments)
{
	int fd;

	setsid();
	fd = open(slave, O_RDWR);
	ioctl(fd, TIOCSCTTY, 0);
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	execl("/bin/sh", "sh", "-c",
		arena_printf(&arena, "exec env %s", arguments), (char *)NULL);
	_exit(127);
}

/* *environment*: "NAME=VALUE " for each variable. */
static struct screen
begin(const char *environment, const char *arguments)
{
	struct screen screen = { .fd = posix_openpt(O_RDWR | O_NOCTTY) };
	const char *words = arena_printf(
		&arena, "%s%s %s", environment, command_program(), arguments);
	char slave[128];

	assert_true(screen.fd >= 0);
	assert_int_equal(grantpt(screen.fd), 0);
	assert_int_equal(unlockpt(screen.fd), 0);
	assert_int_equal(ptsname_r(screen.fd, slave, sizeof(slave)), 0);
	buf_clear(&said);
	screen.pid = fork();
	assert_true(screen.pid >= 0);
	if (screen.pid == 0)
		exec_command(slave, words);
	return screen;
}

/* Reads what is shown next; false at the end of the command. */
static bool
look(const struct screen *screen)
{
	struct pollfd one = { .fd = screen->fd, .events = POLLIN };
	char *room = buf_reserve(&said, 512);
	ssize_t n;

	if (poll(&one, 1, WAIT_MS) == 0)
		fail_msg("nothing more is shown after: %s", buf_str(&said));
	n = read(screen->fd, room, 512);
	buf_wrote(&said, room + (n > 0 ? n : 0));
	return n > 0;
}

static bool
echoes(const struct screen *screen)
{
	struct termios mode;

	assert_int_equal(tcgetattr(screen->fd, &mode), 0);
	return (mode.c_lflag & ECHO) != 0;
}

/* Types after the question. A secret is typed as soon as the terminal does not
 * show it any more; what is typed before is thrown away. */
static void
answer(const struct screen *screen, const char *question, bool secret,
	const char *text)
{
	while (strstr(buf_str(&said), question) == NULL)
		if (!look(screen))
			fail_msg("\"%s\" is not asked: %s", question,
				buf_str(&said));
	for (int ms = 0; secret && echoes(screen) && ms < WAIT_MS; ms++)
		usleep(1000);
	assert_int_equal(echoes(screen), !secret);
	buf_clear(&said);
	assert_int_equal(
		write(screen->fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* Returns the status of waitpid(). The terminal is as before. */
static int
end(struct screen *screen)
{
	int status;

	while (look(screen))
		;
	assert_true(echoes(screen));
	assert_int_equal(waitpid(screen->pid, &status, 0), screen->pid);
	close(screen->fd);
	return status;
}

static int
end_well(struct screen *screen)
{
	int status = end(screen);

	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int
setup(void **state)
{
	(void)state;
	if (mkdtemp(folder) == NULL)
		return -1;
	setenv("LAMPLIGHT_AUTH_SECRET_FILE",
		arena_printf(&arena, "%s/secret", folder), 1);
	if (command_run(&arena, "migrate", "") != 0)
		return -1;
	return command_seals(&arena);
}

static int
teardown(void **state)
{
	(void)state;
	command_run(&arena, "provider remove terminal", "");
	remove(getenv("LAMPLIGHT_AUTH_SECRET_FILE"));
	rmdir(folder);
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static struct screen
add_user(void)
{
	return begin(
		"", arena_printf(&arena, "user add terminal%d", (int)getpid()));
}

static void
a_password_is_asked_twice_and_never_shown(void **state)
{
	struct screen screen = add_user();

	(void)state;
	answer(&screen, "Password: ", true, "a canary that sings\n");
	answer(&screen, "Again: ", true, "a canary that swims\n");
	assert_int_equal(end_well(&screen), 1);
	assert_said("The two passwords differ.");
	assert_not_said("canary");

	screen = add_user();
	answer(&screen, "Password: ", true, "a canary that sings\n");
	answer(&screen, "Again: ", true, "a canary that sings\n");
	assert_int_equal(end_well(&screen), 0);
	assert_not_said("canary");
}

static void
whoever_stops_it_has_the_terminal_of_before(void **state)
{
	struct screen screen = add_user();
	int status;

	(void)state;
	answer(&screen, "Password: ", true, CTRL_C);
	status = end(&screen);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
}

static void
a_key_is_asked_and_not_shown(void **state)
{
	struct screen screen =
		begin("", "provider add terminal --kind anthropic --json");

	(void)state;
	answer(&screen, "Key (empty for none): ", true, KEY "\n");
	assert_int_equal(end_well(&screen), 0);
	assert_said("\"keyTail\":\"wxyz\"");
	assert_not_said("canary");

	/* Whoever says --key wants one. */
	screen = begin("", "provider set terminal --key");
	answer(&screen, "Key: ", true, "\n");
	assert_int_equal(end_well(&screen), 1);
	assert_said("The key is empty. If there is none, use --no-key.");
	assert_int_equal(command_run(&arena, "provider list --json", ""), 0);
	assert_said("wxyz");
}

/* On a machine where nobody finds a database. */
static void
setup_asks_for_what_is_not_given(void **state)
{
	const char *file = arena_printf(&arena, "%s/lamplight.conf", folder);
	struct screen screen =
		begin(arena_printf(&arena,
			      "-u LAMPLIGHT_DB_HOST -u LAMPLIGHT_DB_USER -u "
			      "LAMPLIGHT_DB_PASSWORD -u LAMPLIGHT_DB_NAME "
			      "LAMPLIGHT_DB_SOCKET=/nowhere LAMPLIGHT_CONF=%s ",
			      file),
			"setup");

	(void)state;
	answer(&screen, "[openai]: ", false, "\n");
	answer(&screen, "[none yet]: ", false, "http://127.0.0.1:9/v1\n");
	answer(&screen, "Its name: ", false, "small\n");
	answer(&screen, "Its key [none]: ", true, "sk-canary\n");
	answer(&screen, "Who may sign up", false, "invite\n");
	answer(&screen, "The database's host", false, "127.0.0.1:9\n");
	answer(&screen, "The database's name [lamplight]: ", false, "\n");
	answer(&screen, "Its account [lamplight]: ", false, "\n");
	answer(&screen, "The account's password: ", true, "pw-canary\n");
	assert_int_equal(end_well(&screen), 1);
	assert_not_said("canary");
	assert_said("Make a database and an account");
	assert_said("Nothing was changed in the settings.");
	assert_int_equal(access(file, F_OK), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_password_is_asked_twice_and_never_shown),
		cmocka_unit_test(whoever_stops_it_has_the_terminal_of_before),
		cmocka_unit_test(a_key_is_asked_and_not_shown),
		cmocka_unit_test(setup_asks_for_what_is_not_given),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
