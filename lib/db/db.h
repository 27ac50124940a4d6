/*
 * db.h: the one face of the MySQL client. A struct db is a handle, for one
 * thread at a time. The handles of a process share a few connections
 * (db.connections): each borrows one for a statement or a transaction, which
 * waits its turn for some seconds. A connection is made when it is needed,
 * again after it was lost, and closed when it lies idle; all have the same
 * state (utf8mb4, strict sql_mode, UTC, autocommit, READ COMMITTED).
 *
 * A statement is a static string with `?` marks, prepared once a connection and
 * found again by its address: pass only strings of static storage. One that
 * reads may take 5 s, any other 20 s.
 *
 * Errors: ERR_NOT_FOUND (db_one without a row), ERR_CONFLICT (a unique key),
 * ERR_BUSY (the database is away, for whatever reason, read-only, full, too
 * slow, or a lock could not be had; try later), ERR_TOO_BIG (this value is
 * larger than the server takes, ever), ERR_INVALID (the server refuses this
 * value, ever), ERR_INTERNAL (our defect; logged). After ERR_BUSY of a write or
 * a commit its outcome is unknown: retry by an idempotent key.
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

/* A text that is NULL, or absent, is NULL in the database; times are
 * DATETIME(3) in UTC; an id of 0 may stand for none. */
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

/* The client library, once a process, before and after all threads. */
void db_library_open(void);
void db_library_close(void);

/* The connections that all handles made from *conf* share from now on, until
 * the last of them is freed. Handles made without are for small programs and
 * tests: each keeps a connection of its own. */
void db_pool_open(struct db_conf *conf);
void db_pool_close(struct db_conf *conf);

/* What they are at this moment, for /metrics; all 0 without a pool. */
struct db_pool_counts {
	unsigned open, used, max; /* connections */
	unsigned waiting; /* for one */
};
struct db_pool_counts db_pool_counts(const struct db_conf *conf);

/* A handle; *conf* must outlive it. */
struct db *db_new(const struct db_conf *conf);
/* One that goes first, and has the last connection for itself and its like:
 * for the journal and the lease. */
struct db *db_new_urgent(const struct db_conf *conf);
/* One whose statements may take hours, with a connection of its own. */
struct db *db_new_patient(const struct db_conf *conf);
void db_free(struct db *db);

/* Why the last failure was, as a sentence for the operator; NULL: no reason. */
const char *db_reason(const struct db *db);
/* Whether the last statement failed by its time limit. */
bool db_timed_out(const struct db *db);
/* The largest statement that the server takes, in bytes; 0: not known yet. */
size_t db_packet_max(const struct db *db);

/*
 * A SELECT with a time limit of its own begins with DB_WITHIN_S(3), in place
 * of that word. MariaDB takes the first comment for a statement, MySQL the
 * second for a hint; it is ERR_BUSY, and db_timed_out().
 */
#define DB_WITHIN_S(s)                                \
	"/*M! SET STATEMENT max_statement_time = " #s \
	" FOR */ SELECT /*+ MAX_EXECUTION_TIME(" #s "000) */"

/* Around statements that may take long: so many may run that connections
 * remain for all others. ERR_BUSY: not now; else leave when done. */
MUST_USE enum err db_slow_enter(struct db *db);
void db_slow_leave(struct db *db);

/* One row: read(row, out) takes its columns. ERR_NOT_FOUND when there is none. */
MUST_USE enum err db_one(struct db *db, struct arena *arena, const char *sql,
	struct params params, void (*read)(struct row *, void *), void *out);

/* Every row in turn; an error of *each* ends it and is returned. *each* must
 * not use *db*. */
MUST_USE enum err db_each(struct db *db, struct arena *arena, const char *sql,
	struct params params, enum err (*each)(struct row *, void *),
	void *arg);

/* A statement without rows. *affected* may be NULL; an UPDATE counts the rows
 * it found, changed or not. */
MUST_USE enum err db_exec(struct db *db, const char *sql, struct params params);
MUST_USE enum err db_exec_n(struct db *db, const char *sql,
	struct params params, uint64_t *affected);

/*
 * Runs body(db, arg) in one transaction and commits when it returns OK; any
 * other result rolls back. A deadlock or lock wait runs the whole body again
 * (a few times), so it must be repeatable. Does not nest.
 */
MUST_USE enum err
db_transaction(struct db *db, enum err (*body)(struct db *, void *), void *arg);

/*
 * As db_exec(), for a statement of a transaction of which it only matters that
 * it succeeds: it goes to the server in one packet with those that follow, with
 * the next statement that is waited for, or with the commit. So its failure is
 * theirs, and db_transaction()'s at last. Texts must be UTF-8.
 */
MUST_USE enum err
db_later(struct db *db, const char *sql, struct params params);
/* Sends what is kept of a transaction now; its failure. */
MUST_USE enum err db_flush(struct db *db);

/* One statement as text (migrations only). */
MUST_USE enum err db_script(struct db *db, struct span sql);
/* Whether that failed because what it makes is there, or what it drops is not:
 * had it been done before, it would. */
bool db_script_is_repeated(const struct db *db);

/* The columns of a row, in order; texts are copied into the arena. */
uint64_t row_u64(struct row *row); /* NULL: 0 */
int64_t row_i64(struct row *row); /* NULL: 0 */
struct span row_span(struct row *row); /* NULL: {NULL, 0} */
const char *row_str(struct row *row); /* NULL: NULL */
/* A text into memory of the caller's, as much as fits; its length there. */
size_t row_copy(struct row *row, char *to, size_t max);
int64_t row_time(struct row *row); /* DATETIME(3) as ms since 1970, NULL: 0 */

/* For db_one() of one number: *out* is a uint64_t. */
void row_read_u64(struct row *row, void *out);

/* The first column of all rows: *ids* has room for as many as the statement
 * can give. */
MUST_USE enum err db_ids(struct db *db, const char *sql, struct params params,
	uint64_t *ids, size_t *n);

#endif
