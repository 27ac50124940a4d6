/*
 * alive.h: a sign of life that ends with its process, for others on the same
 * host to look at: an abstract unix socket (unix(7)). The kernel closes it when
 * the process is gone with all its threads, however it went; a process that is
 * stopped still has it. It needs no file, so neither users, mounts nor
 * PrivateTmp are in its way; its name is random, so nobody takes another's.
 *
 * Its scope is the network namespace, of this boot. The text that names it
 * holds both, and only who is in the same scope may judge: anybody else, and
 * whoever is not allowed to ask, knows nothing.
 */

#ifndef BASE_ALIVE_H
#define BASE_ALIVE_H

#include <stdbool.h>

#define ALIVE_MAX 128

struct alive {
	int fd;
	char text
		[ALIVE_MAX]; /* "boot id/namespace/name"; "": none is to be had */
};

/* Shows it. Without one (no /proc, no such sockets) nothing fails: what
 * depends on it takes its time. */
void alive_open(struct alive *alive);
void alive_close(struct alive *alive);

/* Whether the process that *text* was made in is known to be dead. *own* is
 * this process's. */
bool alive_is_dead(const struct alive *own, const char *text);

#endif
