/*
 * snowflake.h: 64-bit ids that rise with time (after Twitter's Snowflake;
 * layout in idgen.h). One generator a process, used by all its threads
 * without a lock. Its node number is leased in the table `worker` and kept by
 * a thread with a connection of its own; a lease that was lost is replaced by
 * a new one, with another epoch, without anybody's help.
 *
 * What holds:
 * - No id is made twice, over all processes, restarts and steps of clocks.
 * - No id is given out after the lease's end on this host's monotonic clock.
 * - The wall clock may step by SNOWFLAKE_SLACK_MS and the lease time either
 *   way and nothing happens. Ids are refused while it disagrees with the
 *   database's clock by more than SNOWFLAKE_SKEW_MAX_MS, and again made as
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
 * Leases a node and starts keeping it. *holder* names this program, for
 * people who look into the table. ERR_BUSY: the database is away, or all nodes
 * are taken.
 */
MUST_USE enum err snowflake_open(
	const struct conf *conf, const char *holder, struct snowflake **out);
/* Gives the lease back. */
void snowflake_close(struct snowflake *ids);

/*
 * The next id, above *floor* (0: any; a session gives its last id). ERR_BUSY:
 * the lease is lost, the clock cannot be trusted, or the floor is so far ahead
 * of it (logged, once a second).
 */
MUST_USE enum err
snowflake_next(struct snowflake *ids, uint64_t floor, uint64_t *out);

/* The lease that ids are made under now, epoch 0 when there is none: for
 * worker_fence() around what is written. */
struct lease snowflake_lease(struct snowflake *ids);

/* What this process shows to others on its host for as long as it lives. */
const struct alive *snowflake_alive(const struct snowflake *ids);

/* Whether that lease has not ended yet by the monotonic clock. */
bool snowflake_held(struct snowflake *ids);

#endif
