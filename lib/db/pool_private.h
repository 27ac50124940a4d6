/* pool_private.h: for pool*.c. */

#ifndef DB_POOL_PRIVATE_H
#define DB_POOL_PRIVATE_H

#include "base/monitor.h"
#include "db/choice.h"
#include "db/conn.h"
#include "db/queue.h"

#include <pthread.h>

struct db_pool {
	const struct db_conf *conf;
	pthread_t sweeper;
	struct monitor monitor; /* of all that follows */
	struct conn *idle; /* used last comes first */
	struct conn *all; /* lent or idle, by conn->other */
	struct choice choice; /* of several servers */
	struct waiter *queue;
	bool reserves; /* there are urgent handles */
	bool met; /* a first connection has told what is granted */
	unsigned long granted; /* the account's connections, 0: no limit */
	unsigned n_open; /* lent, idle, or being opened */
	unsigned n_lent; /* to those that are not urgent */
	unsigned n_slow, n_slow_waiting;
	int64_t crowded_until_ms; /* the server has no more till then */
	int64_t rest_until_ms; /* nor does it answer */
	int64_t renewed_ms; /* those made until then are not used again */
	struct logged crowded, away;
	bool closing;
	struct watch *watch; /* NULL: there is one server */
};

/* How many connections it may have, by what the account is granted. */
unsigned pool_max(const struct db_pool *pool);

/* ---- pool_hosts.c: to which server. In the monitor, but for the first. */

/* Opens one, outside of the monitor; notes what became of it. */
struct conn *pool_connect(struct db_pool *pool, struct failure *failure);
/* A connection is the pool's, or is not any more: before it is freed. */
void pool_add(struct db_pool *pool, struct conn *conn);
void pool_forget(struct db_pool *pool, struct conn *conn);
/* It is to be closed when it is not in use: the pool has moved on. */
bool pool_has_left(const struct db_pool *pool, const struct conn *conn);
/* New connections are to another server from now on; *fails*: those to the old
 * one are cut. */
void pool_move(struct db_pool *pool, unsigned to, bool fails);

/* ---- watch.c: a thread that looks whether the server in use is well */

struct watch *watch_open(struct db_pool *pool);
void watch_close(struct watch *watch); /* when pool->closing is set */

#endif
