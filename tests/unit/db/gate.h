/*
 * gate.h: a second address of a server, which can fail or freeze while others
 * still reach the server by another address, and can change what clients say.
 */

#ifndef UNIT_DB_GATE_H
#define UNIT_DB_GATE_H

#include <pthread.h>
#include <stdatomic.h>

enum gate_mode {
	GATE_OPEN, /* forwards data */
	GATE_STILL, /* like a frozen machine: forwards nothing */
	GATE_GONE, /* like a killed server: does not listen */
	GATE_END,
};

#define GATE_PAIRS 64

struct gate {
	char path[96]; /* path of its unix socket */
	const char *server; /* path of the server's socket */
	_Atomic int mode;
	_Atomic unsigned open; /* number of connections through it */
	/* What the server hears in place of what clients say; as long, or
	 * NULL. */
	_Atomic(const char *) said, heard;
	int listener; /* -1: none */
	int pairs[GATE_PAIRS][2]; /* -1: free */
	pthread_t thread;
};

void gate_open(struct gate *gate, const char *dir, const char *name,
	const char *server);
void gate_set(struct gate *gate, enum gate_mode mode);
void gate_change(struct gate *gate, const char *said, const char *heard);
void gate_close(struct gate *gate);

#endif
