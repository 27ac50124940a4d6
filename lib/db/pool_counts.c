/* How many connections a pool may have, and has. */

#include "db/pool_private.h"

unsigned
pool_max(const struct db_pool *pool)
{
	unsigned long part = MAX(pool->granted / DB_PROGRAMS, 1ul);
	unsigned wanted = (unsigned)pool->conf->connections;

	return pool->granted > 0 && part < wanted ? (unsigned)part : wanted;
}

struct db_pool_counts
db_pool_counts(const struct db_conf *conf)
{
	struct db_pool_counts counts = { 0 };
	struct db_pool *pool = conf->pool;

	if (pool == NULL)
		return counts;
	monitor_enter(&pool->monitor);
	counts.open = counts.used = pool->n_open;
	for (const struct conn *c = pool->idle; c != NULL; c = c->next)
		counts.used--;
	for (const struct waiter *w = pool->queue; w != NULL; w = w->next)
		counts.waiting++;
	counts.max = pool_max(pool);
	monitor_leave(&pool->monitor);
	return counts;
}
