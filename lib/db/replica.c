#include "db/replica.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/conn.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* How long a reader waits for the replica: longer than a healthy replica lags,
 * shorter than people notice. */
#define WAIT_S "0.1"
/* How long an unusable replica is left alone, at first and at most; then one
 * reader tries it. */
#define REST_FIRST_MS 3000
#define REST_MAX_MS 60000

static const char POSITION[] = "SELECT /*M! @@GLOBAL.gtid_binlog_pos */"
			       " /*!80000 @@GLOBAL.gtid_executed */";

/* 0: the replica has reached the position. MySQL counts whole seconds. */
static const char WAIT[] =
	"SELECT COALESCE(/*M! MASTER_GTID_WAIT(?, " WAIT_S ") */"
	" /*!80000 WAIT_FOR_EXECUTED_GTID_SET(?, 1) */, -1)";

enum state { WELL, BEHIND, AWAY };

struct replica {
	/* The server's settings, with the replica as host. */
	struct db_conf conf;
	unsigned waiting_max;
	pthread_mutex_t lock; /* guards the fields below */
	unsigned n_waiting;
	enum state state;
	bool is_tried; /* one reader tries the replica after its pause */
	int64_t rest_ms, rest_until_ms;
	struct replica_counts counts;
	char reason[320];
};

struct replica *
replica_open(const struct db_conf *conf, unsigned waiting_max)
{
	struct replica *replica;

	if (conf->read_hosts.n == 0)
		return NULL;
	replica = mem_zalloc(sizeof(*replica));
	replica->conf = *conf;
	replica->conf.hosts = conf->read_hosts;
	replica->conf.socket = "";
	replica->conf.is_replica = true;
	replica->waiting_max = waiting_max;
	pthread_mutex_init(&replica->lock, NULL);
	db_pool_open(&replica->conf);
	return replica;
}

void
replica_close(struct replica *replica)
{
	if (replica == NULL)
		return;
	db_pool_close(&replica->conf);
	pthread_mutex_destroy(&replica->lock);
	free(replica);
}

struct db *
replica_handle(struct replica *replica)
{
	return replica != NULL ? db_new(&replica->conf) : NULL;
}

struct replica_counts
replica_counts(struct replica *replica)
{
	struct replica_counts counts;

	pthread_mutex_lock(&replica->lock);
	counts = replica->counts;
	pthread_mutex_unlock(&replica->lock);
	return counts;
}

/* ---- the state of the replica */

static void
log_state(enum state state, const char *reason)
{
	if (state == WELL)
		log_info("replica_back", "reads=1");
	else
		log_warn(state == BEHIND ? "replica_behind" : "replica_away",
			"reason=\"%s\"", reason);
}

/* A replica that stays unusable is tried less and less often; simultaneous
 * failures count as one. */
static void
rest(struct replica *replica, enum state before)
{
	int64_t now_ms = clock_mono_ms();

	if (replica->state != AWAY || before != AWAY)
		replica->rest_ms = REST_FIRST_MS;
	else if (replica->is_tried)
		replica->rest_ms = MIN(replica->rest_ms * 2, REST_MAX_MS);
	replica->is_tried = false;
	replica->rest_until_ms = now_ms + replica->rest_ms;
}

/* Counts a request by the state it found. Inside the lock, as is change(). */
static void
count(struct replica *replica, enum state state)
{
	if (state == WELL)
		replica->counts.read++;
	else if (state == BEHIND)
		replica->counts.behind++;
	else
		replica->counts.away++;
}

static bool
change(struct replica *replica, enum state state, const char *reason)
{
	enum state before = replica->state;

	replica->state = state;
	snprintf(replica->reason, sizeof(replica->reason), "%s", reason);
	if (state == WELL)
		replica->is_tried = false;
	else
		rest(replica, before);
	return state != before;
}

static void
set_state(struct replica *replica, enum state state, const char *reason)
{
	bool is_new;

	pthread_mutex_lock(&replica->lock);
	is_new = change(replica, state, reason);
	count(replica, state);
	pthread_mutex_unlock(&replica->lock);
	if (is_new)
		log_state(state, reason);
}

/* After a pause, only the first reader tries the replica. */
static bool
rests(struct replica *replica)
{
	if (replica->state == WELL)
		return false;
	if (replica->is_tried || clock_mono_ms() < replica->rest_until_ms)
		return true;
	replica->is_tried = true;
	return false;
}

/* Whether one more thread may wait for the replica; if so, leave() must
 * follow. */
static bool
enter(struct replica *replica)
{
	bool full, may;

	pthread_mutex_lock(&replica->lock);
	full = replica->n_waiting >= replica->waiting_max;
	may = !full && !rests(replica);
	replica->n_waiting += may;
	if (!may)
		count(replica, replica->state == AWAY ? AWAY : BEHIND);
	pthread_mutex_unlock(&replica->lock);
	return may;
}

/* *tried*: the attempt has shown the state of the replica. */
static void
leave(struct replica *replica, bool tried)
{
	pthread_mutex_lock(&replica->lock);
	replica->n_waiting--;
	if (!tried)
		replica->is_tried = false;
	pthread_mutex_unlock(&replica->lock);
}

/* A timed-out statement says nothing about the server, and neither does our own
 * lack of a free connection. */
static bool
has_failed(const struct db *reader)
{
	return reader->failure.number != 0 && !reader->timed_out &&
		reader->failure.number != FAILURE_BUSY;
}

void
replica_was_read(struct replica *replica, const struct db *reader)
{
	bool failed = has_failed(reader);

	set_state(replica, failed ? AWAY : WELL,
		failed ? reader->failure.words : "");
}

const char *
replica_reason(const struct replica *replica)
{
	return replica->reason;
}

/* ---- waiting for the replica */

static void
read_position(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

static void
read_waited(struct row *row, void *out)
{
	*(bool *)out = row_i64(row) == 0;
}

/* OK with an empty *has*: the server in use keeps no log. */
static enum err
ask(struct db *db, struct db *reader, struct arena *arena, struct span *has,
	bool *waited)
{
	*waited = false;
	/* If no connection can be made, the old values would remain. */
	reader->failure.number = 0;
	reader->timed_out = false;
	TRY(db_one(db, arena, POSITION, NO_PARAMS, read_position, has));
	if (has->len == 0)
		return OK;
	return db_one(
		reader, arena, WAIT, PARAMS(SPAN(*has)), read_waited, waited);
}

bool
replica_has_all(struct replica *replica, struct db *db, struct db *reader,
	struct arena *arena)
{
	struct span has = { 0 };
	bool waited, unknown;
	enum err err;

	if (!enter(replica))
		return false;
	err = ask(db, reader, arena, &has, &waited);
	/* A failure of the server in use, or a lack of free connections, says
	 * nothing about the replica. */
	unknown = err != OK && !has_failed(reader);
	leave(replica, !unknown);
	if (waited || unknown)
		return waited;
	if (err != OK)
		replica_was_read(replica, reader);
	else if (has.len == 0)
		set_state(replica, AWAY,
			"The server of db.host writes no binary log with "
			"GTIDs, so the replica cannot be compared with it.");
	else
		set_state(
			replica, BEHIND, "It is behind the server of db.host.");
	return false;
}
