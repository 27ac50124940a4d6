#include "lamplight/systemd.h"

#include "base/attr.h"

#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX 12

extern char **environ;

bool
systemd_is_here(void)
{
	return access("/run/systemd/system", F_OK) == 0;
}

bool
systemd_command(const char *const *words)
{
	char *argv[WORDS_MAX + 1];
	size_t n = 0;
	int status;
	pid_t pid;

	for (; words[n] != NULL && n < WORDS_MAX; n++)
		argv[n] = strdup(words[n]);
	argv[n] = NULL;
	status = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	while (n > 0)
		free(argv[--n]);
	return status == 0 && waitpid(pid, &status, 0) == pid && status == 0;
}
