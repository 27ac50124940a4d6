/*
 * Watches the server in use if there are several, so that no statement waits
 * half a minute for one that is frozen, cut off, or no longer the primary; and
 * watches the preferred server, to return to it.
 *
 * The pool changes only to a server that is well: if no other server is, it
 * waits for the one in use as if that were the only one.
 */

#include "base/clock.h"
#include "base/mem.h"
#include "db/pool_private.h"

#include <stdlib.h>
#include <sys/random.h>

#define LOOK_MS 1000
/* After waiting this long for an answer, the thread does not ask again at
 * once. */
#define SLOW_MS 1000
/* How often the preferred server is checked; it must be well twice in a row. */
#define BACK_MS 4000
#define BACK_MORE_MS 2000

struct watch {
	struct db_pool *pool;
	pthread_t thread;
	struct conn *probe; /* a connection to the server in use */
	int64_t back_ms; /* when to check the preferred server next */
	unsigned well; /* index of a server found well, + 1 */
};

/* The second statement of a session waits for the cluster (session.c): a frozen
 * node that has not noticed that the others went on without it says that it is
 * well, but cannot answer that statement. */
static bool
answers(struct conn *conn)
{
	struct failure failure;

	return session_begin(conn, CONN_PROBE, true, &failure) &&
		conn->writable;
}

/* Opens a new connection, to check whether newcomers find a server that is
 * well. */
static struct conn *
knock(const struct watch *watch, unsigned host)
{
	struct failure failure;
	struct conn *conn =
		conn_open(watch->pool->conf, host, CONN_PROBE, &failure);

	if (conn != NULL && conn->writable && answers(conn))
		return conn;
	conn_free(conn);
	return NULL;
}

static void
keep(struct watch *watch, struct conn *probe)
{
	conn_free(watch->probe);
	watch->probe = probe;
}

static bool
is_well(struct watch *watch, unsigned at)
{
	struct conn *probe = watch->probe;
	int64_t began_ms = clock_mono_ms();

	if (probe != NULL && probe->at == at && answers(probe))
		return true;
	keep(watch, NULL);
	/* The old connection may have been closed because of its age or a
	 * restart. */
	if (clock_mono_ms() - began_ms < SLOW_MS)
		keep(watch, knock(watch, at));
	return watch->probe != NULL;
}

static void
move(struct watch *watch, struct conn *probe, bool fails)
{
	unsigned to = probe->at;

	keep(watch, probe);
	watch->well = 0;
	monitor_enter(&watch->pool->monitor);
	pool_move(watch->pool, to, fails);
	monitor_notify(&watch->pool->monitor);
	monitor_leave(&watch->pool->monitor);
}

/* Moves to the first other server that is well. A cluster that has lost a node
 * stands still as a whole for some seconds; after that, the server in use may
 * be as well as any. */
static void
leave(struct watch *watch, unsigned at)
{
	for (unsigned i = 0; i < watch->pool->conf->hosts.n; i++) {
		struct conn *probe = i != at ? knock(watch, i) : NULL;

		if (probe == NULL)
			continue;
		if (is_well(watch, at))
			conn_free(probe);
		else
			move(watch, probe, true);
		return;
	}
}

static int64_t
next_look_ms(void)
{
	uint32_t number = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = 0;
	return clock_mono_ms() + BACK_MS + (int64_t)(number % BACK_MORE_MS);
}

/* Moves to the first server that is preferred over the one in use. */
static void
go_back(struct watch *watch, unsigned at)
{
	struct conn *probe = NULL;

	if (at == 0 || clock_mono_ms() < watch->back_ms)
		return;
	watch->back_ms = next_look_ms();
	for (unsigned i = 0; i < at && probe == NULL; i++)
		probe = knock(watch, i);
	if (probe == NULL) {
		watch->well = 0;
	} else if (watch->well == probe->at + 1) {
		move(watch, probe, false);
	} else {
		watch->well = probe->at + 1;
		conn_free(probe);
	}
}

/* A program that uses no connection needs no server. */
static bool
is_in_use(struct db_pool *pool, unsigned *at)
{
	bool used;

	monitor_enter(&pool->monitor);
	used = pool->all != NULL;
	*at = pool->choice.at;
	monitor_leave(&pool->monitor);
	return used;
}

static void
look(struct watch *watch)
{
	unsigned at;

	if (!is_in_use(watch->pool, &at))
		keep(watch, NULL);
	else if (is_well(watch, at))
		go_back(watch, at);
	else
		leave(watch, at);
}

static void *
run(void *arg)
{
	struct watch *watch = arg;
	struct db_pool *pool = watch->pool;
	int64_t next_ms = clock_mono_ms() + LOOK_MS;

	mysql_thread_init();
	/* The pool notifies its monitor for other reasons, too. */
	while (monitor_rest(&pool->monitor, &pool->closing,
		MAX(next_ms - clock_mono_ms(), INT64_C(1)))) {
		if (clock_mono_ms() < next_ms)
			continue;
		look(watch);
		next_ms = clock_mono_ms() + LOOK_MS;
	}
	keep(watch, NULL);
	mysql_thread_end();
	return NULL;
}

struct watch *
watch_open(struct db_pool *pool)
{
	struct watch *watch = mem_zalloc(sizeof(*watch));

	watch->pool = pool;
	if (pthread_create(&watch->thread, NULL, run, watch) != 0)
		abort();
	return watch;
}

void
watch_close(struct watch *watch)
{
	if (watch == NULL)
		return;
	pthread_join(watch->thread, NULL);
	free(watch);
}
