/*
 * Looks after the server in use where there are several, so that a statement
 * does not wait half a minute for one that is frozen, cut off, or not a primary
 * any more; and for the one that is preferred, to go back to it.
 *
 * Nothing moves unless another server is well: with none, the one in use is
 * waited for as if it were alone.
 */

#include "base/clock.h"
#include "base/mem.h"
#include "db/pool_private.h"

#include <stdlib.h>
#include <sys/random.h>

#define LOOK_MS 1000
/* Who has waited so long for an answer does not ask once more at once. */
#define SLOW_MS 1000
/* The preferred one is looked for so often, and must be well twice. */
#define BACK_MS 4000
#define BACK_MORE_MS 2000

struct watch {
	struct db_pool *pool;
	pthread_t thread;
	struct conn *probe; /* to the server in use */
	int64_t back_ms; /* when the preferred one is looked at next */
	unsigned well; /* the number of one that was well, + 1 */
};

/* The second time in a session it waits for the cluster (session.c): a node that
 * was frozen, and does not know yet that the others went on without it, says
 * that it is well, and has no answer to that. */
static bool
answers(struct conn *conn)
{
	struct failure failure;

	return session_begin(conn, CONN_PROBE, true, &failure) &&
		conn->writable;
}

/* A new connection, to see whether who comes now finds a server that is well. */
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
	/* It may have been closed, for its age or by a restart. */
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

/* To the first other server that is well. A cluster that has lost a node stands
 * still as a whole for some seconds; then the one in use may be as well as any. */
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

/* To the first that is preferred to the one in use. */
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
	/* The pool wakes its threads for other reasons, too. */
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
