#include "db/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/fault.h"
#include "db/pool_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How long a handle waits for a connection. */
#define WAIT_MS 5000
/* One idle connection is kept for longer than the others, and in the end none:
 * a host may grant ten to all programs together. */
#define SPARE_IDLE_MS 2000
#define LAST_IDLE_MS 60000
/* However busy they are, all but one connection are closed at this age, to give
 * other programs a chance. */
#define SPARE_AGE_MS 20000
#define SWEEP_MS 1000
/* When a server without free connections is asked again. */
#define CROWDED_MS 200
/* After a slow attempt to connect, nobody tries for as long as it took, up to
 * this. */
#define REST_MAX_MS 2000
/* How long a slow statement waits for the running ones. */
#define SLOW_WAIT_MS 1000

/* ---- the queue, inside the monitor */

static void
dequeue(struct db_pool *pool, const struct waiter *waiter)
{
	queue_remove(&pool->queue, waiter);
	if (pool->queue != NULL)
		monitor_notify(&pool->monitor);
}

/* If there are urgent handles, the last of several connections is reserved for
 * them. */
static bool
may_take(const struct db_pool *pool, const struct waiter *waiter)
{
	if (pool->queue != waiter)
		return false;
	return waiter->urgent ||
		pool->n_lent < MAX(pool_max(pool) - pool->reserves, 1u);
}

/* ---- opening a connection */

/* Reverts the count, because the connection could not be opened. */
static enum err
refused(struct db_pool *pool, const struct failure *failure, int64_t began_ms)
{
	int64_t now_ms = clock_mono_ms();

	pool->n_open--;
	if (fault_is_crowded(failure->number)) {
		pool->crowded_until_ms = now_ms + CROWDED_MS;
		if (pool->n_open == 0)
			away_log(&pool->away, failure);
		else
			away_log(&pool->crowded, failure);
		return OK;
	}
	pool->rest_until_ms = now_ms + MIN(now_ms - began_ms, REST_MAX_MS);
	away_log(&pool->away, failure);
	return ERR_BUSY;
}

/* Leaves the monitor meanwhile. OK with no connection: the server has no free
 * one, so the caller must wait. */
static enum err
open_one(struct db_pool *pool, struct conn **out, struct failure *failure)
{
	int64_t began_ms = clock_mono_ms();
	enum err err = OK;

	pool->n_open++;
	monitor_leave(&pool->monitor);
	*out = pool_connect(pool, failure);
	monitor_enter(&pool->monitor);
	if (*out == NULL) {
		err = refused(pool, failure, began_ms);
	} else {
		pool_add(pool, *out);
		pool->met = true;
		pool->granted = (*out)->granted;
		away_over(&pool->away);
		if (pool->crowded.number != 0 && pool->n_open >= pool_max(pool))
			away_over(&pool->crowded);
	}
	monitor_notify(&pool->monitor);
	return err;
}

/* Leaves the monitor meanwhile: the connection counts until it is closed. */
static void
close_one(struct db_pool *pool, struct conn *conn)
{
	pool_forget(pool, conn);
	monitor_leave(&pool->monitor);
	conn_free(conn);
	monitor_enter(&pool->monitor);
	pool->n_open--;
}

/* Takes an idle connection that is alive. Leaves the monitor meanwhile. */
static struct conn *
pop_idle(struct db_pool *pool, bool trusting)
{
	struct conn *conn;

	while ((conn = pool->idle) != NULL) {
		bool dead = pool_has_left(pool, conn);

		pool->idle = conn->next;
		if (!dead && trusting && conn_was_alive(conn))
			return conn;
		monitor_leave(&pool->monitor);
		dead = dead || conn_is_dead(conn);
		monitor_enter(&pool->monitor);
		if (!dead)
			return conn;
		close_one(pool, conn);
	}
	return NULL;
}

/* ---- borrowing */

static bool
may_open(const struct db_pool *pool, int64_t now_ms)
{
	return pool->n_open < (pool->met ? pool_max(pool) : 1) &&
		now_ms >= pool->crowded_until_ms;
}

static enum err
say_busy(struct db_pool *pool, struct failure *failure)
{
	if (pool->n_open > 0) {
		failure->number = FAILURE_BUSY;
		snprintf(failure->words, sizeof(failure->words),
			"All connections to the database have been in use for "
			"too long.");
		log_warn("db_busy", "connections=%u", pool->n_open);
	}
	return ERR_BUSY;
}

/* Tries to take a connection for a thread that has just left the queue. OK with
 * no connection: not yet. */
static enum err
try_take(struct db_pool *pool, const struct db *db, struct conn **out,
	struct failure *failure)
{
	int64_t now_ms = clock_mono_ms();
	enum err err = OK;

	pool->n_lent += !db->urgent;
	if (pool->idle != NULL)
		*out = pop_idle(pool, db->trusting);
	if (*out == NULL && may_open(pool, now_ms))
		err = now_ms < pool->rest_until_ms
			? ERR_BUSY
			: open_one(pool, out, failure);
	if (*out == NULL)
		pool->n_lent -= !db->urgent;
	return err;
}

enum err
pool_borrow(struct db_pool *pool, const struct db *db, struct conn **out,
	struct failure *failure)
{
	struct waiter self = { .urgent = db->urgent };
	int64_t now_ms = clock_mono_ms(), until_ms = now_ms + WAIT_MS;
	enum err err = OK;

