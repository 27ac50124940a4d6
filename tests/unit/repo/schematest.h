/*
 * schematest.h: a database and a directory of steps, both empty at the start of
 * each test; and the messages of a migration.
 */

#ifndef UNIT_REPO_SCHEMATEST_H
#define UNIT_REPO_SCHEMATEST_H

#include "base/arena.h"
#include "conf/conf.h"
#include "db/db.h"

#include <stdint.h>

extern struct schematest {
	struct arena arena;
	struct conf conf;
	struct db *db;
	char dir[64];
	char said[4096]; /* all sentences, one per line */
} schematest;

/* cmocka's group setup and teardown, and the setup of a test. They work only in
 * the disposable database of the unit tests. */
int schematest_open(void **state);
int schematest_close(void **state);
int schematest_clear(void **state);
#define TEST(name) cmocka_unit_test_setup(name, schematest_clear)

void schematest_run(const char *sql);
/* Writes a step. */
void schematest_put(const char *name, const char *text);
void schematest_remove_steps(void);
enum err schematest_migrate(void);
enum err schematest_migrate_from(const char *from);
/* The schema_run's say(): appends to *said*. */
void schematest_say(void *arg, const char *sentence);
void schematest_assert_said(const char *part);
/* Pass each SQL text only once: statements are looked up by address. */
uint64_t schematest_number(const char *sql);
/* How many steps are done. */
uint64_t schematest_applied(void);

#endif
