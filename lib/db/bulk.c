#include "db/bulk.h"

#include "db/conn.h"

#include <inttypes.h>
#include <stdlib.h>

void
bulk_begin(struct bulk *bulk, const char *head)
{
	buf_clear(&bulk->sql);
	buf_puts(&bulk->sql, head);
	bulk->rows = 0;
}

/*
 * Escapes for a connection in utf8mb4, where no byte of a character looks
 * like a quote or a backslash, without NO_BACKSLASH_ESCAPES (conn.c sets
 * sql_mode).
 */
static void
put_text(struct buf *sql, struct span text)
{
	char *at = buf_reserve(sql, text.len * 2 + 3);
	size_t len;

	at[0] = '\'';
	len = mysql_escape_string(at + 1, text.data, text.len);
	at[len + 1] = '\'';
	sql->len += len + 2;
	sql->data[sql->len] = '\0';
}

static void
put_param(struct buf *sql, const struct param *param)
{
	switch (param->type) {
	case PARAM_NULL:
		buf_puts(sql, "NULL");
		break;
	case PARAM_U64:
		buf_printf(sql, "%" PRIu64, param->as.u64);
		break;
	case PARAM_I64:
		buf_printf(sql, "%" PRId64, param->as.i64);
		break;
	case PARAM_SPAN:
		put_text(sql, param->as.span);
		break;
	case PARAM_TIME:
		abort(); /* no table that is written in bulk has one */
	}
}

void
bulk_row(struct bulk *bulk, struct params params)
{
	buf_puts(&bulk->sql, bulk->rows++ > 0 ? ",(" : " (");
	for (unsigned i = 0; i < params.n; i++) {
		if (i > 0)
			buf_putc(&bulk->sql, ',');
		put_param(&bulk->sql, &params.list[i]);
	}
	buf_putc(&bulk->sql, ')');
}

enum err
bulk_exec(struct bulk *bulk, struct db *db)
{
	if (bulk->rows == 0)
		return OK;
	TRY(conn_ready(db));
	return conn_query(db, buf_span(&bulk->sql));
}

void
bulk_free(struct bulk *bulk)
{
	buf_free(&bulk->sql);
}
