/*
 * db.h: the only interface to the MySQL client. A struct db is a handle, for
 * one thread at a time. The handles of a process share a few connections
 * (db.connections): a handle borrows one for a statement or a transaction, and
 * may wait some seconds for its turn. A connection is opened when needed,
 * reopened after a loss, and closed when idle; all have the same state
 * (utf8mb4, strict sql_mode, UTC, autocommit, READ COMMITTED).
 *
 * A statement is a static string with `?` marks, prepared once per connection
 * and then looked up by its address: pass only strings of static storage. A
 * read may take 5 s, any other statement 20 s.
 *
 * Errors: ERR_NOT_FOUND (db_one without a row), ERR_CONFLICT (a unique key),
 * ERR_BUSY (the database is unreachable, read-only, full or too slow, or a lock
 * was not granted; try later), ERR_TOO_BIG (the value is larger than the server
 * accepts, permanently), ERR_INVALID (the server refuses the value,
 * permanently), ERR_INTERNAL (a defect of ours; logged). After ERR_BUSY from a
 * write or a commit its outcome is unknown: retry with an idempotent key.
 */

#ifndef DB_DB_H
#define DB_DB_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "conf/conf.h"

#include <stdbool.h>
#include <stdint.h>

struct db;
struct row;

enum param_type { PARAM_NULL, PARAM_U64, PARAM_I64, PARAM_SPAN, PARAM_TIME };

struct param {
	enum param_type type;
	union {
		uint64_t u64;
		int64_t i64;
		struct span span;
	} as;
};

/* A text that is NULL or absent becomes NULL in the database; times become
 * DATETIME(3) in UTC; an id of 0 may become NULL (see the macros). */
#define U64(value) ((struct param){ .type = PARAM_U64, .as.u64 = (value) })
#define I64(value) ((struct param){ .type = PARAM_I64, .as.i64 = (value) })
#define SPAN(value) ((struct param){ .type = PARAM_SPAN, .as.span = (value) })
#define STR(value) SPAN(span_of(value))
#define TIME(wall_ms) \
	((struct param){ .type = PARAM_TIME, .as.i64 = (wall_ms) })
#define ID_OR_NULL(value) ((value) != 0 ? U64(value) : NULL_PARAM)
#define NULL_PARAM ((struct param){ .type = PARAM_NULL })

struct params {
	const struct param *list;
	unsigned n;
};

/* PARAMS(U64(id), STR(title)) */
#define PARAMS(...)                                              \
	((struct params){ (const struct param[]){ __VA_ARGS__ }, \
		sizeof((const struct param[]){ __VA_ARGS__ }) /  \
			sizeof(struct param) })
#define NO_PARAMS ((struct params){ NULL, 0 })

/* The bytes of their texts. */
size_t params_len(struct params params);

/* Opens and closes the client library: once per process, before and after all
 * threads. */
void db_library_open(void);
void db_library_close(void);

/* Opens the pool of connections that all handles made from *conf* share from
 * now on, until the last of them is freed. Handles made without a pool are for
 * small programs and tests: each has its own connection. */
void db_pool_open(struct db_conf *conf);
void db_pool_close(struct db_conf *conf);

/* The programs of an installation. If the account's connections are limited,
 * each takes only its share; otherwise the last to start would find none. */
#define DB_PROGRAMS 6

/* The pool's current state, for /metrics; all 0 without a pool. */
struct db_pool_counts {
	unsigned open, used, max; /* connections */
	unsigned waiting; /* threads waiting for one */
};
struct db_pool_counts db_pool_counts(const struct db_conf *conf);

/* Makes a handle; *conf* must outlive it. */
struct db *db_new(const struct db_conf *conf);
/* Makes a handle that is served first, and for whose kind the last connection
 * is reserved: for the journal and the lease. */
struct db *db_new_urgent(const struct db_conf *conf);
/* Makes a handle whose statements may take hours, with its own connection. */
struct db *db_new_patient(const struct db_conf *conf);
void db_free(struct db *db);

