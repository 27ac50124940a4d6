/*
 * reading.h: the database handles of a thread, and where a request reads: from
 * the server in use or, if it only reads, from a replica that has everything
 * stored before the request arrived (db/replica.h).
 */

#ifndef API_READING_H
#define API_READING_H

#include "api/app.h"
#include "http/route.h"

/* Opens and closes a thread's handles (front.h); *arg* is the app. */
void *reading_open(void *arg);
void reading_close(void *thread, void *arg);
/* Lends the handles to the request. *thread* is NULL for a refused request. */
void reading_lend(struct request *rq, void *thread);

/* Runs the route's handler; runs it again on the server in use if the replica
 * fails meanwhile. Returns the handler's result. */
enum err reading_handle(
	const struct route *route, struct request *rq, struct response *rs);

/* How often replicas were read and were not; nothing without a replica. */
void reading_figures(const struct app *app, struct buf *out);

#endif
