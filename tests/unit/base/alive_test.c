/* alive_test.c: which processes are known to be dead, and which are not. */

#include "base/alive.h"

#include "../unit.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct alive own;

/* Starts a process that opens a sign of life and waits; returns its text. */
static pid_t
start(char text[ALIVE_MAX])
{
	struct alive alive;
	int fds[2];
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		alive_open(&alive);
		if (write(fds[1], alive.text, ALIVE_MAX) != ALIVE_MAX)
			_exit(1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(fds[0], text, ALIVE_MAX), ALIVE_MAX);
	close(fds[0]);
	close(fds[1]);
	return pid;
}

static void
a_living_process_is_not_dead(void **state)
{
	char text[ALIVE_MAX];
	pid_t pid = start(text);

	(void)state;
	assert_true(strlen(text) > 64);
	assert_false(alive_is_dead(&own, own.text));
	assert_false(alive_is_dead(&own, text));
	assert_int_equal(kill(pid, SIGSTOP), 0);
	assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);
	assert_false(alive_is_dead(&own, text));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(alive_is_dead(&own, text));
}

/* Nothing is known about a process on another host, boot or namespace, nor
 * without a sign of life of one's own. */
static void
processes_on_other_hosts_are_not_judged(void **state)
{
	char text[ALIVE_MAX], other[ALIVE_MAX];
	struct alive none = { .fd = -1 };
	pid_t pid = start(text);

	(void)state;
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(alive_is_dead(&own, text));
	assert_false(alive_is_dead(&none, text));
	for (char *at = strrchr(text, '/'); at >= text; at--) {
		memcpy(other, text, sizeof(other));
		other[at - text] = other[at - text] == 'a' ? 'b' : 'a';
		assert_false(alive_is_dead(&own, other));
	}
	assert_false(alive_is_dead(&own, ""));
	assert_false(alive_is_dead(&own, "/"));
	*strrchr(text, '/') = '\0';
	assert_false(alive_is_dead(&own, text));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_living_process_is_not_dead),
		cmocka_unit_test(processes_on_other_hosts_are_not_judged),
	};
	int failed;

	alive_open(&own);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	alive_close(&own);
	return failed;
}
