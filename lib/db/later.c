/*
 * Statements of a transaction whose results are not needed: its beginning,
 * those of db_later(), and the commit. They are kept as text and sent in one
 * packet. The server runs them in order and stops at the first failure, so it
 * does not run a commit that follows one.
 */

#include "db/conn.h"
#include "db/text.h"

#include <errmsg.h>
#include <string.h>

static const char START[] = "START TRANSACTION";

/* A longer value is sent on its own, unescaped. */
#define VALUES_MAX ((size_t)16 << 10)
/* The most that is kept; a smaller limit of the server counts instead. */
#define KEPT_MAX ((size_t)64 << 10)
/* What comes between two statements, and the commit at the end. */
#define BETWEEN sizeof(";;COMMIT")

/* A server that ends its connections between two statements may not report
 * those it did not run. Only as many answers as there are statements prove that
 * the last one ran. */
static enum err
send_kept(struct db *db)
{
	MYSQL *mysql = db->conn->mysql;
	unsigned n = 0;
	int more;

	TRY(db_query(db, buf_span(&db->later)));
	do {
		mysql_free_result(mysql_store_result(mysql));
		n++;
		more = mysql_next_result(mysql);
	} while (more == 0);
	if (more > 0)
		return db_failed(db, mysql_errno(mysql), "packet");
	return n == db->n_later ? OK : db_failed(db, CR_SERVER_LOST, "packet");
}

/* Nothing has been done yet, so a connection found dead is replaced here. */
static enum err
send_start(struct db *db)
{
	enum err err;

	db->in_transaction = false;
	err = db_query(db, span_of(START));
	if (err == ERR_BUSY && db->conn == NULL) {
		err = db_take(db);
		if (err == OK)
			err = db_query(db, span_of(START));
	}
	db->in_transaction = true;
	/* The rest of the transaction must not run without these statements. */
	db->lost = err != OK;
	return err;
}

void
later_begin(struct db *db)
{
	buf_clear(&db->later);
	buf_puts(&db->later, START);
	db->n_later = 1;
	db->begun = false;
	db->in_transaction = true;
}

enum err
later_send(struct db *db)
{
	bool alone = !db->begun && db->later.len == strlen(START);
	enum err err;

	if (db->later.len == 0)
		return OK;
	err = alone ? send_start(db) : send_kept(db);
	db->begun = true;
	db->n_later = 0;
	buf_clear(&db->later);
	return err;
}

enum err
later_commit(struct db *db)
{
	/* The transaction has not even begun. */
	if (!db->begun && db->later.len == strlen(START))
		return OK;
	if (db->later.len > 0) {
		buf_puts(&db->later, ";COMMIT");
		db->n_later++;
		return later_send(db);
	}
	if (mysql_commit(db->conn->mysql) != 0)
		return db_failed(db, mysql_errno(db->conn->mysql), "commit");
	return OK;
}

/* Keeps a statement for later. */
static enum err
keep(struct db *db, struct span sql)
{
	if (db->lost)
		return ERR_BUSY;
	if (!db_has_room(db, db->later.len + sql.len + BETWEEN))
		TRY(later_send(db));
	if (db->later.len > 0)
		buf_putc(&db->later, ';');
	buf_put_span(&db->later, sql);
	db->n_later++;
	return db->later.len > KEPT_MAX ? later_send(db) : OK;
}

enum err
db_later(struct db *db, const char *sql, struct params params)
{
	struct buf text = BUF_INIT;
	enum err err;

	if (!db->in_transaction || params_len(params) > VALUES_MAX)
		return db_exec(db, sql, params);
	text_put_all(&text, sql, params);
	/* Escaping may double its length. */
	if (!db->lost && !db_has_room(db, text.len + BETWEEN))
		err = db_exec(db, sql, params);
	else
		err = keep(db, buf_span(&text));
	buf_free(&text);
	return err;
}
