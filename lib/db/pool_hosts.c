/* The choice of the server for a pool's connections. */

#include "base/clock.h"
#include "base/log.h"
#include "db/pool_private.h"

/* A server that refuses changes is used for this long before another one is
 * sought. */
#define LAME_MS 1000

static bool
has_several(const struct db_pool *pool)
{
	return pool->conf->hosts.n > 1;
}

static void
log_move(const struct db_pool *pool, unsigned to, bool fails)
{
	const struct host *list = pool->conf->hosts.list;

	log_warn("db_moved", "from=\"%s\" to=\"%s\" reason=%s",
		list[pool->choice.at].name, list[to].name,
		fails ? "failed" : "preferred");
}

/* Records the result of the search. */
static void
note(struct db_pool *pool, const struct tried *tried, const struct conn *conn)
{
	for (unsigned i = 0; i < tried->n_bad; i++)
		choice_failed(&pool->choice, tried->bad[i]);
	if (conn == NULL)
		return;
	if (conn->writable)
		choice_good(&pool->choice, conn->at);
	if (conn->at == pool->choice.at)
		return;
	log_move(pool, conn->at, true);
	pool->choice.at = conn->at;
}

struct conn *
pool_connect(struct db_pool *pool, struct failure *failure)
{
	unsigned order[HOSTS_MAX], n;
	struct tried tried;
	struct conn *conn;

	monitor_enter(&pool->monitor);
	n = choice_order(&pool->choice, pool->conf, pool->all == NULL, order);
	monitor_leave(&pool->monitor);
	conn = choice_open(pool->conf, order, n, CONN_USUAL, &tried, failure);
	if (!has_several(pool))
		return conn;
	monitor_enter(&pool->monitor);
	note(pool, &tried, conn);
	monitor_leave(&pool->monitor);
	return conn;
}

void
pool_add(struct db_pool *pool, struct conn *conn)
{
	conn->other = pool->all;
	pool->all = conn;
}

void
pool_forget(struct db_pool *pool, struct conn *conn)
{
	struct conn **link = &pool->all;

	while (*link != conn)
		link = &(*link)->other;
	*link = conn->other;
}

bool
pool_has_left(const struct db_pool *pool, const struct conn *conn)
{
	if (conn->open_ms <= pool->renewed_ms)
		return true;
	if (!has_several(pool))
		return false;
	return conn->at != pool->choice.at ||
		(!conn->writable && clock_mono_ms() - conn->open_ms > LAME_MS);
}

void
pool_move(struct db_pool *pool, unsigned to, bool fails)
{
	unsigned from = pool->choice.at;

	if (from == to)
		return;
	log_move(pool, to, fails);
	choice_good(&pool->choice, to);
	pool->choice.at = to;
	if (!fails)
		return;
	choice_failed(&pool->choice, from);
	for (const struct conn *conn = pool->all; conn != NULL;
		conn = conn->other)
		if (conn->at == from)
			conn_cut(conn);
}

void
pool_renew(struct db_pool *pool)
{
	monitor_enter(&pool->monitor);
	pool->renewed_ms = clock_mono_ms();
	monitor_leave(&pool->monitor);
}

void
pool_shun(struct db_pool *pool, const struct conn *conn)
{
	monitor_enter(&pool->monitor);
	if (conn->at == pool->choice.at)
		choice_failed(&pool->choice, conn->at);
	monitor_leave(&pool->monitor);
}
