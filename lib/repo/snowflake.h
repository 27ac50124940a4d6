/*
 * snowflake.h: 64-bit ids that rise with time (after Twitter's Snowflake;
 * layout in idgen.h). Each process has one generator, which all its threads use
 * without a lock. Its node number is leased in the table `worker`; a thread
 * with its own connection renews the lease, and replaces a lost one by a new
 * one with another epoch.
 *
 * Guarantees:
 * - No id is generated twice, over all processes, restarts and clock steps.
 * - No id is issued after the lease's end on this host's monotonic clock.
 * - The wall clock may step by SNOWFLAKE_SLACK_MS and the lease time in either
 *   direction without effect. Ids are refused while it differs from the
 *   database's clock by more than SNOWFLAKE_SKEW_MAX_MS, and issued again as
 *   soon as it does not.
 */

#ifndef REPO_SNOWFLAKE_H
#define REPO_SNOWFLAKE_H

#include "base/alive.h"
#include "base/err.h"
#include "conf/conf.h"
#include "repo/worker.h"

#include <stdbool.h>
#include <stdint.h>

#define SNOWFLAKE_SLACK_MS 10000
#define SNOWFLAKE_SKEW_MAX_MS 300000

struct snowflake;

/*
 * Leases a node and starts the thread that renews the lease. *holder* names
 * this program for people who read the table. ERR_BUSY: the database is
 * unreachable, or all nodes are taken.
 */
MUST_USE enum err snowflake_open(
	const struct conf *conf, const char *holder, struct snowflake **out);
/* Returns the lease. */
void snowflake_close(struct snowflake *ids);

/*
 * The next id, above *floor* (0: any; a session passes its last id). ERR_BUSY:
 * the lease is lost, the clock cannot be trusted, or the floor is too far ahead
 * of it (logged, at most once a second).
 */
MUST_USE enum err
snowflake_next(struct snowflake *ids, uint64_t floor, uint64_t *out);

/* The lease under which ids are generated now, epoch 0 if there is none. Use it
 * with worker_fence() for writes. */
struct lease snowflake_lease(struct snowflake *ids);

/* The sign of life that this process shows to others on its host. */
const struct alive *snowflake_alive(const struct snowflake *ids);

/* Whether that lease is still valid by the monotonic clock. */
bool snowflake_held(struct snowflake *ids);

#endif
