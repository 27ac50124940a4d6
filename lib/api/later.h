/*
 * later.h: the work of a request that takes long and must not occupy a thread
 * that answers requests: argon2 takes 30 ms of a processor and 19 MB. The
 * first half of a handler looks at what is cheap to look at and hands the
 * request over; a thread of this queue runs the second half, with a database
 * connection of its own, and answers.
 *
 * The queue is bounded (LATER_MAX) and fair: networks take turns, and one of
 * them has at most LATER_NETWORK_MAX places. Between requests it clears away,
 * once a minute, what is over: logins, counted failures, invitations.
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
/* One of so many threads, LATER_WAITING_MAX at most, for work that needs no
 * processor but waits for others. It clears nothing away. */
struct later *later_open_waiting(struct app *app, unsigned n_threads);
/* Finishes what waits. */
void later_close(struct later *later);

/*
 * Has work(rq, rs) run, as a handler, with a copy of the request, in
 * rq->app->later; the answer is then its own (rs->taken). ERR_BUSY when the
 * queue is full, ERR_THROTTLED when the network's part of it is; both with a
 * Retry-After.
 */
MUST_USE enum err later_run(struct request *rq, struct response *rs,
	enum err (*work)(struct request *rq, struct response *rs));
/* The same, in another one than rq->app->later. */
MUST_USE enum err
later_run_on(struct later *later, struct request *rq, struct response *rs,
	enum err (*work)(struct request *rq, struct response *rs));

#endif
