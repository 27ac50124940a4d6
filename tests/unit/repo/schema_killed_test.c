/* schema_killed_test.c: a migration killed at any point continues from
 * there. */

#include "repo/schema.h"

#include "../unit.h"
#include "base/buf.h"
#include "repo/schema_step.h"
#include "schematest.h"

#include <stdlib.h>

#define OLD 16 /* steps applied before there is data */
#define RUNS_MAX 600

/* How a run dies. Between two statements the program updates schema_version, so
 * it is stopped at one of these updates. */
static const char REFUSE_IT[] = /* after a statement, before recording it */
	"SIGNAL SQLSTATE '45000'";
/* After recording a statement, before sending it. */
static const char UNLOCK_IT[] = "DO RELEASE_LOCK('lamplight.migrate')";

static void
stop_at(const char *how, int n)
{
	schematest_run(arena_printf(&schematest.arena,
		"CREATE TRIGGER stop BEFORE UPDATE ON schema_version"
		" FOR EACH ROW BEGIN SET @notes = @notes - 1;"
		" IF @notes <= 0 THEN %s; END IF; END",
		how));
	schematest_run(arena_printf(&schematest.arena, "SET @notes = %d", n));
}

/* Each run dies at its n-th update, until a run finishes; returns the number of
 * runs. */
static unsigned
die_again_and_again(const char *how, int n)
{
	const char *sql = getenv("LAMPLIGHT_SQL_DIR");
	unsigned runs = 0;
	enum err err;

	schematest_run(
		"CREATE TABLE IF NOT EXISTS schema_version ("
		" version SMALLINT UNSIGNED NOT NULL PRIMARY KEY,"
		" name VARCHAR(128) NOT NULL, checksum CHAR(64) NOT NULL,"
		" done SMALLINT UNSIGNED NOT NULL, apply_time DATETIME(3) NULL"
		") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4");
	do {
		stop_at(how, n);
		err = schematest_migrate_from(sql);
		schematest_run("DROP TRIGGER stop");
	} while (err != OK && ++runs < RUNS_MAX);
	if (err != OK)
		fail_msg("never comes to its end: %s", schematest.said);
	assert_int_equal(schema_check(schematest.db, "test"), OK);
	return runs;
}

/* Everything in the database except the times of steps and the server's
 * estimates. */
static enum err
add_line(struct row *row, void *arg)
{
	struct buf *text = arg;

	for (int i = 0; i < 6; i++) {
		const char *value = row_str(row);

		buf_printf(text, "%s|", value != NULL ? value : "NULL");
	}
	buf_putc(text, '\n');
	return OK;
}

static const char COLUMNS_ARE[] =
	"SELECT table_name, column_name, CAST(ordinal_position AS CHAR),"
	" column_type, column_default, CONCAT(is_nullable, column_key, extra)"
	" FROM information_schema.columns WHERE table_schema = DATABASE()"
	" ORDER BY table_name, ordinal_position";
static const char KEYS_ARE[] =
	"SELECT table_name, index_name, CAST(seq_in_index AS CHAR),"
	" column_name, CAST(non_unique AS CHAR), ''"
	" FROM information_schema.statistics WHERE table_schema = DATABASE()"
	" ORDER BY table_name, index_name, seq_in_index";
static const char DATA_IS[] =
	"SELECT CONCAT(u.username, '/', u.username_key), s.title,"
	" CAST(s.streaming AS CHAR), CAST(s.title_tries AS CHAR), m.parts,"
	" CONCAT(m.status, '/', v.segment, '/', m.asks)"
	" FROM user u JOIN session s ON s.user_id = u.id"
	" JOIN message m ON m.session_id = s.id"
	" LEFT JOIN search_vocabulary_fill v ON v.user_id = u.id"
	" ORDER BY s.id, m.id";

static const char *
all_of_it(void)
{
	static const char *const parts[] = { COLUMNS_ARE, KEYS_ARE, DATA_IS };
	struct buf text = BUF_INIT;
	const char *copy;

	for (size_t i = 0; i < LENGTH(parts); i++)
		assert_int_equal(db_each(schematest.db, &schematest.arena,
					 parts[i], NO_PARAMS, add_line, &text),
			OK);
	copy = arena_str(&schematest.arena, buf_str(&text), text.len);
	buf_free(&text);
	return copy;
}

/* The first steps of this release, with some data in their tables. */
static void
make_old(void)
{
	const struct schema_step *steps;
	const char *sql = getenv("LAMPLIGHT_SQL_DIR"), *reason;
	size_t n;

	assert_int_equal(
		schema_steps(&schematest.arena, sql, &steps, &n, &reason), OK);
	for (size_t i = 0; i < OLD; i++)
		schematest_put(steps[i].name,
			arena_str(&schematest.arena, steps[i].text.data,
				steps[i].text.len));
	assert_int_equal(schematest_migrate(), OK);
	schematest_run(
		"INSERT INTO user (id, username, create_time, update_time)"
		" VALUES (1, 'Ann', NOW(3), NOW(3)), (2, 'bob', NOW(3), NOW(3))");
	schematest_run(
		"INSERT INTO session (id, user_id, title, create_time, update_time)"
		" VALUES (10, 1, 'one', NOW(3), NOW(3)),"
		" (20, 2, 'two', NOW(3), NOW(3))");
	schematest_run(
		"INSERT INTO message (session_id, id, role, status, active, parts,"
		" create_time, update_time)"
		" VALUES (10, 11, 'user', 'complete', 1, '[1]', NOW(3), NOW(3)),"
		" (10, 12, 'assistant', 'streaming', 1, '[2]', NOW(3), NOW(3)),"
		" (20, 21, 'user', 'complete', 1, '[3]', NOW(3), NOW(3))");
	schematest_run("INSERT INTO search_pending (session_id, message_id)"
		       " VALUES (10, 11)");
}

static void
killed_at_any_statement_it_goes_on(void **state)
{
	static const struct death {
		const char *how;
		int n;
	} deaths[] = { { REFUSE_IT, 2 }, { UNLOCK_IT, 1 } };
	const char *sql = getenv("LAMPLIGHT_SQL_DIR"), *wanted;

	for (int old = 0; old < 2; old++) {
		schematest_clear(state);
		if (old)
			make_old();
		assert_int_equal(schematest_migrate_from(sql), OK);
		wanted = all_of_it();
		for (size_t i = 0; i < LENGTH(deaths); i++) {
			schematest_clear(state);
			if (old)
				make_old();
			assert_true(die_again_and_again(
					    deaths[i].how, deaths[i].n) >=
				SCHEMA_VERSION - (old ? OLD : 0));
			assert_string_equal(all_of_it(), wanted);
		}
	}
}

/* A statement that the server refused was not executed, and does not count as
 * such. */
static void
what_is_in_the_way_stays_in_the_way(void **state)
{
	(void)state;
	schematest_run("CREATE TABLE b (y INT)");
	schematest_put("0001_a.sql",
		"CREATE TABLE a (x INT); ALTER TABLE b ADD COLUMN y INT;"
		"ALTER TABLE b ADD COLUMN z INT");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(schematest_migrate(), ERR_INVALID);
		schematest_assert_said(
			"0001_a.sql: statement 2, at line 1, failed");
	}
	schematest_run("ALTER TABLE b CHANGE y mine INT");
	assert_int_equal(schematest_migrate(), OK);
	assert_int_equal(schematest_applied(), 1);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(killed_at_any_statement_it_goes_on),
		TEST(what_is_in_the_way_stays_in_the_way),
	};

	return cmocka_run_group_tests(tests, schematest_open, schematest_close);
}
