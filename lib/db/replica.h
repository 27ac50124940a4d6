/*
 * replica.h: reads at a replica of the database (db.read_host). Before each of
 * them the server in use says how far its log goes, and the replica waits until
 * it has all of that: so nobody reads less than was acknowledged to anybody
 * before, at whichever host, and nobody has to remember what whose last change
 * was. That costs the server in use a statement without a table, and the reader
 * a wait of about what the replica is behind.
 *
 * (MariaDB: gtid_binlog_pos and MASTER_GTID_WAIT(); MySQL: gtid_executed and
 * WAIT_FOR_EXECUTED_GTID_SET().)
 *
 * A replica that is away or too far behind is left alone for some seconds, and
 * everything is read at the server in use. Both are logged once (replica_away,
 * replica_behind), and that they are over (replica_back). However slow it is,
 * only some threads wait for it.
 */

#ifndef DB_REPLICA_H
#define DB_REPLICA_H

#include "base/arena.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stdbool.h>
#include <stdint.h>

struct replica;

/* NULL: none is configured. *conf* must outlive it. *waiting_max*: how many
 * threads may wait for it at once; the others read at the server in use. */
struct replica *replica_open(const struct db_conf *conf, unsigned waiting_max);
/* After its handles. */
void replica_close(struct replica *replica);

/* A handle to it, for one thread; to be freed with db_free(). */
struct db *replica_handle(struct replica *replica);

/* Whether *reader*, a handle to it, has now all that *db* had when it was called;
 * else *db* is to be asked. Outside of transactions. After true and the read
 * comes replica_was_read(). */
bool replica_has_all(struct replica *replica, struct db *db, struct db *reader,
	struct arena *arena);

/* It was read, or something of that has failed there, as *reader* knows. */
void replica_was_read(struct replica *replica, const struct db *reader);

/* Why it was last not read, as a sentence for the operator, or "". For a process
 * with one thread. */
const char *replica_reason(const struct replica *replica);

/* How often it was read, and how often it was not, by the reason. */
struct replica_counts {
	uint64_t read, behind, away;
};
struct replica_counts replica_counts(struct replica *replica);

#endif