	*out = NULL;
	monitor_enter(&pool->monitor);
	queue_add(&pool->queue, &self, false);
	for (; err == OK && *out == NULL; now_ms = clock_mono_ms()) {
		if (may_take(pool, &self)) {
			dequeue(pool, &self);
			err = try_take(pool, db, out, failure);
			if (err != OK || *out != NULL)
				break;
			queue_add(&pool->queue, &self, true);
		}
		if (now_ms >= until_ms) {
			dequeue(pool, &self);
			err = say_busy(pool, failure);
		} else {
			monitor_wait_until(&pool->monitor,
				MIN(until_ms, now_ms + CROWDED_MS));
		}
	}
	monitor_leave(&pool->monitor);
	return err;
}

/* ---- returning connections */

void
pool_lost(struct db_pool *pool, struct conn *conn, bool urgent)
{
	monitor_enter(&pool->monitor);
	close_one(pool, conn);
	pool->n_lent -= !urgent;
	monitor_notify(&pool->monitor);
	monitor_leave(&pool->monitor);
}

void
pool_return(struct db_pool *pool, struct conn *conn, bool urgent)
{
	monitor_enter(&pool->monitor);
	if (pool->n_open > pool_max(pool) || pool_has_left(pool, conn) ||
		(pool->n_open > 1 &&
			conn->used_ms - conn->open_ms > SPARE_AGE_MS)) {
		monitor_leave(&pool->monitor);
		pool_lost(pool, conn, urgent);
		return;
	}
	pool->n_lent -= !urgent;
	conn->next = pool->idle;
	pool->idle = conn;
	if (pool->queue != NULL)
		monitor_notify(&pool->monitor);
	monitor_leave(&pool->monitor);
}

/* ---- idle connections */

static bool
is_spare(const struct db_pool *pool, const struct conn *conn, int64_t now_ms)
{
	int64_t idle_ms = now_ms - conn->used_ms;

	return idle_ms > LAST_IDLE_MS ||
		(pool->n_open > 1 && idle_ms > SPARE_IDLE_MS);
}

static void
free_list(struct conn *list)
{
	for (struct conn *conn = list, *next; conn != NULL; conn = next) {
		next = conn->next;
		conn_free(conn);
	}
}

/* Removes a spare connection from the pool, inside the monitor. */
static struct conn *
take_spare(struct db_pool *pool)
{
	int64_t now_ms = clock_mono_ms();
	struct conn **link = &pool->idle, *conn, *spare = NULL;

	while ((conn = *link) != NULL) {
		if (!is_spare(pool, conn, now_ms) &&
			!pool_has_left(pool, conn)) {
			link = &conn->next;
			continue;
		}
		*link = conn->next;
		conn->next = spare;
		spare = conn;
		pool_forget(pool, conn);
		pool->n_open--;
	}
	return spare;
}

static void *
sweep(void *arg)
{
	struct db_pool *pool = arg;
	struct conn *spare;

	mysql_thread_init();
	while (monitor_rest(&pool->monitor, &pool->closing, SWEEP_MS)) {
		monitor_enter(&pool->monitor);
		spare = take_spare(pool);
		monitor_leave(&pool->monitor);
		free_list(spare);
	}
	mysql_thread_end();
	return NULL;
}

/* ---- slow statements */

/* With the default number of threads, one thread remains for requests that do
 * not search. */
enum err
pool_slow_enter(struct db_pool *pool)
{
	int64_t until_ms = clock_mono_ms() + SLOW_WAIT_MS;
	unsigned slow_max;
	bool may;

	monitor_enter(&pool->monitor);
	slow_max = MAX(pool_max(pool) / 2, 1u);
	if (pool->n_slow >= slow_max &&
		pool->n_slow_waiting < (slow_max == 1 ? 2u : 1u)) {
		pool->n_slow_waiting++;
		while (pool->n_slow >= slow_max &&
			monitor_wait_until(&pool->monitor, until_ms))
			;
		pool->n_slow_waiting--;
	}
	may = pool->n_slow < slow_max;
	pool->n_slow += may;
	monitor_leave(&pool->monitor);
	return may ? OK : ERR_BUSY;
}

void
pool_slow_leave(struct db_pool *pool)
{
	monitor_enter(&pool->monitor);
	pool->n_slow--;
	if (pool->n_slow_waiting > 0)
		monitor_notify(&pool->monitor);
	monitor_leave(&pool->monitor);
}

/* ---- opening and closing */

void
pool_reserve(struct db_pool *pool)
{
	monitor_enter(&pool->monitor);
	pool->reserves = true;
	monitor_leave(&pool->monitor);
}

void
db_pool_open(struct db_conf *conf)
{
	struct db_pool *pool = mem_zalloc(sizeof(*pool));

	conn_warn(conf);
	pool->conf = conf;
	monitor_open(&pool->monitor);
	if (pthread_create(&pool->sweeper, NULL, sweep, pool) != 0)
		abort();
	if (conf->hosts.n > 1)
		pool->watch = watch_open(pool);
	conf->pool = pool;
}

void
db_pool_close(struct db_conf *conf)
{
	struct db_pool *pool = conf->pool;

	if (pool == NULL)
		return;
	monitor_enter(&pool->monitor);
	pool->closing = true;
	monitor_notify(&pool->monitor);
	monitor_leave(&pool->monitor);
	pthread_join(pool->sweeper, NULL);
	watch_close(pool->watch);
	free_list(pool->idle);
	monitor_close(&pool->monitor);
	free(pool);
	conf->pool = NULL;
}
