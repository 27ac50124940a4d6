/*
 * bulk.h: one multi-row INSERT built as text, for the journal, where the
 * number of rows changes with every batch and one round trip is what counts.
 * Values are escaped for a connection in utf8mb4 (text.h).
 */

#ifndef DB_BULK_H
#define DB_BULK_H

#include "base/buf.h"
#include "db/db.h"

struct bulk {
	struct buf sql; /* the head, then the rows, a comma after each */
	struct buf ends; /* where each row ends in it: size_t */
	size_t head_len;
};

/* *head* is "INSERT INTO t (a, b) VALUES". Reuse a bulk to keep its memory. */
void bulk_begin(struct bulk *bulk, const char *head);
bool bulk_is_empty(const struct bulk *bulk);
void bulk_row(struct bulk *bulk, struct params params);

/* A row whose first value is (SELECT value *guard*): NULL, which a column that
 * is NOT NULL refuses together with the whole statement, unless *guard*, such
 * as " FROM t WHERE ...", finds a row. */
void
bulk_guarded_row(struct bulk *bulk, struct span guard, struct params params);

/* Whether bulk_exec() is one statement: as far as is known of the server. */
bool bulk_is_one(const struct bulk *bulk, const struct db *db);

/* Runs it, in a transaction in as many statements as the server's
 * max_allowed_packet makes necessary, and otherwise in one: no part of it is
 * ever all that is stored. Nothing to do when there is no row. Errors as
 * db_exec(); ERR_TOO_BIG: one row alone is too large, or outside of a
 * transaction all of them. */
MUST_USE enum err bulk_exec(struct bulk *bulk, struct db *db);
void bulk_free(struct bulk *bulk);

#endif
