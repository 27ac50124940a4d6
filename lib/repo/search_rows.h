/* search_rows.h: private to the search: writes many rows with one statement. */

#ifndef REPO_SEARCH_ROWS_H
#define REPO_SEARCH_ROWS_H

#include "db/db.h"

/* Twelve rows at a time; repeating a row does no harm. */
#define TIMES_4(row, with) row with row with row with row
#define TIMES_12(row, with)                        \
	TIMES_4(row, with) with TIMES_4(row, with) \
	with TIMES_4(row, with)
#define ROWS_AT_ONCE 12

/* Twelve keys as a table to join, so that each is looked up. With OR, a
 * server may prefer to scan a short table and wait for rows that others have
 * locked. */
#define THESE(key) TIMES_12("SELECT " key, " UNION ALL ")
#define CAST_USER "CAST(? AS UNSIGNED) AS user_id"
#define CAST_SESSION "CAST(? AS UNSIGNED) AS session_id"
#define CAST_MESSAGE "CAST(? AS UNSIGNED) AS message_id"

#define ROWS_COLUMNS_MAX 5

/* *sql* has marks for the values of ROWS_AT_ONCE rows. */
struct rows {
	struct db *db;
	const char *sql;
	const char *one; /* for a single row; NULL: no row is large */
	unsigned columns, n;
	struct param list[ROWS_AT_ONCE * ROWS_COLUMNS_MAX];
};

/* The texts of a row must live until rows_flush(). A large row is sent on its
 * own, and so is every row if the server accepts little: twelve rows, or one
 * repeated twelve times, may exceed its max_allowed_packet. */
MUST_USE enum err rows_add(struct rows *rows, struct params row);
MUST_USE enum err rows_flush(struct rows *rows);

/* For rows of `search_word`: user, shard, segment, body. */
struct rows rows_of_words(struct db *db);

#endif
