/*
 * reading.h: what a thread has of the database, and where a request reads: at
 * the server in use, or, when it only reads, at a replica that has all that was
 * stored when the request came (db/replica.h).
 */

#ifndef API_READING_H
#define API_READING_H

#include "api/app.h"
#include "http/route.h"

/* A thread's handles (front.h); *arg* is the app. */
void *reading_open(void *arg);
void reading_close(void *thread, void *arg);
/* The request uses them. *thread* may be NULL: it is refused. */
void reading_lend(struct request *rq, void *thread);

/* Runs the route's handler; once more, at the server in use, when the replica
 * goes away meanwhile. What the handler returned. */
enum err reading_handle(
	const struct route *route, struct request *rq, struct response *rs);

/* How often replicas were read, and were not; nothing without one. */
void reading_figures(const struct app *app, struct buf *out);

#endif
