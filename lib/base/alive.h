/*
 * alive.h: a sign of life that ends with its process and that other processes
 * on the same host can check: an abstract unix socket (unix(7)). The kernel
 * closes it once the process has ended with all its threads, however it ended;
 * a stopped process still has it. It needs no file, so users, mounts and
 * PrivateTmp do not get in its way; its name is random, so no process can take
 * another's name.
 *
 * It is visible in one network namespace of one boot. The text that names it
 * contains both, and only a process in the same namespace may judge: any other
 * process, or one that lacks permission to check, learns nothing.
 */

#ifndef BASE_ALIVE_H
#define BASE_ALIVE_H

#include <stdbool.h>

#define ALIVE_MAX 128

struct alive {
	int fd;
	/* "boot id/namespace/name", or "" if no such socket could be opened. */
	char text[ALIVE_MAX];
};

/* Opens the sign of life. This never fails: without one (no /proc, no abstract
 * sockets), the code that relies on it waits for its timeout instead. */
void alive_open(struct alive *alive);
void alive_close(struct alive *alive);

/* Whether the process that made *text* is known to be dead. *own* is this
 * process's own sign of life. */
bool alive_is_dead(const struct alive *own, const char *text);

#endif
