/* Prepared statements: parameters in, rows out. */

#include "db/row.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <errmsg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STMT_PARAMS_MAX 400
/* Statements per connection; above it the least recently used is dropped. */
#define STMTS_MAX 96
/* A dead connection is noticed within this time. A statement that has had no
 * answer for longer may still be running, so it is not repeated. */
#define DEAD_AT_ONCE_MS 1000
#define EXEC_AGAIN_MAX 3
/* The time limit of a statement that only reads. */
#define READ_LIMIT DB_WITHIN_S(5)

struct stmt {
	struct stmt *next;
	const char *sql; /* the key, compared by address */
	MYSQL_STMT *handle;
	struct row *row; /* NULL: it has never had one */
};

static void
stmt_free(struct stmt *stmt)
{
	mysql_stmt_close(stmt->handle);
	free(stmt->row);
	free(stmt);
}

void
stmt_free_all(struct conn *conn)
{
	struct stmt *stmt, *next;

	for (stmt = conn->stmts; stmt != NULL; stmt = next) {
		next = stmt->next;
		stmt_free(stmt);
	}
	conn->stmts = NULL;
	conn->n_stmts = 0;
}

static void
forget_last(struct conn *conn)
{
	struct stmt **link = &conn->stmts;

	while ((*link)->next != NULL)
		link = &(*link)->next;
	stmt_free(*link);
	*link = NULL;
	conn->n_stmts--;
}

static enum err
stmt_failed(struct db *db, MYSQL_STMT *handle, const char *what)
{
	unsigned number = mysql_stmt_errno(handle);

	/* If the connection is lost while rows arrive, only the connection
	 * reports an error, or nothing does. */
	if (number == 0)
		number = mysql_errno(db->conn->mysql);
	return db_failed(db, number != 0 ? number : CR_SERVER_LOST, what);
}

/* Prepares the text; a read begins with its time limit. */
static int
send_text(MYSQL_STMT *handle, const char *sql, bool limited)
{
	static const char select[] = "SELECT";
	struct buf text = BUF_INIT;
	int failed;

	if (!limited || strncmp(sql, select, sizeof(select) - 1) != 0)
		return mysql_stmt_prepare(handle, sql, strlen(sql));
	buf_puts(&text, READ_LIMIT);
	buf_puts(&text, sql + sizeof(select) - 1);
	failed = mysql_stmt_prepare(handle, text.data, text.len);
	buf_free(&text);
	return failed;
}

static struct stmt *
prepare(struct db *db, const char *sql, enum err *err)
{
	struct conn *conn = db->conn;
	MYSQL_STMT *handle = mysql_stmt_init(conn->mysql);
	struct stmt *stmt;

	if (handle == NULL)
		abort();
	stmt = mem_alloc(sizeof(*stmt));
	*stmt = (struct stmt){ conn->stmts, sql, handle, NULL };
	conn->stmts = stmt;
	if (++conn->n_stmts > STMTS_MAX)
		forget_last(conn);
	if (send_text(handle, sql, !db->patient) != 0) {
		*err = stmt_failed(db, handle, "prepare");
		if (db->conn == conn) {
			conn->stmts = stmt->next;
			conn->n_stmts--;
			stmt_free(stmt);
		}
		return NULL;
	}
	return stmt;
}

/* The connection's statement for *sql*, moved to the front of its list; NULL
 * with *err* set on failure. */
static struct stmt *
find(struct db *db, const char *sql, unsigned n_params, enum err *err)
{
	struct stmt **link = &db->conn->stmts, *stmt;

	for (; (stmt = *link) != NULL; link = &stmt->next) {
		if (stmt->sql != sql ||
			mysql_stmt_param_count(stmt->handle) != n_params)
			continue;
		*link = stmt->next;
		stmt->next = db->conn->stmts;
		db->conn->stmts = stmt;
		return stmt;
	}
	return prepare(db, sql, err);
}

