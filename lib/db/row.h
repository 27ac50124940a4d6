/*
 * row.h: private to lib/db: the rows of a prepared statement's result.
 */

#ifndef DB_ROW_H
#define DB_ROW_H

#include "db/conn.h"

#define ROW_COLUMNS_MAX 24
/* Texts up to this length arrive with the row; longer ones are fetched
 * separately. */
#define INLINE_LEN 64

/* The type is bool in MySQL 8 and my_bool (a char) in MariaDB; both are one
 * byte. */
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

/* A row lives as long as its statement: a client library may access the last
 * execution's columns when it begins the next. */
struct row {
	struct db *db;
	struct arena *arena;
	MYSQL_STMT *handle;
	unsigned n, next;
	MYSQL_BIND binds[ROW_COLUMNS_MAX];
	struct column columns[ROW_COLUMNS_MAX];
};

/* Binds the columns of *row->handle* to memory. */
MUST_USE enum err row_bind(struct row *row);

#endif
