/*
 * conn.h: private to lib/db: a connection to the server with its prepared
 * statements, and the handle (struct db) that borrows one.
 */

#ifndef DB_CONN_H
#define DB_CONN_H

#include "base/buf.h"
#include "db/db.h"

#include <mysql.h>

/* Numbers of our own, below all of the library's and the server's. */
#define FAILURE_BUSY 1u /* all connections are in use */
#define FAILURE_REFUSED 2u /* a session does not keep what is set */

/* Why something failed, in words for the operator; never SQL. */
struct failure {
	unsigned number; /* 0: nothing has */
	char words[320];
};

/* When a failure was last logged, so that one event is one line. */
struct logged {
	unsigned number;
	int64_t at_ms;
};

struct conn {
	struct conn *next; /* in the pool */
	struct conn *other; /* in the pool's list of all */
	MYSQL *mysql;
	unsigned at; /* of db_conf's hosts */
	bool writable; /* the server took changes, as far as is asked */
	struct stmt *stmts; /* used last comes first */
	unsigned n_stmts;
	size_t packet_max; /* the server's max_allowed_packet, as it was then */
	bool outgrown; /* something was larger; a new one may take it */
	unsigned long granted; /* the account's connections, 0: no limit */
	int64_t open_ms; /* when it was made */
	int64_t used_ms; /* when the server last answered */
};

struct db {
	const struct db_conf *conf;
	struct db_pool *pool; /* NULL: it keeps a connection of its own */
	struct conn *conn; /* NULL: none at the moment */
	bool patient; /* no time limit for an answer */
	bool urgent; /* first in the pool's queue */
	bool trusting; /* what it sends next can be sent again */
	bool in_transaction;
	bool begun; /* the transaction, at the server */
	bool ending; /* its commit may have been sent */
	struct buf later; /* its statements that are not sent yet, as text */
	unsigned n_later; /* how many */
	bool lost; /* the connection went away inside a transaction */
	bool retry; /* the failed statement may succeed in a new transaction */
	bool timed_out; /* the last statement, by its time limit */
	size_t packet_max; /* of the last connection */
	struct failure failure; /* the last one */
	struct logged logged; /* of statements */
	struct logged away; /* of its own connection */
};

/* ---- conn.c: one connection */

/* CONN_PROBE only looks whether the server is well, and does not wait. */
enum conn_use { CONN_USUAL, CONN_PATIENT, CONN_PROBE };

/* Connects to a server of db_conf's hosts, by number, and sets the session's
 * state; NULL and *failure*. */
struct conn *conn_open(const struct db_conf *conf, unsigned at,
	enum conn_use use, struct failure *failure);
void conn_free(struct conn *conn); /* NULL: nothing */

/* Whoever waits for an answer on it waits no more. */
void conn_cut(const struct conn *conn);

/* Logs what of the settings is dangerous: what goes over a network in the clear
 * can be read there. */
void conn_warn(const struct db_conf *conf);

/* Whether the server has closed it while nobody used it. */
bool conn_is_dead(struct conn *conn);
/* Whether it was used a moment ago: good enough for what can be sent again. */
bool conn_was_alive(const struct conn *conn);

/* ---- session.c: the state of the session */

/* All of it in one round trip, and whether the server takes changes; of one
 * server alone (*several*) that is not asked. False and *failure*. */
bool session_begin(struct conn *conn, enum conn_use use, bool several,
	struct failure *failure);

/* ---- handle.c: who uses which connection */

/* Gives the handle a connection that is there. ERR_BUSY. */
MUST_USE enum err db_take(struct db *db);

/* After each statement; inside a transaction it keeps the connection. */
void db_give(struct db *db);

/* The connection is of no use any more. */
void db_drop(struct db *db);

/*
 * What a server's error number means; logs it, marks db->retry and
 * db->timed_out, and drops a connection that is gone. *what* is a word for
 * the log.
 */
enum err db_failed(struct db *db, unsigned number, const char *what);

/* Whether a statement with values of *len* bytes may be sent; db_fits():
 * OK | ERR_TOO_BIG, logged. */
bool db_has_room(const struct db *db, size_t len);
MUST_USE enum err db_fits(struct db *db, size_t len);

/* A statement without parameters or rows, as text. */
MUST_USE enum err db_query(struct db *db, struct span sql);

/* Logs that there is no connection, and why, once; and once that there is. */
void away_log(struct logged *away, const struct failure *failure);
void away_over(struct logged *away);

/* ---- pool.c */

/* For *db*, which says how urgent it is and how alive the connection must be. */
MUST_USE enum err pool_borrow(struct db_pool *pool, const struct db *db,
	struct conn **out, struct failure *failure);
/* Takes it back, closes it when there are too many; *conn* may be gone. */
void pool_return(struct db_pool *pool, struct conn *conn, bool urgent);
void pool_lost(struct db_pool *pool, struct conn *conn, bool urgent);
/* None that there are now is used again. */
void pool_renew(struct db_pool *pool);
/* Its server does not take changes: others are tried first. */
void pool_shun(struct db_pool *pool, const struct conn *conn);
/* There will be urgent handles: the last connection is kept for them. */
void pool_reserve(struct db_pool *pool);
/* A slow statement. ERR_BUSY: enough of them run. */
MUST_USE enum err pool_slow_enter(struct db_pool *pool);
void pool_slow_leave(struct db_pool *pool);

/* ---- later.c: statements of a transaction that are sent with others */

void later_begin(struct db *db);
/* Sends what is kept; before any other statement of the transaction. */
MUST_USE enum err later_send(struct db *db);
MUST_USE enum err later_commit(struct db *db);

/* ---- stmt.c */

void stmt_free_all(struct conn *conn);

#endif
