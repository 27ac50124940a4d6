/*
 * conn.h: private to lib/db: the connection behind struct db.
 */

#ifndef DB_CONN_H
#define DB_CONN_H

#include "db/db.h"

#include <mysql.h>

struct db {
	const struct db_conf *conf;
	MYSQL *mysql; /* NULL: not connected */
	struct stmt *stmts;
	bool patient; /* no time limit for an answer */
	int64_t used_ms; /* when the server last answered */
	int64_t away_ms; /* when its absence was last logged, 0: it is there */
	bool in_transaction;
	bool lost; /* the connection went away inside a transaction */
	bool retry; /* the failed statement may succeed in a new transaction */
};

/* Connects when there is no connection, or when it has been idle for long
 * and turns out dead. ERR_BUSY | ERR_INTERNAL (refused by the server). */
MUST_USE enum err conn_ready(struct db *db);

/* Forgets the connection and its statements. */
void conn_close(struct db *db);

/*
 * What a server error number means; logs it, marks db->retry, and closes a
 * connection that is gone. *what* is a word for the log, never SQL.
 */
enum err conn_failed(struct db *db, unsigned number, const char *what);

/* A statement without parameters or rows, as text. */
MUST_USE enum err conn_query(struct db *db, struct span sql);

void stmt_free_all(struct db *db);

#endif
