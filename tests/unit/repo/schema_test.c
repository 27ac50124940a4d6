/* schema_test.c: steps are applied once and in order, failed ones are resumed,
 * and invalid ones refused. */

#include "repo/schema.h"

#include "../unit.h"
#include "base/buf.h"
#include "repo/schema_step.h"
#include "schematest.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the steps of this release */

static void
brings_an_empty_database_to_this_release(void **state)
{
	const struct schema_step *steps;
	const char *sql = getenv("LAMPLIGHT_SQL_DIR"), *reason;
	size_t n;

	(void)state;
	assert_non_null(sql);
	assert_int_equal(
		schema_steps(&schematest.arena, sql, &steps, &n, &reason), OK);
	assert_int_equal(n, SCHEMA_VERSION);
	assert_int_equal(schema_check(schematest.db, "test"), ERR_CONFLICT);
	assert_int_equal(schematest_migrate_from(sql), OK);
	assert_int_equal(schema_check(schematest.db, "test"), OK);
	assert_int_equal(schematest_applied(), SCHEMA_VERSION);

	assert_int_equal(schematest_migrate_from(sql), OK);
	assert_null(strstr(schematest.said, "applied"));
	assert_int_equal(schema_check(schematest.db, "test"), OK);
}

static void
programs_refuse_any_other_version(void **state)
{
	const char *sql = getenv("LAMPLIGHT_SQL_DIR");

	(void)state;
	assert_int_equal(schematest_migrate_from(sql), OK);
	schematest_run(
		"UPDATE schema_version SET apply_time = NULL ORDER BY version DESC"
		" LIMIT 1");
	assert_int_equal(schema_check(schematest.db, "test"), ERR_CONFLICT);
	schematest_run("DELETE FROM schema_version WHERE apply_time IS NULL");
	assert_int_equal(schema_check(schematest.db, "test"), ERR_CONFLICT);
	assert_int_equal(
		schematest_number("SELECT COUNT(*) FROM schema_version"),
		SCHEMA_VERSION - 1);
	schematest_run("UPDATE schema_version SET version = version + 1000"
		       " ORDER BY version DESC LIMIT 1");
	assert_int_equal(schema_check(schematest.db, "test"), ERR_CONFLICT);
}

static void
the_database_must_answer(void **state)
{
	struct db_conf nowhere = schematest.conf.db;
	struct schema_run wanted = { .arena = &schematest.arena,
		.dir = schematest.dir,
		.say = schematest_say };
	struct db *none;

	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT)");
	nowhere.socket = "/nowhere/mysql.sock";
	none = db_new(&nowhere);
	wanted.db = none;
	assert_int_equal(schema_check(none, "test"), ERR_BUSY);
	assert_int_equal(schema_migrate(&wanted), ERR_BUSY);
	db_free(none);
}

/* ---- applying */

static void
applies_what_is_new(void **state)
{
	(void)state;
	schematest_put("0001_a.sql",
		"CREATE TABLE a (x INT);\nINSERT INTO a VALUES (1);");
	schematest_put("0002_b.sql", "INSERT INTO a VALUES (2);");
	schematest_put("README", "not a step");
	assert_int_equal(schematest_migrate(), OK);
	schematest_assert_said("0001_a.sql: applied.\n0002_b.sql: applied.\n"
			       "The database is at version 2.\n");
	schematest_put("0003_c.sql", "INSERT INTO a VALUES (4)");
	assert_int_equal(schematest_migrate(), OK);
	assert_string_equal(schematest.said,
		"0003_c.sql: applied.\nThe database is at version 3.\n");
	assert_int_equal(
		schematest_number("SELECT CAST(SUM(x) AS UNSIGNED) FROM a"), 7);
}

static void
takes_up_a_failed_step_where_it_failed(void **state)
{
	(void)state;
	schematest_put("0001_a.sql",
		"CREATE TABLE a (x INT);\n"
		"-- the next one needs a table\n"
		"INSERT INTO missing VALUES (1);\n"
		"INSERT INTO a VALUES (2);\n");
	schematest_put("0002_b.sql", "CREATE TABLE b (x INT)");
	assert_int_equal(schematest_migrate(), ERR_INVALID);
	schematest_assert_said("0001_a.sql: statement 2, at line 3, failed");
	assert_int_equal(schematest_applied(), 0);

	/* It still fails. */
	assert_int_equal(schematest_migrate(), ERR_INVALID);
	schematest_assert_said("0001_a.sql: statement 2, at line 3, failed");
	schematest_run("CREATE TABLE missing (x INT)");
	assert_int_equal(schematest_migrate(), OK);
	assert_int_equal(schematest_number("SELECT COUNT(*) FROM a"), 1);
	assert_int_equal(schematest_number("SELECT COUNT(*) FROM missing"), 1);
	assert_int_equal(
		schematest_number(
			"SELECT COUNT(apply_time) FROM schema_version"),
		2);
}

