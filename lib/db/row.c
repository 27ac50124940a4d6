/* The columns of a row, as our types. */

#include "db/row.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

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
	MYSQL_RES *meta = mysql_stmt_result_metadata(row->handle);

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
	if (mysql_stmt_bind_result(row->handle, row->binds) != 0)
		return db_failed(
			row->db, mysql_stmt_errno(row->handle), "bind_result");
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
