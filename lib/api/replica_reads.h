/*
 * replica_reads.h: the database handles of a thread, and where a request
 * reads: from the server in use or, if it only reads, from a replica that has
 * everything stored before the request arrived (db/replica.h).
 */

#ifndef API_REPLICA_READS_H
#define API_REPLICA_READS_H

#include "api/app.h"
#include "http/route.h"

/* Opens and closes a thread's handles (front.h); *arg* is the app. */
void *replica_reads_open(void *arg);
void replica_reads_close(void *thread, void *arg);
/* Lends the handles to the request. *thread* is NULL for a refused request. */
void replica_reads_lend(struct request *rq, void *thread);

/* Runs the route's handler; runs it again on the server in use if the replica
 * fails meanwhile. Returns the handler's result. */
enum err replica_reads_handle(
	const struct route *route, struct request *rq, struct response *rs);

/* How often replicas were read and were not; nothing without a replica. */
void replica_reads_figures(const struct app *app, struct buf *out);

#endif
