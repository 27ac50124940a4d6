/*
 * replica.h: reads from a replica of the database (db.read_host). Before each
 * read the server in use reports its log position, and the replica waits until
 * it has reached that position. So a reader sees everything that was
 * acknowledged to anybody before, on any host, and nobody has to track who
 * changed what. This costs the server in use one statement without a table, and
 * the reader a wait as long as the replica lags.
 *
 * (MariaDB: gtid_binlog_pos and MASTER_GTID_WAIT(); MySQL: gtid_executed and
 * WAIT_FOR_EXECUTED_GTID_SET().)
 *
 * A replica that is unreachable or lags too far is left alone for some seconds,
 * and all reads go to the server in use. Each state is logged once
 * (replica_away, replica_behind), and so is its end (replica_back). However
 * slow the replica is, only a few threads wait for it.
 */

#ifndef DB_REPLICA_H
#define DB_REPLICA_H

#include "base/arena.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

struct replica;

/* Returns NULL if no replica is configured. *conf* must outlive it.
 * *waiting_max* limits the threads that wait for the replica at the same time;
 * the others read from the server in use. */
struct replica *replica_open(const struct db_conf *conf, unsigned waiting_max);
/* Close it after freeing its handles. */
void replica_close(struct replica *replica);

/* Makes a handle to the replica, for one thread; free it with db_free(). */
struct db *replica_handle(struct replica *replica);

/* Whether *reader*, a handle to the replica, now sees all that *db* had at the
 * time of the call; if not, read through *db*. Call it outside transactions. If
 * it returns true, call replica_was_read() after the read. */
bool replica_has_all(struct replica *replica, struct db *db, struct db *reader,
	struct arena *arena);

/* Reports that the replica was read, or that the read failed; *reader* knows
 * which. */
void replica_was_read(struct replica *replica, const struct db *reader);

/* Why the replica was last not used, as a sentence for the operator, or "". For
 * processes with one thread. */
const char *replica_reason(const struct replica *replica);

/* How often the replica was read and, by reason, how often it was not. */
struct replica_counts {
	uint64_t read, behind, away;
};
struct replica_counts replica_counts(struct replica *replica);

#endif
