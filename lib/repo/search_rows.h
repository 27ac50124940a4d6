/* search_rows.h: private to the search: many rows in one statement. */

#ifndef REPO_SEARCH_ROWS_H
#define REPO_SEARCH_ROWS_H

#include "db/db.h"

/* Twelve rows at a time; a row that is there twice is no matter. */
#define TIMES_4(row, with) row with row with row with row
#define TIMES_12(row, with)                        \
	TIMES_4(row, with) with TIMES_4(row, with) \
	with TIMES_4(row, with)
#define ROWS_AT_ONCE 12

/* Twelve keys as a table to join: each is looked up then. With OR a server may
 * rather scan a short table, and wait for rows that others hold. */
#define THESE(key) TIMES_12("SELECT " key, " UNION ALL ")
#define CAST_USER "CAST(? AS UNSIGNED) AS user_id"
#define CAST_SESSION "CAST(? AS UNSIGNED) AS session_id"
#define CAST_MESSAGE "CAST(? AS UNSIGNED) AS message_id"

#define ROWS_COLUMNS_MAX 5

/* *sql* has a place for each value of ROWS_AT_ONCE rows. */
struct rows {
	struct db *db;
	const char *sql;
	const char *one; /* of a single row; NULL: none is large */
	unsigned columns, n;
	struct param list[ROWS_AT_ONCE * ROWS_COLUMNS_MAX];
};

/* The texts of a row must live until rows_flush(). A large one goes by itself,
 * and where the server takes so little, each: twelve of them, or one twelve
 * times, may be more than its max_allowed_packet. */
MUST_USE enum err rows_add(struct rows *rows, struct params row);
MUST_USE enum err rows_flush(struct rows *rows);

/* The rows of `search_word`: user, shard, segment, body. */
struct rows rows_of_words(struct db *db);

#endif
