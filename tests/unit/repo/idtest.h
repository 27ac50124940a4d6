/* idtest.h: id generators on a database with short leases. */

#ifndef UNIT_REPO_IDTEST_H
#define UNIT_REPO_IDTEST_H

#include "../unit.h"
#include "repo/idgen.h"
#include "repo/snowflake.h"
#include "testdb.h"

#define LEASE_MS 600
#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

/* The last millisecond reserved for a node. */
#define IDTEST_LAST_MS "SELECT last_ms FROM worker WHERE id = ?"

extern struct idtest {
	struct conf *conf;
	struct db *db;
} idtest;

/* cmocka's setup of the group, and of a test, which starts without leases. */
int idtest_setup(void **state);
int idtest_clear(void **state);

struct snowflake *idtest_open(void);
uint64_t idtest_next(struct snowflake *ids);

/* These wait until ids are available again, or unavailable, for very long if
 * necessary. */
uint64_t idtest_next_at_last(struct snowflake *ids);
void idtest_wait_until_refused(struct snowflake *ids);

void idtest_pause_ms(int64_t ms);

void idtest_run(const char *sql);
/* The single number that the query returns for this node. */
int64_t idtest_number(const char *sql, uint64_t node);

#endif
