/*
 * later.h: runs slow work of a request outside of the threads that answer
 * requests: argon2 takes 30 ms of a processor and 19 MB. The first half of a
 * handler makes the cheap checks and queues the request; a thread of this queue
 * runs the second half, with its own database connection, and answers.
 *
 * The queue is bounded (LATER_MAX) and fair: networks take turns, and each has
 * at most LATER_NETWORK_MAX places. Between requests, once a minute, it removes
 * expired logins, counted failures and invitations.
 */

#ifndef API_LATER_H
#define API_LATER_H

#include "base/err.h"
#include "http/request.h"
#include "http/response.h"

#define LATER_MAX 256
#define LATER_NETWORK_MAX 96
#define LATER_WAITING_MAX 8

struct app;
struct later;

struct later *later_open(struct app *app);
/* A queue with so many threads, at most LATER_WAITING_MAX, for work that does
 * not compute but waits for others. It does not remove expired rows. */
struct later *later_open_waiting(struct app *app, unsigned n_threads);
/* Finishes the queued requests. */
void later_close(struct later *later);

/*
 * Queues work(rq, rs), which runs like a handler with a copy of the request, in
 * rq->app->later, and answers on its own (rs->taken). ERR_BUSY if the queue is
 * full, ERR_THROTTLED if the network's share is; both with a Retry-After.
 */
MUST_USE enum err later_run(struct request *rq, struct response *rs,
	enum err (*work)(struct request *rq, struct response *rs));
/* The same, in another queue than rq->app->later. */
MUST_USE enum err
later_run_on(struct later *later, struct request *rq, struct response *rs,
	enum err (*work)(struct request *rq, struct response *rs));

#endif
