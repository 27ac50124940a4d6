/*
 * row.h: private to lib/db: the rows of a prepared statement's result.
 */

#ifndef DB_ROW_H
#define DB_ROW_H

#include "db/conn.h"

#define ROW_COLUMNS_MAX 24
/* Texts up to this long arrive with the row, longer ones are fetched. */
#define INLINE_LEN 64

/* MySQL 8 says bool, MariaDB my_bool (a char); both are one byte. */
typedef __typeof__(*((MYSQL_BIND *)NULL)->is_null) null_flag;

struct column {
	union {
		uint64_t u64;
		MYSQL_TIME time;
		char text[INLINE_LEN];
	} value;
	unsigned long len;
	null_flag is_null;
};

/* It lives as long as its statement: a client library may look at the columns
 * of the last execution when it begins the next. */
struct row {
	struct db *db;
	struct arena *arena;
	MYSQL_STMT *handle;
	unsigned n, next;
	MYSQL_BIND binds[ROW_COLUMNS_MAX];
	struct column columns[ROW_COLUMNS_MAX];
};

/* Tells the library where the columns of *row->handle* go. */
MUST_USE enum err row_bind(struct row *row);

#endif