static MYSQL_TIME
to_time(int64_t wall_ms)
{
	time_t seconds = (time_t)(wall_ms / 1000);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	return (MYSQL_TIME){ .year = (unsigned)tm.tm_year + 1900,
		.month = (unsigned)tm.tm_mon + 1,
		.day = (unsigned)tm.tm_mday,
		.hour = (unsigned)tm.tm_hour,
		.minute = (unsigned)tm.tm_min,
		.second = (unsigned)tm.tm_sec,
		.second_part = (unsigned long)(wall_ms % 1000) * 1000,
		.time_type = MYSQL_TIMESTAMP_DATETIME };
}

/* The client library takes pointers to mutable data that it only reads. */
static void *
unconst(const void *ptr)
{
	return (void *)(uintptr_t)ptr;
}

static MYSQL_BIND
bind_param(const struct param *param, MYSQL_TIME *time)
{
	MYSQL_BIND bind = { .buffer_type = MYSQL_TYPE_NULL };

	switch (param->type) {
	case PARAM_NULL:
		break;
	case PARAM_U64:
	case PARAM_I64:
		bind.buffer_type = MYSQL_TYPE_LONGLONG;
		bind.is_unsigned = param->type == PARAM_U64;
		bind.buffer = unconst(&param->as.u64);
		break;
	case PARAM_SPAN:
		if (param->as.span.data == NULL)
			break;
		bind.buffer_type = MYSQL_TYPE_STRING;
		bind.buffer = unconst(param->as.span.data);
		bind.buffer_length = param->as.span.len;
		break;
	case PARAM_TIME:
		*time = to_time(param->as.i64);
		bind.buffer_type = MYSQL_TYPE_DATETIME;
		bind.buffer = time;
		break;
	}
	return bind;
}

/* Upper bound of their size in a packet: each value has a type and a length. */
static size_t
packed_len(struct params params)
{
	return params_len(params) + (size_t)params.n * 12;
}

static enum err
bind_params(struct db *db, MYSQL_STMT *handle, struct params params,
	MYSQL_BIND *binds, MYSQL_TIME *times)
{
	if (params.n > STMT_PARAMS_MAX ||
		params.n != mysql_stmt_param_count(handle)) {
		log_error("db_params", "given=%u", params.n);
		return ERR_INTERNAL;
	}
	TRY(db_fits(db, packed_len(params)));
	for (unsigned i = 0; i < params.n; i++)
		binds[i] = bind_param(&params.list[i], &times[i]);
	if (params.n > 0 && mysql_stmt_bind_param(handle, binds) != 0)
		return stmt_failed(db, handle, "bind");
	return OK;
}

/* The text contains no values: they are parameters. */
static void
note_time(struct db *db, const char *sql, int64_t ms)
{
	int64_t slow_ms = db->conf->slow_ms;

	if (slow_ms > 0 && ms >= slow_ms)
		log_warn("statement_slow", "ms=%lld sql=\"%.100s\"",
			(long long)ms, sql);
	else
		log_debug("statement", "ms=%lld sql=\"%.100s\"", (long long)ms,
			sql);
}

static enum err
execute(struct db *db, const char *sql, struct params params, struct stmt **out)
{
	MYSQL_BIND binds[STMT_PARAMS_MAX] NOT_ZEROED;
	MYSQL_TIME times[STMT_PARAMS_MAX] NOT_ZEROED;
	struct stmt *stmt;
	int64_t began_ms;
	enum err err;
	int failed;

	TRY(db_take(db));
	stmt = find(db, sql, params.n, &err);
	if (stmt == NULL)
		return err;
	TRY(bind_params(db, stmt->handle, params, binds, times));
	began_ms = clock_mono_ms();
	failed = mysql_stmt_execute(stmt->handle);
	note_time(db, sql, clock_mono_ms() - began_ms);
	if (failed != 0)
		return stmt_failed(db, stmt->handle, "execute");
	*out = stmt;
	return OK;
}

