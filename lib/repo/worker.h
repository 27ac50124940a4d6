/*
 * worker.h: the table `worker`: node numbers of Snowflake ids, each leased to
 * one process at a time. (node, epoch) names a lease for ever: the epoch rises
 * with every holder.
 *
 * Whether a lease is over is judged by the database's clock alone, unless its
 * holder is known to be dead (worker_end_dead()). One that is
 * over can still be renewed (the database was away for longer than it lasts)
 * until somebody else has raised the epoch: by taking the node, or by clearing
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
	const char *alive; /* its sign of life (base/alive.h); "": none */
	int64_t lease_ms;
	int64_t now_ms; /* by worker_clock() */
	int64_t reserved_ms; /* no id will be made of a later ms; 0: as it is */
};

/* The database's clock. */
MUST_USE enum err worker_clock(struct db *db, int64_t *out);

/*
 * Leases a free node, any of them, rather one whose ids are all in the past.
 * The new holder's ids begin above *after_ms*. ERR_BUSY, also when no node is
 * free (logged).
 */
MUST_USE enum err worker_take(struct db *db, const struct worker_terms *terms,
	struct lease *lease, int64_t *after_ms);

/* Makes the lease last from now on, and reserves. ERR_CONFLICT: it is lost. */
MUST_USE enum err worker_renew(
	struct db *db, struct lease lease, const struct worker_terms *terms);

/* Ends one's own lease; no id was made of a ms later than *last_ms*. */
MUST_USE enum err
worker_release(struct db *db, struct lease lease, int64_t last_ms);

/*
 * Ends the leases that are not over and whose holder *is_dead* by its sign of
 * life: waits for what is being committed under each, and lets nothing follow.
 * *n* is how many.
 */
MUST_USE enum err worker_end_dead(struct db *db,
	bool (*is_dead)(const char *alive, void *arg), void *arg, size_t *n);

/*
 * The fence. First call of a transaction that writes under a lease: holds it
 * in place until the commit, so that it cannot be handed on in between.
 * ERR_BUSY: it is over, but may be renewed; nothing may be written meanwhile.
 * ERR_CONFLICT: it is lost, and nothing may be written under it any more.
 */
MUST_USE enum err worker_fence(struct db *db, struct lease lease);

/*
 * The fence as a part of a statement that writes under a lease: what follows
 * the value of a scalar subquery, which is NULL, for a column that takes none,
 * unless the lease is held. It is held in place as by worker_fence(), to the end
 * of the statement or of the transaction that it is in. Why it was not, only
 * worker_fence() says. WORKER_HELD(): for statements with marks.
 */
#define WORKER_GUARD_LEN 160
void worker_guard(struct lease lease, char out[WORKER_GUARD_LEN]);
#define WORKER_HELD(value)                                         \
	"(SELECT " value " FROM worker WHERE id = ? AND epoch = ?" \
	" AND lease_until > NOW(3) LOCK IN SHARE MODE)"

/*
 * The other side of the fence. First call of a transaction that clears up
 * after a lease which is over: lets nothing follow. ERR_CONFLICT: it is still
 * held, leave its rows alone. ERR_NOT_FOUND: something is being committed under
 * it; try again, which is not waited for, because a process that was stopped in
 * the middle of it would hold up the replies of all others.
 */
MUST_USE enum err worker_retire(struct db *db, struct lease lease);

#endif
