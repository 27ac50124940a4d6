#include "lamplight/systemd.h"

#include "base/attr.h"

#include <assert.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 16

extern char **environ;

bool
systemd_is_here(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

bool
systemd_command(const char *const *words)
{
	char *argv[WORDS_MAX + 1] = { NULL };
	size_t n = 0;
	int status;
	pid_t pid;

	while (words[n] != NULL)
		n++;
	assert(n > 0 && n <= WORDS_MAX);
	memcpy(argv, words, n * sizeof(*argv)); /* they are not written to */
	status = posix_spawnp(&pid, words[0], NULL, NULL, argv, environ);
	return status == 0 && waitpid(pid, &status, 0) == pid && status == 0;
}