/* The reason of the last failure, as a sentence for the operator, or NULL. */
const char *db_reason(const struct db *db);
/* Whether the last statement exceeded its time limit. */
bool db_timed_out(const struct db *db);
/* The largest statement that the server accepts, in bytes; 0 if still
 * unknown. */
size_t db_packet_max(const struct db *db);

/*
 * Begins a SELECT with its own time limit: DB_WITHIN_S(3) replaces the word
 * SELECT. MariaDB executes the first comment as part of the statement, MySQL
 * takes the second as a hint. On timeout the result is ERR_BUSY, and
 * db_timed_out() is true.
 */
#define DB_WITHIN_S(s)                                \
	"/*M! SET STATEMENT max_statement_time = " #s \
	" FOR */ SELECT /*+ MAX_EXECUTION_TIME(" #s "000) */"

/* Brackets statements that may take long: their number is limited, so that
 * connections remain for all others. ERR_BUSY if too many are running;
 * otherwise call db_slow_leave() when done. */
MUST_USE enum err db_slow_enter(struct db *db);
void db_slow_leave(struct db *db);

/* Reads one row: read(row, out) takes its columns. ERR_NOT_FOUND if there is
 * none. */
MUST_USE enum err db_one(struct db *db, struct arena *arena, const char *sql,
	struct params params, void (*read)(struct row *, void *), void *out);

/* Calls *each* for every row; an error of *each* stops and is returned. *each*
 * must not use *db*. */
MUST_USE enum err db_each(struct db *db, struct arena *arena, const char *sql,
	struct params params, enum err (*each)(struct row *, void *),
	void *arg);

/* Runs a statement without rows. *affected* may be NULL; an UPDATE counts the
 * rows that it found, changed or not. */
MUST_USE enum err db_exec(struct db *db, const char *sql, struct params params);
MUST_USE enum err db_exec_n(struct db *db, const char *sql,
	struct params params, uint64_t *affected);

/*
 * Runs body(db, arg) in one transaction and commits if it returns OK; any other
 * result rolls back. After a deadlock or a lock timeout it runs the whole body
 * again (a few times), so the body must be repeatable. Does not nest.
 */
MUST_USE enum err
db_transaction(struct db *db, enum err (*body)(struct db *, void *), void *arg);

/*
 * Like db_exec(), for a statement of a transaction whose result is not needed.
 * It is sent in one packet with the statements that follow it: with the next
 * one whose result is needed, or with the commit. Its failure therefore appears
 * there, at the latest in db_transaction(). Texts must be UTF-8.
 */
MUST_USE enum err
db_later(struct db *db, const char *sql, struct params params);

/* Runs one statement as text (migrations only). */
MUST_USE enum err db_script(struct db *db, struct span sql);
/* Whether it failed because the object to create exists, or the object to drop
 * does not: as it would if the change had already been made. */
bool db_script_is_repeated(const struct db *db);

/* The columns of a row, in order; texts are copied into the arena. */
uint64_t row_u64(struct row *row); /* NULL: 0 */
int64_t row_i64(struct row *row); /* NULL: 0 */
struct span row_span(struct row *row); /* NULL: {NULL, 0} */
const char *row_str(struct row *row); /* NULL: NULL */
/* Copies as much of a text as fits into the caller's memory; returns the copied
 * length. */
size_t row_copy(struct row *row, char *to, size_t max);
int64_t row_time(struct row *row); /* DATETIME(3) as ms since 1970, NULL: 0 */

/* Reads a single number for db_one(); *out* is a uint64_t. */
void row_read_u64(struct row *row, void *out);

/* Reads the first column of all rows. *ids* must have room for as many as the
 * statement can return. */
MUST_USE enum err db_ids(struct db *db, const char *sql, struct params params,
	uint64_t *ids, size_t *n);

#endif