static void
a_step_that_has_done_nothing_may_be_corrected(void **state)
{
	(void)state;
	schematest_put("0001_a.sql", "CREATE TABEL a (x INT);");
	assert_int_equal(schematest_migrate(), ERR_INVALID);
	schematest_assert_said("0001_a.sql: statement 1, at line 1, failed");
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT);");
	assert_int_equal(schematest_migrate(), OK);
}

/* In a shared database, another application's tables stay unchanged, and ours
 * are not created. */
static void
names_tables_that_are_not_ours(void **state)
{
	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT);");
	schematest_put("0002_b.sql",
		"CREATE TABLE c (x INT);\n-- two\nCREATE TABLE user\n(x INT);");
	schematest_run("CREATE TABLE user (theirs INT)");
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said("already that are to be made: user. ");
	assert_int_equal(
		schematest_number(
			"SELECT COUNT(*) FROM information_schema.tables"
			" WHERE table_schema = DATABASE()"),
		1);
	schematest_run("RENAME TABLE user TO schema_version");
	assert_int_equal(schema_check(schematest.db, "test"), ERR_CONFLICT);
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said("are to be made: schema_version. ");
	schematest_run("DROP TABLE schema_version");
	assert_int_equal(schematest_migrate(), OK);
	/* Also later, before a step begins. */
	schematest_put("0003_c.sql",
		"INSERT INTO a VALUES (1);\nCREATE TABLE late (x INT);");
	schematest_run("CREATE TABLE late (theirs INT)");
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said(
		"is at version 2, but has tables already that later steps make: late. ");
	assert_int_equal(schematest_number("SELECT COUNT(*) FROM a"), 0);
}

struct other {
	pthread_t thread;
	enum err err;
};

static void
say_nothing(void *arg, const char *sentence)
{
	(void)arg;
	(void)sentence;
}

static void *
migrate_too(void *arg)
{
	struct other *other = arg;
	struct arena own = ARENA_INIT;
	struct schema_run wanted = { .db = db_new(&schematest.conf.db),
		.arena = &own,
		.dir = schematest.dir,
		.say = say_nothing };

	other->err = schema_migrate(&wanted);
	db_free(wanted.db);
	arena_reset(&own);
	return NULL;
}

static void
several_at_once_apply_every_step_once(void **state)
{
	struct other others[4];

	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT); DO SLEEP(0.1);");
	schematest_put(
		"0002_b.sql", "INSERT INTO a VALUES (1); DO SLEEP(0.1);");
	for (size_t i = 0; i < LENGTH(others); i++)
		pthread_create(
			&others[i].thread, NULL, migrate_too, &others[i]);
	for (size_t i = 0; i < LENGTH(others); i++) {
		pthread_join(others[i].thread, NULL);
		assert_int_equal(others[i].err, OK);
	}
	assert_int_equal(schematest_number("SELECT COUNT(*) FROM a"), 1);
}

/* ---- refusals */

static void
refuses_a_step_that_was_changed_after_it_was_applied(void **state)
{
	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT);");
	assert_int_equal(schematest_migrate(), OK);
	schematest_put("0001_a.sql", "CREATE TABLE a (x BIGINT);");
	schematest_put("0002_b.sql", "CREATE TABLE b (x INT);");
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said("0001_a.sql: this file is not the one");
	assert_int_equal(schematest_applied(), 1);
}

static void
refuses_a_step_that_was_changed_when_half_of_it_was_done(void **state)
{
	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT); SELEKT 1;");
	assert_int_equal(schematest_migrate(), ERR_INVALID);
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT); SELECT 1;");
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said("0001_a.sql: this file is not the one");
}

