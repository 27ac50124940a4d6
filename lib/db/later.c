/*
 * Statements of a transaction that nobody waits for: its beginning, those of
 * db_later(), and the commit behind them. They are kept as text and go in one
 * packet. The server runs them one by one and stops at the first that fails, so
 * a commit behind it is not run.
 */

#include "db/conn.h"
#include "db/text.h"

#include <errmsg.h>
#include <string.h>

static const char START[] = "START TRANSACTION";

/* A longer value goes by itself, as it is. */
#define VALUES_MAX ((size_t)16 << 10)
/* So much is kept, or as much as the server takes. */
#define KEPT_MAX ((size_t)64 << 10)
/* Between two statements, and the commit at the end. */
#define BETWEEN sizeof(";;COMMIT")

/* A server that is told to end its connections between two statements may say
 * nothing of those that it has not run: only as many answers as there are
 * statements tell that the last one was. */
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

/* Nothing has been done yet, so a connection found dead here is replaced. */
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
	/* What follows must not run without. */
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
	/* Not even begun. */
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

enum err
db_flush(struct db *db)
{
	return db->in_transaction ? db_take(db) : OK;
}

static size_t
len_of(struct params params)
{
	size_t len = 0;

	for (unsigned i = 0; i < params.n; i++)
		if (params.list[i].type == PARAM_SPAN)
			len += params.list[i].as.span.len;
	return len;
}

/* Keeps a statement. */
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

	if (!db->in_transaction || len_of(params) > VALUES_MAX)
		return db_exec(db, sql, params);
	text_put_all(&text, sql, params);
	/* As text it may be twice as long. */
	if (!db->lost && !db_has_room(db, text.len + BETWEEN))
		err = db_exec(db, sql, params);
	else
		err = keep(db, buf_span(&text));
	buf_free(&text);
	return err;
}
