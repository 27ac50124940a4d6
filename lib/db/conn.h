/*
 * conn.h: private to lib/db: a connection to the server with its prepared
 * statements, and the handle (struct db) that borrows one.
 */

#ifndef DB_CONN_H
#define DB_CONN_H

#include "base/buf.h"
#include "db/db.h"

#include <mysql.h>

/* Our own failure numbers, lower than any of the library or the server. */
#define FAILURE_BUSY 1u /* all connections are in use */
#define FAILURE_REFUSED 2u /* the session drops its settings */

/* The reason of a failure, in words for the operator; never contains SQL. */
struct failure {
	unsigned number; /* 0: no failure */
	char words[320];
};

/* When a failure was last logged, so that an event produces only one line. */
struct logged {
	unsigned number;
	int64_t at_ms;
};

struct conn {
	struct conn *next; /* next in the pool's idle list */
	struct conn *other; /* next in the pool's list of all */
	MYSQL *mysql;
	unsigned at; /* index into db_conf's hosts */
	bool writable; /* whether the server accepts changes, if checked */
	struct stmt *stmts; /* most recently used first */
	unsigned n_stmts;
	size_t packet_max; /* max_allowed_packet when it connected */
	bool outgrown; /* a value was larger; a new connection may take it */
	/* Connections granted to the account; 0: no limit. */
	unsigned long granted;
	int64_t open_ms; /* when it was opened */
	int64_t used_ms; /* when the server last answered */
};

struct db {
	const struct db_conf *conf;
	struct db_pool *pool; /* NULL: the handle has its own connection */
	struct conn *conn; /* NULL: no connection at the moment */
	bool patient; /* no time limit for an answer */
	bool urgent; /* is served first by the pool */
	bool trusting; /* its next statement can safely be repeated */
	bool in_transaction;
	bool begun; /* the server has begun the transaction */
	bool ending; /* its commit may have been sent */
	struct buf later; /* unsent statements of the transaction */
	unsigned n_later; /* the number of these statements */
	/* The connection was lost inside a transaction. */
	bool lost;
	/* The failed statement may succeed in a new transaction. */
	bool retry;
	/* The last statement exceeded its time limit. */
	bool timed_out;
	size_t packet_max; /* of the last connection */
	struct failure failure; /* the last failure */
	struct logged logged; /* failures of statements */
	struct logged away; /* failures to connect, without a pool */
};

/* ---- conn.c: one connection */

/* CONN_PROBE only checks whether the server is well, and does not wait. */
enum conn_use { CONN_USUAL, CONN_PATIENT, CONN_PROBE };

/* Connects to the server with index *at* in db_conf's hosts and sets the
 * session's state. Returns NULL and *failure* if it cannot. */
struct conn *conn_open(const struct db_conf *conf, unsigned at,
	enum conn_use use, struct failure *failure);
void conn_free(struct conn *conn); /* NULL is ignored */

/* Shuts the connection down: a thread that waits for an answer on it stops
 * waiting. */
void conn_cut(const struct conn *conn);

/* Warns about dangerous settings: data sent unencrypted can be read on the
 * network. */
void conn_warn(const struct db_conf *conf);

/* Whether the server closed the connection while it was idle. */
bool conn_is_dead(struct conn *conn);
/* Whether the connection was used a moment ago, which suffices for statements
 * that can safely be repeated. */
bool conn_was_alive(const struct conn *conn);

/* ---- session.c: the state of the session */

/* Sets the whole state in one round trip and finds out whether the server
 * accepts changes; the latter only if there are *several* servers. Returns
 * false and *failure* on error. */
bool session_begin(struct conn *conn, enum conn_use use, bool several,
	struct failure *failure);

/* ---- handle.c: which handle uses which connection */

/* Makes sure that the handle has a working connection. ERR_BUSY. */
MUST_USE enum err db_take(struct db *db);

/* Gives the connection back after a statement; inside a transaction the handle
 * keeps it. */
void db_give(struct db *db);

/* Drops a connection that is no longer usable. */
void db_drop(struct db *db);

/*
 * Translates a server's error number: logs it, sets db->retry and
 * db->timed_out, and drops a connection that is lost. *what* is a word for the
 * log.
 */
enum err db_failed(struct db *db, unsigned number, const char *what);

/* db_has_room(): whether a statement with values of *len* bytes may be sent.
 * db_fits(): the same as OK | ERR_TOO_BIG, logged. */
bool db_has_room(const struct db *db, size_t len);
MUST_USE enum err db_fits(struct db *db, size_t len);

/* Runs a statement without parameters or rows, as text. */
MUST_USE enum err db_query(struct db *db, struct span sql);

/* Logs once that there is no connection, and why; and once when there is one
 * again. */
void away_log(struct logged *away, const struct failure *failure);
void away_over(struct logged *away);

/* ---- pool.c */

/* Borrows a connection for *db*, which determines its urgency and how carefully
 * the connection is checked. */
MUST_USE enum err pool_borrow(struct db_pool *pool, const struct db *db,
	struct conn **out, struct failure *failure);
/* Takes a connection back, and closes it if there are too many. *conn* may be
 * lost. */
void pool_return(struct db_pool *pool, struct conn *conn, bool urgent);
void pool_lost(struct db_pool *pool, struct conn *conn, bool urgent);
/* Makes sure that no existing connection is reused. */
void pool_renew(struct db_pool *pool);
/* Prefers other servers from now on, because this one refuses changes. */
void pool_shun(struct db_pool *pool, const struct conn *conn);
/* Announces urgent handles, for which the last connection is reserved. */
void pool_reserve(struct db_pool *pool);
/* Enters a slow statement. ERR_BUSY if too many of them are running. */
MUST_USE enum err pool_slow_enter(struct db_pool *pool);
void pool_slow_leave(struct db_pool *pool);

/* ---- later.c: statements of a transaction that are sent together */

void later_begin(struct db *db);
/* Sends the kept statements; call it before any other statement of the
 * transaction. */
MUST_USE enum err later_send(struct db *db);
MUST_USE enum err later_commit(struct db *db);

/* ---- stmt.c */

void stmt_free_all(struct conn *conn);

#endif
