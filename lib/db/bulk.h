/*
 * bulk.h: builds a multi-row INSERT as text. It serves the journal, where the
 * number of rows changes with every batch and a single round trip matters most.
 * Values are escaped for a utf8mb4 connection (text.h).
 */

#ifndef DB_BULK_H
#define DB_BULK_H

#include "base/buf.h"
#include "db/db.h"

struct bulk {
	struct buf sql; /* the head, then the rows, each with a comma */
	struct buf ends; /* where each row ends in *sql*: size_t each */
	size_t head_len;
};

/* *head* is "INSERT INTO t (a, b) VALUES". Reuse a bulk to keep its memory. */
void bulk_begin(struct bulk *bulk, const char *head);
bool bulk_is_empty(const struct bulk *bulk);
void bulk_row(struct bulk *bulk, struct params params);

/* Adds a row whose first value is (SELECT value *guard*). Unless *guard*, such
 * as " FROM t WHERE ...", finds a row, that value is NULL, and a NOT NULL
 * column then refuses the whole statement. */
void
bulk_guarded_row(struct bulk *bulk, struct span guard, struct params params);

/* Whether bulk_exec() will need only one statement, as far as the server's
 * limit is known. */
bool bulk_is_one(const struct bulk *bulk, const struct db *db);

/* Runs the INSERT: inside a transaction in as many statements as the server's
 * max_allowed_packet requires, otherwise in one, so that it is never stored in
 * part. Does nothing without rows. Errors as for db_exec(); ERR_TOO_BIG if a
 * single row is too large or, outside a transaction, all rows together are. */
MUST_USE enum err bulk_exec(struct bulk *bulk, struct db *db);
void bulk_free(struct bulk *bulk);

#endif
