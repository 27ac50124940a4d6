/*
 * worker.h: the table `worker`: node numbers of Snowflake ids, each leased to
 * one process at a time. (node, epoch) identifies a lease for ever: the epoch
 * rises with every holder.
 *
 * The database's clock alone decides whether a lease has ended, unless its
 * holder is known to be dead (worker_end_dead()). An ended lease can still be
 * renewed (if the database was unreachable for longer than the lease lasts)
 * until another process has raised the epoch, by taking the node or by clearing
 * up after it (worker_retire()).
 */

#ifndef REPO_WORKER_H
#define REPO_WORKER_H

#include "base/err.h"
#include "db/db.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lease {
	uint64_t node;
	uint64_t epoch; /* 0: no lease */
};

struct worker_terms {
	const char *holder; /* for people: host, program, process */
	const char *alive; /* its sign of life (base/alive.h), or "" */
	int64_t lease_ms;
	int64_t now_ms; /* from worker_clock() */
	int64_t reserved_ms; /* upper limit of ms in its ids; 0: unchanged */
};

/* The time by the database's clock. */
MUST_USE enum err worker_clock(struct db *db, int64_t *out);

/*
 * Leases any free node, preferably one whose ids all lie in the past. The new
 * holder's ids begin above *after_ms*. ERR_BUSY, also if no node is free
 * (logged).
 */
MUST_USE enum err worker_take(struct db *db, const struct worker_terms *terms,
	struct lease *lease, int64_t *after_ms);

/* Extends the lease from now on, and the reservation. ERR_CONFLICT: the lease
 * is lost. */
MUST_USE enum err worker_renew(
	struct db *db, struct lease lease, const struct worker_terms *terms);

/* Ends this process's own lease; no id contains a ms later than *last_ms*. */
MUST_USE enum err
worker_release(struct db *db, struct lease lease, int64_t last_ms);

/*
 * Ends the running leases whose holder *is_dead* by its sign of life. Waits for
 * transactions that are being committed under such a lease, and prevents
 * further ones. *n* receives the number of leases.
 */
MUST_USE enum err worker_end_dead(struct db *db,
	bool (*is_dead)(const char *alive, void *arg), void *arg, size_t *n);

/*
 * The fence. Call it first in a transaction that writes under a lease: it keeps
 * the lease from passing to another holder until the commit. ERR_BUSY: the
 * lease has ended, but may be renewed; write nothing meanwhile. ERR_CONFLICT:
 * it is lost; never write under it again.
 */
MUST_USE enum err worker_fence(struct db *db, struct lease lease);

/*
 * The fence as part of a statement that writes under a lease: a text to append
 * to the value of a scalar subquery. Unless the lease is held, the subquery is
 * NULL, which a NOT NULL column refuses. The lease is kept as by
 * worker_fence(), until the end of the statement or of its transaction. Only
 * worker_fence() reports why it was not held. WORKER_HELD() is for statements
 * with marks.
 */
#define WORKER_GUARD_LEN 160
void worker_guard(struct lease lease, char out[WORKER_GUARD_LEN]);
#define WORKER_HELD(value)                                         \
	"(SELECT " value " FROM worker WHERE id = ? AND epoch = ?" \
	" AND lease_until > NOW(3) LOCK IN SHARE MODE)"

/*
 * The other side of the fence. Call it first in a transaction that clears up
 * after an ended lease: it prevents any further write under it. ERR_CONFLICT:
 * the lease is still held; leave its rows alone. ERR_NOT_FOUND: a transaction
 * is being committed under it; try again. It does not wait for that, because a
 * process stopped in the middle would delay the replies of all others.
 */
MUST_USE enum err worker_retire(struct db *db, struct lease lease);

#endif
