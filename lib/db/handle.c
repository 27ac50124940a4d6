/* Handles, and which connection each of them uses. */

#include "db/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "db/choice.h"
#include "db/fault.h"

#include <stdio.h>
#include <stdlib.h>

/* A repeated failure is logged at most once in this time. */
#define LOG_GAP_MS 10000
/* The room that a packet needs besides a statement's text or values. */
#define PACKET_ROOM 64

void
db_library_open(void)
{
	if (mysql_library_init(0, NULL, NULL) != 0)
		abort();
}

void
db_library_close(void)
{
	mysql_library_end();
}

struct db *
db_new(const struct db_conf *conf)
{
	struct db *db = mem_zalloc(sizeof(*db));

	db->conf = conf;
	db->pool = conf->pool;
	return db;
}

struct db *
db_new_urgent(const struct db_conf *conf)
{
	struct db *db = db_new(conf);

	db->urgent = true;
	if (db->pool != NULL)
		pool_reserve(db->pool);
	return db;
}

struct db *
db_new_patient(const struct db_conf *conf)
{
	struct db *db = db_new(conf);

	db->pool = NULL;
	db->patient = true;
	return db;
}

void
db_free(struct db *db)
{
	if (db == NULL)
		return;
	conn_free(db->conn);
	buf_free(&db->later);
	free(db);
	mysql_thread_end();
}

const char *
db_reason(const struct db *db)
{
	return db->failure.number != 0 ? db->failure.words : NULL;
}

bool
db_timed_out(const struct db *db)
{
	return db->timed_out;
}

size_t
db_packet_max(const struct db *db)
{
	return db->packet_max;
}

/* ---- loss of the database */

void
away_log(struct logged *away, const struct failure *failure)
{
	if (away->number == failure->number)
		return;
	away->number = failure->number;
	log_warn("db_away", "number=%u reason=\"%s\"", failure->number,
		failure->words);
}

void
away_over(struct logged *away)
{
	if (away->number != 0)
		log_info("db_back", "connected=1");
	away->number = 0;
}

/* ---- borrowing and returning connections */

static enum err
open_own(struct db *db, struct conn **out)
{
	static const struct choice none;
	unsigned order[HOSTS_MAX],
		n = choice_order(&none, db->conf, true, order);
	struct tried tried;

	*out = choice_open(db->conf, order, n,
		db->patient ? CONN_PATIENT : CONN_USUAL, &tried, &db->failure);
	if (*out == NULL) {
		away_log(&db->away, &db->failure);
		return ERR_BUSY;
	}
	away_over(&db->away);
	return OK;
}

enum err
db_take(struct db *db)
{
	struct conn *conn;

	/* The rest of this transaction must not run on a new connection. */
	if (db->lost)
		return ERR_BUSY;
	if (db->conn == NULL) {
		mysql_thread_init();
		TRY(db->pool == NULL ? open_own(db, &conn)
				     : pool_borrow(db->pool, db, &conn,
					       &db->failure));
		db->conn = conn;
	} else if (!db->in_transaction &&
		!(db->trusting && conn_was_alive(db->conn)) &&
		conn_is_dead(db->conn)) {
		db_drop(db);
		return db_take(db);
	}
	db->timed_out = false;
	db->packet_max = db->conn->packet_max;
	return db->in_transaction ? later_send(db) : OK;
}

void
db_give(struct db *db)
{
	if (db->conn == NULL || db->in_transaction)
		return;
	/* A session keeps the limit with which it began, even if the server's
	 * limit is raised later; so the older connections must go, too. */
	if (db->conn->outgrown) {
		if (db->pool != NULL)
			pool_renew(db->pool);
		db_drop(db);
		return;
	}
	db->conn->used_ms = clock_mono_ms();
	if (db->pool == NULL)
		return;
	pool_return(db->pool, db->conn, db->urgent);
	db->conn = NULL;
}

