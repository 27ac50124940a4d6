/* pool_private.h: shared by pool*.c. */

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
	struct monitor monitor; /* guards all fields below */
	struct conn *idle; /* most recently used first */
	struct conn *all; /* lent or idle, linked by conn->other */
	struct choice choice; /* which of several servers is used */
	struct waiter *queue;
	bool reserves; /* there are urgent handles */
	bool met; /* the first connection has shown the grant */
	/* Connections granted to the account; 0: no limit. */
	unsigned long granted;
	unsigned n_open; /* lent, idle, or being opened */
	unsigned n_lent; /* lent to handles that are not urgent */
	unsigned n_slow, n_slow_waiting;
	/* The server has no free connection until then. */
	int64_t crowded_until_ms;
	int64_t rest_until_ms; /* the server is not tried until then */
	int64_t renewed_ms; /* connections opened before are not reused */
	struct logged crowded, away;
	bool closing;
	struct watch *watch; /* NULL if there is only one server */
};

/* How many connections the pool may have, given the account's limit. */
unsigned pool_max(const struct db_pool *pool);

/* ---- pool_hosts.c: the choice of the server. Call all but the first inside
 * the monitor. */

/* Opens a connection, outside the monitor, and records the outcome. */
struct conn *pool_connect(struct db_pool *pool, struct failure *failure);
/* Adds a connection to the pool's list, or removes it before it is freed. */
void pool_add(struct db_pool *pool, struct conn *conn);
void pool_forget(struct db_pool *pool, struct conn *conn);
/* Whether to close the connection once it is unused, because the pool has moved
 * to another server. */
bool pool_has_left(const struct db_pool *pool, const struct conn *conn);
/* Directs new connections to another server; *fails*: cuts those to the old
 * server. */
void pool_move(struct db_pool *pool, unsigned to, bool fails);

/* ---- watch.c: a thread that checks whether the server in use is well */

struct watch *watch_open(struct db_pool *pool);
void watch_close(struct watch *watch); /* after setting pool->closing */

#endif
