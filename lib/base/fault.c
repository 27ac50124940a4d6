#include "base/fault.h"

#ifdef FAULTS

#include "base/log.h"
#include "base/slow.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BURN_US 80000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Renames the file to this process's name; two processes may share the file and
 * reach its end together. Returns false if another one took it first: then
 * there is nothing to do. */
static bool
take(const char *path)
{
	char taken[4096];

	if (snprintf(taken, sizeof taken, "%s.%ld", path, (long)getpid()) >=
		(int)sizeof taken)
		return false;
	return rename(path, taken) == 0;
}

/* The action due at this passage, or "". The file itself counts the passages,
 * because it outlives a killed process. */
static void
due(const char *path, const char *step, char action[16])
{
	char wanted[64];
	int n = 1;
	FILE *file = fopen(path, "r+");

	action[0] = '\0';
	if (file == NULL)
		return;
	if (fscanf(file, "%63[^:]:%15[^:\n]:%d", wanted, action, &n) < 2 ||
		strcmp(wanted, step) != 0) {
		action[0] = '\0';
	} else if (n > 1) {
		rewind(file);
		fprintf(file, "%s:%s:%d\n", wanted, action, n - 1);
		action[0] = '\0';
	} else if (!take(path)) {
		action[0] = '\0';
	}
	fclose(file);
}

static void
burn(void)
{
	int64_t begin = slow_begin();

	while (slow_begin() - begin < BURN_US)
		;
}

enum err
fault_at(const char *step)
{
	const char *path = getenv("LAMPLIGHT_FAULT_FILE");
	char action[16];

	if (path == NULL)
		return OK;
	pthread_mutex_lock(&lock);
	due(path, step, action);
	pthread_mutex_unlock(&lock);
	if (action[0] == '\0')
		return OK;
	log_warn("fault", "step=%s action=%s", step, action);
	if (strcmp(action, "kill") == 0)
		kill(getpid(), SIGKILL);
	if (strcmp(action, "pause") == 0)
		kill(getpid(), SIGSTOP);
	if (strcmp(action, "burn") == 0)
		burn();
	return strcmp(action, "err") == 0 ? ERR_BUSY : OK;
}

#else

/* ISO C requires a declaration in every file. */
typedef int fault_is_compiled_out;

#endif
