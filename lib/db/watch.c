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
/* So often in a row it must not be well. */
#define MISSES_MAX 2
/* The preferred one is looked for so often, and must be well twice. */
#define BACK_MS 4000
#define BACK_MORE_MS 2000

struct watch {
	struct db_pool *pool;
	pthread_t thread;
	struct conn *probe; /* to the server in use */
	unsigned misses;
	int64_t back_ms; /* when the preferred one is looked at next */
	unsigned well; /* the number of one that was well, + 1 */
};

/* A new connection, to see whether who comes now finds a server that is well. */
static struct conn *
knock(const struct watch *watch, unsigned host)
{
	struct failure failure;
	struct conn *conn =
		conn_open(watch->pool->conf, host, CONN_PROBE, &failure);

	if (conn != NULL && conn->writable)
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
	struct failure failure;
	struct conn *probe = watch->probe;

	if (probe != NULL && probe->at == at &&
		session_begin(probe, CONN_PROBE, true, &failure) &&
		probe->writable)
		return true;
	keep(watch, NULL);
	/* It may have been closed, for its age or by a restart. */
	keep(watch, knock(watch, at));
	return watch->probe != NULL;
}

static void
move(struct watch *watch, struct conn *probe, bool fails)
{
	unsigned to = probe->at;

	keep(watch, probe);
	watch->misses = 0;
	watch->well = 0;
	monitor_enter(&watch->pool->monitor);
	pool_move(watch->pool, to, fails);
	monitor_notify(&watch->pool->monitor);
	monitor_leave(&watch->pool->monitor);
}

/* To the first other server that is well. */
static void
leave(struct watch *watch, unsigned at)
{
	for (unsigned i = 0; i < watch->pool->conf->hosts.n; i++) {
		struct conn *probe = i != at ? knock(watch, i) : NULL;

		if (probe == NULL)
			continue;
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

	if (!is_in_use(watch->pool, &at)) {
		keep(watch, NULL);
		watch->misses = 0;
	} else if (is_well(watch, at)) {
		watch->misses = 0;
		go_back(watch, at);
	} else if (++watch->misses >= MISSES_MAX) {
		leave(watch, at);
	}
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
