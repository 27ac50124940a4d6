/* workertest.h: the table of leases, on two connections. */

#ifndef UNIT_REPO_WORKERTEST_H
#define UNIT_REPO_WORKERTEST_H

#include "../unit.h"
#include "repo/worker.h"
#include "testdb.h"

#define LEASE_MS 60000
#define RESERVED 1800000000000

/* The numbers from 0 to 1023 as seq, in SQL. */
#define WORKERTEST_NODES                               \
	"(WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL" \
	" SELECT i + 1 FROM n WHERE i < 31)"           \
	" SELECT a.i * 32 + b.i AS seq FROM n a JOIN n b) nodes"

extern struct workertest {
	const struct db_conf *conf;
	struct db *db, *other;
} workertest;

/* cmocka's group setup and teardown, and the setup of a test, which starts
 * without leases. */
int workertest_setup(void **state);
int workertest_teardown(void **state);
int workertest_clear(void **state);

void workertest_run(const char *sql);

/* Terms that begin now. */
struct worker_terms workertest_terms(int64_t reserved_ms);
/* worker_take(), which must succeed. */
struct lease workertest_take(int64_t reserved_ms, int64_t *after_ms);
/* Ends the lease without anybody noticing. */
void workertest_expire(struct lease lease);
/* For db_one(): an int64_t. */
void workertest_read_i64(struct row *row, void *out);
/* The last millisecond reserved for its node. */
int64_t workertest_last_ms(struct lease lease);
/* Leases all nodes but these. */
void workertest_leave_free(int a, int b);

#endif
