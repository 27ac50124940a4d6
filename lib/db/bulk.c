#include "db/bulk.h"

#include "db/conn.h"

#include <inttypes.h>
#include <stdlib.h>

void
bulk_begin(struct bulk *bulk, const char *head)
{
	buf_clear(&bulk->sql);
	buf_clear(&bulk->ends);
	buf_puts(&bulk->sql, head);
	bulk->head_len = bulk->sql.len;
}

/*
 * Escapes for a connection in utf8mb4, where no byte of a character looks
 * like a quote or a backslash, without NO_BACKSLASH_ESCAPES (session.c
 * sees to both).
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
	buf_putc(&bulk->sql, '(');
	for (unsigned i = 0; i < params.n; i++) {
		if (i > 0)
			buf_putc(&bulk->sql, ',');
		put_param(&bulk->sql, &params.list[i]);
	}
	buf_puts(&bulk->sql, "),");
	buf_append(&bulk->ends, &bulk->sql.len, sizeof(bulk->sql.len));
}

static size_t
end_of(const struct bulk *bulk, size_t row)
{
	size_t end;

	memcpy(&end, bulk->ends.data + row * sizeof(end), sizeof(end));
	return end;
}

/* The rows from *from* to *to*, places in the text, as a statement. */
static enum err
send_rows(struct bulk *bulk, struct db *db, size_t from, size_t to)
{
	struct buf some = BUF_INIT;
	enum err err;

	if (from == bulk->head_len)
		return db_query(db, (struct span){ bulk->sql.data, to - 1 });
	buf_append(&some, bulk->sql.data, bulk->head_len);
	buf_append(&some, bulk->sql.data + from, to - 1 - from);
	err = db_query(db, buf_span(&some));
	buf_free(&some);
	return err;
}

/* As many rows at once as fit. */
static enum err
send_all(struct bulk *bulk, struct db *db)
{
	size_t n = bulk->ends.len / sizeof(size_t);
	size_t from = bulk->head_len, to = from;

	TRY(db_take(db));
	for (size_t i = 0; i < n; i++) {
		size_t end = end_of(bulk, i);

		if (to > from && !db_has_room(db, end - from)) {
			TRY(send_rows(bulk, db, from, to));
			from = to;
		}
		to = end;
	}
	return send_rows(bulk, db, from, to);
}

enum err
bulk_exec(struct bulk *bulk, struct db *db)
{
	enum err err;

	if (bulk->ends.len == 0)
		return OK;
	err = send_all(bulk, db);
	db_give(db);
	return err;
}

void
bulk_free(struct bulk *bulk)
{
	buf_free(&bulk->sql);
	buf_free(&bulk->ends);
}
