#include "db/replica.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/conn.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* How long a reader waits for it: longer than a healthy one is behind, shorter
 * than anybody notices. */
#define WAIT_S "0.25"
/* How long one that cannot be used is left alone, at first and at most: then one
 * reader tries it again. */
#define REST_FIRST_MS 3000
#define REST_MAX_MS 60000

static const char POSITION[] = "SELECT /*M! @@GLOBAL.gtid_binlog_pos */"
			       " /*!80000 @@GLOBAL.gtid_executed */";

/* 0: it has all of that. MySQL counts whole seconds. */
static const char WAIT[] =
	"SELECT COALESCE(/*M! MASTER_GTID_WAIT(?, " WAIT_S ") */"
	" /*!80000 WAIT_FOR_EXECUTED_GTID_SET(?, 1) */, -1)";

enum state { WELL, BEHIND, AWAY };

struct replica {
	struct db_conf conf; /* the server's, with this one in its place */
	pthread_mutex_t lock; /* of all that follows */
	enum state state;
	int64_t rest_ms, rest_until_ms;
	struct replica_counts counts;
	char reason[320];
};

struct replica *
replica_open(const struct db_conf *conf)
{
	struct replica *replica;

	if (conf->read_hosts.n == 0)
		return NULL;
	replica = mem_zalloc(sizeof(*replica));
	replica->conf = *conf;
	replica->conf.hosts = conf->read_hosts;
	replica->conf.socket = "";
	replica->conf.hurried = true;
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

/* ---- whether it can be used */

static void
count(struct replica *replica)
{
	if (replica->state == WELL)
		replica->counts.read++;
	else if (replica->state == BEHIND)
		replica->counts.behind++;
	else
		replica->counts.away++;
}

static void
log_state(enum state state, const char *reason)
{
	if (state == WELL)
		log_info("replica_back", "reads=1");
	else
		log_warn(state == BEHIND ? "replica_behind" : "replica_away",
			"reason=\"%s\"", reason);
}

static void
rest(struct replica *replica)
{
	if (replica->state == WELL || replica->rest_ms == 0)
		replica->rest_ms = REST_FIRST_MS;
	else if (replica->state == AWAY)
		replica->rest_ms = MIN(replica->rest_ms * 2, REST_MAX_MS);
	replica->rest_until_ms = clock_mono_ms() + replica->rest_ms;
}

static void
set_state(struct replica *replica, enum state state, const char *reason)
{
	bool is_new;

	pthread_mutex_lock(&replica->lock);
	is_new = state != replica->state;
	replica->state = state;
	snprintf(replica->reason, sizeof(replica->reason), "%s", reason);
	rest(replica);
	count(replica);
	pthread_mutex_unlock(&replica->lock);
	if (is_new)
		log_state(state, reason);
}

/* Of several who come after the rest one tries. */
static bool
rests(struct replica *replica)
{
	int64_t now_ms = clock_mono_ms();
	bool rests = false;

	pthread_mutex_lock(&replica->lock);
	if (replica->state != WELL) {
		rests = now_ms < replica->rest_until_ms;
		if (rests)
			count(replica);
		else
			replica->rest_until_ms = now_ms + replica->rest_ms;
	}
	pthread_mutex_unlock(&replica->lock);
	return rests;
}

static const char *
reason_of(const struct db *reader)
{
	const char *reason = db_reason(reader);

	return reason != NULL ? reason : "It cannot be read.";
}

const char *
replica_reason(struct replica *replica)
{
	return replica->reason;
}

void
replica_failed(struct replica *replica, const struct db *reader)
{
	set_state(replica, AWAY, reason_of(reader));
}

/* ---- waiting for it */

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

static enum err
position(struct replica *replica, struct db *db, struct arena *arena,
	struct span *out)
{
	TRY(db_one(db, arena, POSITION, NO_PARAMS, read_position, out));
	if (out->len > 0)
		return OK;
	set_state(replica, AWAY,
		"The server of db.host writes no binary log with GTIDs, so "
		"that a replica cannot be compared with it.");
	return ERR_BUSY;
}

bool
replica_has_all(struct replica *replica, struct db *db, struct db *reader,
	struct arena *arena)
{
	struct span has = { 0 };
	bool waited = false;

	if (rests(replica) || position(replica, db, arena, &has) != OK)
		return false;
	if (db_one(reader, arena, WAIT, PARAMS(SPAN(has)), read_waited,
		    &waited) != OK) {
		replica_failed(replica, reader);
		return false;
	}
	set_state(replica, waited ? WELL : BEHIND,
		"It does not have what was stored " WAIT_S " s ago.");
	return waited;
}
