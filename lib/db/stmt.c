/* Prepared statements: parameters in, rows out. */

#include "db/conn.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"

#include <errmsg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STMT_PARAMS_MAX 24
#define STMT_COLUMNS_MAX 24
/* Texts up to this long arrive with the row, longer ones are fetched. */
#define INLINE_LEN 64

/* MySQL 8 says bool, MariaDB my_bool (a char); both are one byte. */
typedef __typeof__(*((MYSQL_BIND *)NULL)->is_null) null_flag;

struct stmt {
	struct stmt *next;
	const char *sql; /* found again by its address */
	MYSQL_STMT *handle;
};

struct column {
	union {
		uint64_t u64;
		MYSQL_TIME time;
		char text[INLINE_LEN];
	} value;
	unsigned long len;
	null_flag is_null;
};

struct row {
	struct db *db;
	struct arena *arena;
	MYSQL_STMT *handle;
	unsigned n, next;
	MYSQL_BIND binds[STMT_COLUMNS_MAX];
	struct column columns[STMT_COLUMNS_MAX];
};

void
stmt_free_all(struct db *db)
{
	struct stmt *stmt, *next;

	for (stmt = db->stmts; stmt != NULL; stmt = next) {
		next = stmt->next;
		mysql_stmt_close(stmt->handle);
		free(stmt);
	}
	db->stmts = NULL;
}

static enum err
stmt_failed(struct db *db, MYSQL_STMT *handle, const char *what)
{
	unsigned number = mysql_stmt_errno(handle);

	/* A connection that is lost while rows come in is told of by the
	 * connection, or by nobody. */
	if (number == 0)
		number = mysql_errno(db->mysql);
	return conn_failed(db, number != 0 ? number : CR_SERVER_LOST, what);
}

static enum err
prepare(struct db *db, const char *sql, MYSQL_STMT **out)
{
	MYSQL_STMT *handle = mysql_stmt_init(db->mysql);
	struct stmt *stmt;
	enum err err;

	if (handle == NULL)
		abort();
	if (mysql_stmt_prepare(handle, sql, strlen(sql)) != 0) {
		err = stmt_failed(db, handle, "prepare");
		mysql_stmt_close(handle);
		return err;
	}
	stmt = mem_alloc(sizeof(*stmt));
	*stmt = (struct stmt){ db->stmts, sql, handle };
	db->stmts = stmt;
	*out = handle;
	return OK;
}

