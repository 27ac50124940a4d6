/*
 * stop_request.h: the table `stop_request`: stop pressed for a reply that
 * another process runs, addressed to the lease it runs under.
 */

#ifndef REPO_STOP_REQUEST_H
#define REPO_STOP_REQUEST_H

#include "db/db.h"
#include "repo/worker.h"

/* Pressing twice is pressing once. */
MUST_USE enum err stop_request_put(
	struct db *db, uint64_t message_id, struct lease lease, int64_t now_ms);

/* Up to *max* of those for a lease, into *ids*. */
MUST_USE enum err stop_request_list(struct db *db, struct lease lease,
	uint64_t *ids, size_t max, size_t *n);

/* It has been done. */
MUST_USE enum err
stop_request_done(struct db *db, uint64_t message_id, struct lease lease);

/* Those that nobody has looked at for an hour: their process was killed. */
MUST_USE enum err stop_request_sweep(struct db *db);

#endif