static void
refuses_files_that_are_no_steps(void **state)
{
	static const char *const names[] = { "0000_a.sql", "0003_a.sql",
		"2_a.sql", "00002_a.sql", "0002.sql", "0002-a.sql", "a.sql",
		"0001_twice.sql" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		schematest_remove_steps();
		schematest_put("0001_a.sql", "CREATE TABLE a (x INT)");
		schematest_put(names[i], "CREATE TABLE b (x INT)");
		assert_int_equal(schematest_migrate(), ERR_INVALID);
		schematest_assert_said("expected here a file 000");
	}
	assert_int_equal(
		schematest_number(
			"SELECT COUNT(*) FROM information_schema.tables"
			" WHERE table_schema = DATABASE()"),
		0);
}

static void
refuses_a_directory_without_steps(void **state)
{
	(void)state;
	assert_int_equal(schematest_migrate(), ERR_INVALID);
	schematest_assert_said("there is no .sql file");
	assert_int_equal(schematest_migrate_from("/nowhere/sql"), ERR_INVALID);
	schematest_assert_said("/nowhere/sql");
}

static void
refuses_a_database_of_a_later_release(void **state)
{
	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT)");
	schematest_put("0002_b.sql", "CREATE TABLE b (x INT)");
	assert_int_equal(schematest_migrate(), OK);
	schematest_remove_steps();
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT)");
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said("install the current release");
}

static void
refuses_a_database_with_a_gap(void **state)
{
	(void)state;
	schematest_put("0001_a.sql", "CREATE TABLE a (x INT)");
	schematest_put("0002_b.sql", "CREATE TABLE b (x INT)");
	assert_int_equal(schematest_migrate(), OK);
	schematest_run("DELETE FROM schema_version WHERE version = 1");
	assert_int_equal(schematest_migrate(), ERR_CONFLICT);
	schematest_assert_said("schema_version has a gap");
}

/* ---- statements */

static void
assert_split(const char *text, const char *expected)
{
	struct span rest = span_of(text), statement;
	unsigned line = 1, at_line;
	char got[512] = "";

	while (schema_statement(&rest, &line, &statement, &at_line)) {
		size_t len = strlen(got);

		snprintf(got + len, sizeof(got) - len, "%u<%.*s>", at_line,
			(int)statement.len, statement.data);
	}
	assert_string_equal(got, expected);
	assert_int_equal(rest.len, 0);
}

static void
takes_a_file_apart(void **state)
{
	(void)state;
	assert_split("", "");
	assert_split(" \n;; ;\n", "");
	assert_split("-- only\n# comments\n/* here\n*/", "");
	assert_split("A", "1<A>");
	assert_split("A; B ;\n\nC\nD;\n", "1<A>1<B>3<C\nD>");
	assert_split("A -- not; here\n B; C", "1<A -- not; here\n B>2<C>");
	assert_split("A # not; here\n; C", "1<A # not; here>2<C>");
	assert_split("A /* not;\nhere */ B; C", "1<A /* not;\nhere */ B>2<C>");
	assert_split("-- x\nA;-- y\n/* z */B", "2<A>3<B>");
	assert_split("A 1--1; B", "1<A 1--1>1<B>");
	assert_split("'a;''b' \"c;\\\"d\" `e;\\`; B",
		"1<'a;''b' \"c;\\\"d\" `e;\\`>1<B>");
	assert_split("'it\\'s; fine'; B", "1<'it\\'s; fine'>1<B>");
	assert_split("'-- #/*'; B", "1<'-- #/*'>1<B>");
	assert_split("'never ends; B", "1<'never ends; B>");
	assert_split("A /* never; ends", "1<A /* never; ends>");
	assert_split("A 'ends in \\", "1<A 'ends in \\>");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(brings_an_empty_database_to_this_release),
		TEST(programs_refuse_any_other_version),
		TEST(the_database_must_answer),
		TEST(applies_what_is_new),
		TEST(takes_up_a_failed_step_where_it_failed),
		TEST(names_tables_that_are_not_ours),
		TEST(a_step_that_has_done_nothing_may_be_corrected),
		TEST(several_at_once_apply_every_step_once),
		TEST(refuses_a_step_that_was_changed_after_it_was_applied),
		TEST(refuses_a_step_that_was_changed_when_half_of_it_was_done),
		TEST(refuses_files_that_are_no_steps),
		TEST(refuses_a_directory_without_steps),
		TEST(refuses_a_database_of_a_later_release),
		TEST(refuses_a_database_with_a_gap),
		TEST(takes_a_file_apart),
	};

	return cmocka_run_group_tests(tests, schematest_open, schematest_close);
}
