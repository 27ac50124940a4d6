/*
 * stop_request.h: the table `stop_request`: stop pressed for a reply that
 * another process runs, addressed to the lease it runs under. It stands until
 * who made it has seen the end, so one that comes before the stream has begun
 * is not lost.
 */

#ifndef REPO_STOP_REQUEST_H
#define REPO_STOP_REQUEST_H

#include "db/db.h"
#include "repo/worker.h"

/* Pressing twice is pressing once. */
MUST_USE enum err
stop_request_put(struct db *db, uint64_t message_id, struct lease lease);

/* For all replies of a user's that run. */
MUST_USE enum err stop_request_put_all(struct db *db, uint64_t user_id);

/* Up to *max* of those for a lease, into *ids*. */
MUST_USE enum err stop_request_list(struct db *db, struct lease lease,
	uint64_t *ids, size_t max, size_t *n);

/* It has been done, or nobody waits for it any more. */
MUST_USE enum err
stop_request_drop(struct db *db, uint64_t message_id, struct lease lease);

/* Those that have stood for a minute: who made them was killed, or does not
 * wait. */
MUST_USE enum err stop_request_sweep(struct db *db);

#endif
