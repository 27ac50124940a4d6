/*
 * gate.h: a second name of a server, by which it can be away, or stand still,
 * while others find it well by another name.
 */

#ifndef UNIT_DB_GATE_H
#define UNIT_DB_GATE_H

#include <pthread.h>
#include <stdatomic.h>

enum gate_mode {
	GATE_OPEN, /* passes on what comes */
	GATE_STILL, /* as a machine that is frozen: nothing moves */
	GATE_GONE, /* as one that was killed: nobody listens */
	GATE_END,
};

#define GATE_PAIRS 64

struct gate {
	char path[96]; /* of its unix socket */
	const char *server; /* that of the server's */
	_Atomic int mode;
	_Atomic unsigned open; /* how many connections go through it */
	int listener; /* -1: none */
	int pairs[GATE_PAIRS][2]; /* -1: free */
	pthread_t thread;
};

void gate_open(struct gate *gate, const char *dir, const char *name,
	const char *server);
void gate_set(struct gate *gate, enum gate_mode mode);
void gate_close(struct gate *gate);

#endif
