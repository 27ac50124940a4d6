#include "db/bulk.h"

#include "db/conn.h"
#include "db/text.h"

#include <stdlib.h>

/* Generous space for the rest of a packet besides the text. */
#define BULK_ROOM ((size_t)1024)

void
bulk_begin(struct bulk *bulk, const char *head)
{
	buf_clear(&bulk->sql);
	buf_clear(&bulk->ends);
	buf_puts(&bulk->sql, head);
	bulk->head_len = bulk->sql.len;
}

bool
bulk_is_empty(const struct bulk *bulk)
{
	return bulk->ends.len == 0;
}

static void
put_first(struct bulk *bulk, const struct param *param, struct span guard)
{
	if (guard.len > 0)
		buf_puts(&bulk->sql, "(SELECT ");
	text_put(&bulk->sql, param);
	buf_put_span(&bulk->sql, guard);
	if (guard.len > 0)
		buf_putc(&bulk->sql, ')');
}

void
bulk_guarded_row(struct bulk *bulk, struct span guard, struct params params)
{
	buf_putc(&bulk->sql, '(');
	put_first(bulk, &params.list[0], guard);
	for (unsigned i = 1; i < params.n; i++) {
		buf_putc(&bulk->sql, ',');
		text_put(&bulk->sql, &params.list[i]);
	}
	buf_puts(&bulk->sql, "),");
	buf_append(&bulk->ends, &bulk->sql.len, sizeof(bulk->sql.len));
}

void
bulk_row(struct bulk *bulk, struct params params)
{
	bulk_guarded_row(bulk, (struct span){ NULL, 0 }, params);
}

static size_t
end_of(const struct bulk *bulk, size_t row)
{
	size_t end;

	memcpy(&end, bulk->ends.data + row * sizeof(end), sizeof(end));
	return end;
}

/* Sends the rows between the offsets *from* and *to* as one statement. */
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

/* Sends as many rows at a time as fit. */
static enum err
send_all(struct bulk *bulk, struct db *db)
{
	size_t n = bulk->ends.len / sizeof(size_t);
	size_t from = bulk->head_len, to = from;

	TRY(db_take(db));
	if (!db->in_transaction)
		TRY(db_fits(db, bulk->sql.len));
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

bool
bulk_is_one(const struct bulk *bulk, const struct db *db)
{
	return bulk->sql.len + BULK_ROOM <= db_packet_max(db);
}

enum err
bulk_exec(struct bulk *bulk, struct db *db)
{
	enum err err;

	if (bulk_is_empty(bulk))
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