/* The connection's statement for *sql*, moved to the front of its list. */
static enum err
find(struct db *db, const char *sql, MYSQL_STMT **out)
{
	struct stmt **link, *stmt;

	for (link = &db->stmts; (stmt = *link) != NULL; link = &stmt->next) {
		if (stmt->sql != sql)
			continue;
		*link = stmt->next;
		stmt->next = db->stmts;
		db->stmts = stmt;
		*out = stmt->handle;
		return OK;
	}
	return prepare(db, sql, out);
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

static int64_t
from_time(const MYSQL_TIME *time)
{
	struct tm tm = { .tm_year = (int)time->year - 1900,
		.tm_mon = (int)time->month - 1,
		.tm_mday = (int)time->day,
		.tm_hour = (int)time->hour,
		.tm_min = (int)time->minute,
		.tm_sec = (int)time->second };

	return (int64_t)timegm(&tm) * 1000 + (int64_t)time->second_part / 1000;
}

/* The client library takes pointers to what it only reads. */
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

static enum err
execute(struct db *db, const char *sql, struct params params, MYSQL_STMT **out)
{
	MYSQL_BIND binds[STMT_PARAMS_MAX];
	MYSQL_TIME times[STMT_PARAMS_MAX];
	MYSQL_STMT *handle = NULL;

	TRY(conn_ready(db));
	TRY(find(db, sql, &handle));
	if (params.n > STMT_PARAMS_MAX ||
		params.n != mysql_stmt_param_count(handle)) {
		log_error("db_params", "given=%u", params.n);
		return ERR_INTERNAL;
	}
	for (unsigned i = 0; i < params.n; i++)
		binds[i] = bind_param(&params.list[i], &times[i]);
	if (params.n > 0 && mysql_stmt_bind_param(handle, binds) != 0)
		return stmt_failed(db, handle, "bind");
	if (mysql_stmt_execute(handle) != 0)
		return stmt_failed(db, handle, "execute");
	*out = handle;
	return OK;
}

/*
 * A connection that died unnoticed is found out by its first statement.
 * Outside of a transaction a read can simply be run again.
 */
static enum err
execute_read(
	struct db *db, const char *sql, struct params params, MYSQL_STMT **out)
{
	enum err err = execute(db, sql, params, out);

	if (err == ERR_BUSY && db->mysql == NULL && !db->in_transaction)
		err = execute(db, sql, params, out);
	return err;
}

static void
bind_column(MYSQL_BIND *bind, struct column *column, const MYSQL_FIELD *field)
{
	*bind = (MYSQL_BIND){ .buffer = &column->value,
		.length = &column->len,
		.is_null = &column->is_null };
	switch ((int)field->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
		bind->buffer_type = MYSQL_TYPE_LONGLONG;
		bind->is_unsigned = (field->flags & UNSIGNED_FLAG) != 0;
		break;
	case MYSQL_TYPE_DATETIME:
	case MYSQL_TYPE_TIMESTAMP:
		bind->buffer_type = MYSQL_TYPE_DATETIME;
		break;
	default:
		bind->buffer_type = MYSQL_TYPE_STRING;
		bind->buffer_length = INLINE_LEN;
	}
}

static enum err
bind_row(struct row *row)
{
	MYSQL_RES *meta = mysql_stmt_result_metadata(row->handle);

	if (meta == NULL)
		return stmt_failed(row->db, row->handle, "metadata");
	row->n = mysql_num_fields(meta);
	if (row->n > STMT_COLUMNS_MAX)
		abort();
	for (unsigned i = 0; i < row->n; i++)
		bind_column(&row->binds[i], &row->columns[i],
			mysql_fetch_field_direct(meta, i));
	mysql_free_result(meta);
	if (mysql_stmt_bind_result(row->handle, row->binds) != 0)
		return stmt_failed(row->db, row->handle, "bind_result");
	return OK;
}

static struct column *
next_column(struct row *row)
{
	if (row->next >= row->n)
		abort();
	return &row->columns[row->next++];
}

uint64_t
row_u64(struct row *row)
{
	struct column *column = next_column(row);

	return column->is_null ? 0 : column->value.u64;
}

int64_t
row_i64(struct row *row)
{
	return (int64_t)row_u64(row);
}

int64_t
row_time(struct row *row)
{
	struct column *column = next_column(row);

	return column->is_null ? 0 : from_time(&column->value.time);
}

struct span
row_span(struct row *row)
{
	struct column *column = next_column(row);
	unsigned index = row->next - 1;
	MYSQL_BIND bind = row->binds[index];
	char *text;

	if (column->is_null)
		return (struct span){ NULL, 0 };
	text = arena_alloc(row->arena, column->len + 1);
	if (column->len <= INLINE_LEN) {
		memcpy(text, column->value.text, column->len);
	} else {
		bind.buffer = text;
		bind.buffer_length = column->len;
		if (mysql_stmt_fetch_column(row->handle, &bind, index, 0) != 0)
			abort();
	}
	return (struct span){ text, column->len };
}

const char *
row_str(struct row *row)
{
	return row_span(row).data;
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

enum err
db_each(struct db *db, struct arena *arena, const char *sql,
	struct params params, enum err (*each)(struct row *, void *), void *arg)
{
	struct row row = { .db = db, .arena = arena };
	enum err err;

	TRY(execute_read(db, sql, params, &row.handle));
	err = bind_row(&row);
	if (err == OK)
		err = fetch_rows(&row, each, arg);
	if (db->mysql != NULL)
		mysql_stmt_free_result(row.handle);
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

enum err
db_exec_n(struct db *db, const char *sql, struct params params,
	uint64_t *affected)
{
	MYSQL_STMT *handle;

	TRY(execute(db, sql, params, &handle));
	if (affected != NULL)
		*affected = mysql_stmt_affected_rows(handle);
	return OK;
}

enum err
db_exec(struct db *db, const char *sql, struct params params)
{
	return db_exec_n(db, sql, params, NULL);
}
