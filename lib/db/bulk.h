/*
 * bulk.h: one multi-row INSERT built as text, for the journal, where the
 * number of rows changes with every batch and one round trip is what counts.
 * Values are escaped by the client library in the connection's character set.
 */

#ifndef DB_BULK_H
#define DB_BULK_H

#include "base/buf.h"
#include "db/db.h"

struct bulk {
	struct buf sql;
	unsigned rows;
};

/* *head* is "INSERT INTO t (a, b) VALUES". Reuse a bulk to keep its memory. */
void bulk_begin(struct bulk *bulk, const char *head);
void bulk_row(struct bulk *bulk, struct params params);

/* Runs it; nothing to do when there is no row. Errors as db_exec(). */
MUST_USE enum err bulk_exec(struct bulk *bulk, struct db *db);
void bulk_free(struct bulk *bulk);

#endif
