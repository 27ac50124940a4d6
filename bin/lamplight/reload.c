/* reload.c: what runs takes new programs and settings, without a cut. */

#include "lamplight/commands.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* Whether it ended well; what it says is shown. */
static bool
systemctl(const char *verb, const char *option, const char *unit)
{
	const char *words[] = { "systemctl", verb, option, unit, NULL };
	char *argv[LENGTH(words)];
	size_t n = 0;
	int status;
	pid_t pid;

	for (size_t i = 0; i < LENGTH(words) - 1; i++)
		if (words[i] != NULL)
			argv[n++] = strdup(words[i]);
	argv[n] = NULL;
	status = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	while (n > 0)
		free(argv[--n]);
	return status == 0 && waitpid(pid, &status, 0) == pid && status == 0;
}

static enum err
refuse(const char *sentence)
{
	fprintf(stderr, "%s\n", sentence);
	return ERR_CONFLICT;
}

/* A target that is started again starts what a release has brought. */
enum err
reload(struct task *task)
{
	if (access("/run/systemd/system", F_OK) != 0)
		return refuse("Nothing is run by systemd here. On a shared "
			      "host: ./install --site, again.");
	TRY(check(task));
	if (!systemctl("is-active", "--quiet", "lamplight.target"))
		return refuse("It does not run: systemctl enable --now "
			      "lamplight.target");
	if (!systemctl("daemon-reload", NULL, NULL) ||
		!systemctl("start", NULL, "lamplight.target") ||
		!systemctl("restart", NULL, "lamplight@*.service"))
		return refuse("systemctl could not do it: it is for root, and "
			      "says more above.");
	puts("Reloaded: running replies finish in the programs of before.");
	return OK;
}
