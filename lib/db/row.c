/* Converts the columns of a row to our types. */

#include "db/row.h"

#include "base/date.h"

#include <stdlib.h>
#include <string.h>

static int64_t
from_time(const MYSQL_TIME *time)
{
	int64_t seconds = time->hour * INT64_C(3600) +
		time->minute * INT64_C(60) + time->second;

	return date_ms((int)time->year, (int)time->month, (int)time->day) +
		seconds * 1000 + (int64_t)time->second_part / 1000;
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

enum err
row_bind(struct row *row)
{
	MYSQL_RES *meta;

	/* The library converts whatever the server sends into the bound types,
	 * so binding once is enough. */
	if (row->n > 0)
		return OK;
	meta = mysql_stmt_result_metadata(row->handle);
	if (meta == NULL)
		return db_failed(
			row->db, mysql_stmt_errno(row->handle), "metadata");
	row->n = mysql_num_fields(meta);
	if (row->n > ROW_COLUMNS_MAX)
		abort();
	for (unsigned i = 0; i < row->n; i++)
		bind_column(&row->binds[i], &row->columns[i],
			mysql_fetch_field_direct(meta, i));
	mysql_free_result(meta);
	if (mysql_stmt_bind_result(row->handle, row->binds) == 0)
		return OK;
	row->n = 0;
	return db_failed(row->db, mysql_stmt_errno(row->handle), "bind_result");
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
	text = arena_room(row->arena, column->len + 1);
	text[column->len] = '\0';
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

size_t
row_copy(struct row *row, char *to, size_t max)
{
	struct column *column = next_column(row);
	unsigned index = row->next - 1;
	MYSQL_BIND bind = row->binds[index];
	size_t len = column->is_null ? 0 : MIN(column->len, max);

	if (len <= INLINE_LEN) {
		memcpy(to, column->value.text, len);
		return len;
	}
	bind.buffer = to;
	bind.buffer_length = len;
	if (mysql_stmt_fetch_column(row->handle, &bind, index, 0) != 0)
		abort();
	return len;
}

const char *
row_str(struct row *row)
{
	return row_span(row).data;
}

void
row_read_u64(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

struct ids {
	uint64_t *list;
	size_t n;
};

static enum err
add_id(struct row *row, void *arg)
{
	struct ids *ids = arg;

	ids->list[ids->n++] = row_u64(row);
	return OK;
}

enum err
db_ids(struct db *db, const char *sql, struct params params, uint64_t *ids,
	size_t *n)
{
	struct ids all = { ids, 0 };
	enum err err = db_each(db, NULL, sql, params, add_id, &all);

	*n = all.n;
	return err;
}