void
db_drop(struct db *db)
{
	db->lost = db->in_transaction;
	if (db->conn == NULL)
		return;
	if (db->pool != NULL)
		pool_lost(db->pool, db->conn, db->urgent);
	else
		conn_free(db->conn);
	db->conn = NULL;
}

/* ---- failures of statements */

static void
note(struct db *db, unsigned number, const char *what)
{
	int64_t now_ms = clock_mono_ms();

	db->failure.number = number;
	snprintf(db->failure.words, sizeof(db->failure.words), "%s",
		fault_words(number));
	if (number == db->logged.number &&
		now_ms - db->logged.at_ms < LOG_GAP_MS)
		return;
	db->logged = (struct logged){ number, now_ms };
	log_warn("db_error", "during=%s number=%u reason=\"%s\"", what, number,
		fault_words(number));
}

/* Whether a packet was too large, which is a limit of the session, not of a
 * column. */
static bool
is_packet(unsigned number)
{
	return number == 1153 || number == 1301;
}

/* A transaction whose commit was not sent is rolled back with its connection,
 * and may be repeated; if there is another server, at once. */
static bool
may_retry(const struct db *db, enum fault_kind kind)
{
	bool several = db->conf->hosts.n > 1;

	if (kind == FAULT_GONE || kind == FAULT_STALE)
		return several && db->in_transaction && !db->ending;
	return kind == FAULT_RETRY || (kind == FAULT_ELSEWHERE && several);
}

/* The server refuses changes; make the next connection to one that accepts
 * them. */
static void
turn_away(struct db *db)
{
	if (db->conf->hosts.n < 2 || db->conn == NULL)
		return;
	if (db->pool != NULL)
		pool_shun(db->pool, db->conn);
	db_drop(db);
}

enum err
db_failed(struct db *db, unsigned number, const char *what)
{
	enum fault_kind kind = fault_kind(number);

	db->retry = may_retry(db, kind);
	db->timed_out = kind == FAULT_SLOW;
	if (kind == FAULT_CONFLICT)
		return ERR_CONFLICT;
	if (kind == FAULT_RETRY) {
		log_info("db_retry", "during=%s number=%u", what, number);
		return ERR_BUSY;
	}
	note(db, number, what);
	switch (kind) {
	case FAULT_GONE:
	case FAULT_STALE:
		db_drop(db);
		return ERR_BUSY;
	case FAULT_ELSEWHERE:
		turn_away(db);
		return ERR_BUSY;
	case FAULT_LATER:
	case FAULT_SLOW:
		return ERR_BUSY;
	case FAULT_BIG:
		if (db->conn != NULL && is_packet(number))
			db->conn->outgrown = true;
		return ERR_TOO_BIG;
	case FAULT_REFUSED:
		return ERR_INVALID;
	case FAULT_RETRY:
	case FAULT_CONFLICT:
	case FAULT_DEFECT:
		break;
	}
	return ERR_INTERNAL;
}

/* A server that receives a packet above its limit closes the connection,
 * usually without a message. */
bool
db_has_room(const struct db *db, size_t len)
{
	return len + PACKET_ROOM <= db->conn->packet_max;
}

size_t
params_len(struct params params)
{
	size_t len = 0;

	for (unsigned i = 0; i < params.n; i++)
		if (params.list[i].type == PARAM_SPAN)
			len += params.list[i].as.span.len;
	return len;
}

enum err
db_fits(struct db *db, size_t len)
{
	return db_has_room(db, len) ? OK : db_failed(db, 1153, "size");
}

enum err
db_query(struct db *db, struct span sql)
{
	TRY(db_fits(db, sql.len));
	if (mysql_real_query(db->conn->mysql, sql.data, sql.len) != 0)
		return db_failed(db, mysql_errno(db->conn->mysql), "query");
	return OK;
}

/* ---- slow statements */

enum err
db_slow_enter(struct db *db)
{
	enum err err = db->pool != NULL ? pool_slow_enter(db->pool) : OK;

	db->timed_out = false;
	return err;
}

void
db_slow_leave(struct db *db)
{
	if (db->pool != NULL)
		pool_slow_leave(db->pool);
}
