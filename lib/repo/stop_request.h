/*
 * stop_request.h: the table `stop_request`: requests to stop a reply that
 * another process runs, addressed to the lease under which it runs. A request
 * remains until its maker has seen the end, so one that arrives before the
 * stream begins is not lost.
 */

#ifndef REPO_STOP_REQUEST_H
#define REPO_STOP_REQUEST_H

#include "db/db.h"
#include "repo/worker.h"

/* Requesting twice has the same effect as once. */
MUST_USE enum err
stop_request_put(struct db *db, uint64_t message_id, struct lease lease);

/* Requests a stop of all running replies of a user. */
MUST_USE enum err stop_request_put_all(struct db *db, uint64_t user_id);

/* Writes up to *max* message ids with requests for this lease to *ids*. */
MUST_USE enum err stop_request_list(struct db *db, struct lease lease,
	uint64_t *ids, size_t max, size_t *n);

/* Removes a request: the reply has stopped, or nobody waits for that any
 * more. */
MUST_USE enum err
stop_request_drop(struct db *db, uint64_t message_id, struct lease lease);

/* Removes requests older than a minute, whose maker was killed or does not
 * wait. */
MUST_USE enum err stop_request_sweep(struct db *db);

#endif
