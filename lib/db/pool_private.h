/* pool_private.h: for pool*.c. */

#ifndef DB_POOL_PRIVATE_H
#define DB_POOL_PRIVATE_H

#include "base/monitor.h"
#include "db/conn.h"
#include "db/queue.h"

#include <pthread.h>

struct db_pool {
	const struct db_conf *conf;
	pthread_t sweeper;
	struct monitor monitor; /* of all that follows */
	struct conn *idle; /* used last comes first */
	struct waiter *queue;
	bool reserves; /* there are urgent handles */
	bool met; /* a first connection has told what is granted */
	unsigned long granted; /* the account's connections, 0: no limit */
	unsigned n_open; /* lent, idle, or being opened */
	unsigned n_lent; /* to those that are not urgent */
	unsigned n_slow, n_slow_waiting;
	int64_t crowded_until_ms; /* the server has no more till then */
	int64_t rest_until_ms; /* nor does it answer */
	struct logged crowded, away;
	bool closing;
};

/* How many connections it may have, by what the account is granted. */
unsigned pool_max(const struct db_pool *pool);

#endif