/*
 * The first statement finds out that a connection has died. Outside a
 * transaction a read can simply be repeated, so the first attempt skips the
 * check whether the connection is alive; the second one makes it.
 */
static enum err
execute_read(
	struct db *db, const char *sql, struct params params, struct stmt **out)
{
	int64_t began_ms = clock_mono_ms();
	enum err err;

	db->trusting = true;
	err = execute(db, sql, params, out);
	db->trusting = false;
	if (err == ERR_BUSY && db->conn == NULL && !db->in_transaction &&
		(db->conf->hosts.n > 1 ||
			clock_mono_ms() - began_ms < DEAD_AT_ONCE_MS))
		err = execute(db, sql, params, out);
	return err;
}

static enum err
fetch_rows(struct row *row, enum err (*each)(struct row *, void *), void *arg)
{
	int got;

	for (;;) {
		row->next = 0;
		got = mysql_stmt_fetch(row->handle);
		if (got == MYSQL_NO_DATA)
			return OK;
		if (got != 0 && got != MYSQL_DATA_TRUNCATED)
			return stmt_failed(row->db, row->handle, "fetch");
		TRY(each(row, arg));
	}
}

static struct row *
row_of(struct stmt *stmt, struct db *db, struct arena *arena)
{
	/* db_failed() is never OK. NOLINTNEXTLINE(clang-analyzer-*) */
	if (stmt->row == NULL)
		stmt->row = mem_zalloc(sizeof(*stmt->row));
	stmt->row->db = db;
	stmt->row->arena = arena;
	stmt->row->handle = stmt->handle;
	return stmt->row;
}

static enum err
read_rows(struct db *db, struct arena *arena, const char *sql,
	struct params params, enum err (*each)(struct row *, void *), void *arg)
{
	struct stmt *stmt = NULL;
	struct row *row;
	enum err err;

	TRY(execute_read(db, sql, params, &stmt));
	row = row_of(stmt, db, arena);
	err = row_bind(row);
	if (err == OK)
		err = fetch_rows(row, each, arg);
	if (db->conn != NULL)
		mysql_stmt_free_result(stmt->handle);
	return err;
}

enum err
db_each(struct db *db, struct arena *arena, const char *sql,
	struct params params, enum err (*each)(struct row *, void *), void *arg)
{
	enum err err = read_rows(db, arena, sql, params, each, arg);

	db_give(db);
	return err;
}

struct one {
	void (*read)(struct row *, void *);
	void *out;
	bool found;
};

static enum err
take_one(struct row *row, void *arg)
{
	struct one *one = arg;

	if (!one->found)
		one->read(row, one->out);
	one->found = true;
	return OK;
}

enum err
db_one(struct db *db, struct arena *arena, const char *sql,
	struct params params, void (*read)(struct row *, void *), void *out)
{
	struct one one = { read, out, false };

	TRY(db_each(db, arena, sql, params, take_one, &one));
	return one.found ? OK : ERR_NOT_FOUND;
}

static enum err
run(struct db *db, const char *sql, struct params params, uint64_t *affected)
{
	struct stmt *stmt = NULL;

	TRY(execute(db, sql, params, &stmt));
	if (affected != NULL)
		*affected = mysql_stmt_affected_rows(stmt->handle);
	return OK;
}

/* A single statement can be sent again if it was rolled back in favour of
 * another, or refused by a server that accepts no changes. */
enum err
db_exec_n(struct db *db, const char *sql, struct params params,
	uint64_t *affected)
{
	int64_t began_ms = clock_mono_ms();
	enum err err;

	for (unsigned tries = 0;; tries++) {
		db->retry = false;
		err = run(db, sql, params, affected);
		db_give(db);
		if (err != ERR_BUSY || !db->retry || db->in_transaction ||
			tries == EXEC_AGAIN_MAX ||
			clock_mono_ms() - began_ms > DEAD_AT_ONCE_MS)
			return err;
	}
}

enum err
db_exec(struct db *db, const char *sql, struct params params)
{
	return db_exec_n(db, sql, params, NULL);
}
