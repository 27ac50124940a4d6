/* schema_test.c: steps applied once and in order, failed ones taken up again,
 * and everything that is refused. */

#include "repo/schema.h"

#include "../unit.h"
#include "base/buf.h"
#include "repo/schema_step.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena arena;
static struct conf conf;
static struct db *db;
static char dir[64];
static char said[4096]; /* every sentence, one a line */

/* ---- helpers */

static void
run(const char *sql)
{
	assert_int_equal(db_script(db, span_of(sql)), OK);
}

static enum err
add_name(struct row *row, void *arg)
{
	const char **names = arg;

	while (*names != NULL)
		names++;
	*names = row_str(row);
	return OK;
}

static void
drop_all_tables(void)
{
	const char *names[64] = { NULL };
	char sql[256];

	assert_int_equal(db_each(db, &arena,
				 "SELECT table_name FROM"
				 " information_schema.tables"
				 " WHERE table_schema = DATABASE()",
				 NO_PARAMS, add_name, names),
		OK);
	for (size_t i = 0; names[i] != NULL; i++) {
		snprintf(sql, sizeof(sql), "DROP TABLE `%s`", names[i]);
		run(sql);
	}
}

/* Only in the database that is made for the unit tests and thrown away. */
static int
setup(void **state)
{
	const char *ready = getenv("UNIT_DB");

	(void)state;
	if (ready == NULL || strcmp(ready, "ready") != 0) {
		print_error("Run this by tests/unit/run.\n");
		return -1;
	}
	if (conf_load(&arena, &conf) != OK)
		return -1;
	db = db_new(&conf.db);
	snprintf(dir, sizeof(dir), "/tmp/schema_test.XXXXXX");
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static void
remove_files(void)
{
	DIR *stream = opendir(dir);
	struct dirent *entry;
	char path[512];

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.')
			assert_int_equal(unlink(path), 0);
	}
	closedir(stream);
}

static int
clear(void **state)
{
	(void)state;
	drop_all_tables();
	remove_files();
	said[0] = '\0';
	return 0;
}

static int
teardown(void **state)
{
	clear(state);
	rmdir(dir);
	db_free(db);
	arena_reset(&arena);
	return 0;
}

static void
say(void *arg, const char *sentence)
{
	size_t len = strlen(said);

	(void)arg;
	snprintf(said + len, sizeof(said) - len, "%s\n", sentence);
}

static enum err
migrate_from(const char *from)
{
	struct schema_run wanted = {
		.db = db, .arena = &arena, .dir = from, .say = say
	};

	said[0] = '\0';
	return schema_migrate(&wanted);
}

static enum err
migrate(void)
{
	return migrate_from(dir);
}

static void
put(const char *name, const char *text)
{
	char path[512];
	FILE *stream;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	stream = fopen(path, "w");
	assert_non_null(stream);
	fputs(text, stream);
	fclose(stream);
}

static void
assert_said(const char *part)
{
	if (strstr(said, part) == NULL)
		fail_msg("\"%s\" is not in: %s", part, said);
}

static void
read_number(struct row *row, void *out)
{
	*(uint64_t *)out = row_u64(row);
}

/* Pass each SQL once: statements are found again by their address. */
static uint64_t
number(const char *sql)
{
	uint64_t value;

	assert_int_equal(
		db_one(db, &arena, sql, NO_PARAMS, read_number, &value), OK);
	return value;
}

static uint64_t
applied(void)
{
	return number("SELECT COUNT(apply_time) FROM schema_version");
}

/* ---- the steps of this release */

static void
brings_an_empty_database_to_this_release(void **state)
{
	const struct schema_step *steps;
	const char *sql = getenv("LAMPLIGHT_SQL_DIR"), *reason;
	size_t n;

	(void)state;
	assert_non_null(sql);
	assert_int_equal(schema_steps(&arena, sql, &steps, &n, &reason), OK);
	assert_int_equal(n, SCHEMA_VERSION);
	assert_int_equal(schema_check(db, "test"), ERR_CONFLICT);
	assert_int_equal(migrate_from(sql), OK);
	assert_int_equal(schema_check(db, "test"), OK);
	assert_int_equal(applied(), SCHEMA_VERSION);

	assert_int_equal(migrate_from(sql), OK);
	assert_null(strstr(said, "applied"));
	assert_int_equal(schema_check(db, "test"), OK);
}

static void
programs_refuse_any_other_version(void **state)
{
	const char *sql = getenv("LAMPLIGHT_SQL_DIR");

	(void)state;
	assert_int_equal(migrate_from(sql), OK);
	run("UPDATE schema_version SET apply_time = NULL ORDER BY version DESC"
	    " LIMIT 1");
	assert_int_equal(schema_check(db, "test"), ERR_CONFLICT);
	run("DELETE FROM schema_version WHERE apply_time IS NULL");
	assert_int_equal(schema_check(db, "test"), ERR_CONFLICT);
	assert_int_equal(number("SELECT COUNT(*) FROM schema_version"),
		SCHEMA_VERSION - 1);
	run("UPDATE schema_version SET version = version + 1000"
	    " ORDER BY version DESC LIMIT 1");
	assert_int_equal(schema_check(db, "test"), ERR_CONFLICT);
}

static void
the_database_must_answer(void **state)
{
	struct db_conf nowhere = conf.db;
	struct schema_run wanted = { .arena = &arena, .dir = dir, .say = say };
	struct db *none;

	(void)state;
	put("0001_a.sql", "CREATE TABLE a (x INT)");
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
	put("0001_a.sql", "CREATE TABLE a (x INT);\nINSERT INTO a VALUES (1);");
	put("0002_b.sql", "INSERT INTO a VALUES (2);");
	put("README", "not a step");
	assert_int_equal(migrate(), OK);
	assert_said("0001_a.sql: applied.\n0002_b.sql: applied.\n"
		    "The database is at version 2.\n");
	put("0003_c.sql", "INSERT INTO a VALUES (4)");
	assert_int_equal(migrate(), OK);
	assert_string_equal(
		said, "0003_c.sql: applied.\nThe database is at version 3.\n");
	assert_int_equal(number("SELECT CAST(SUM(x) AS UNSIGNED) FROM a"), 7);
}

static void
takes_up_a_failed_step_where_it_failed(void **state)
{
	(void)state;
	put("0001_a.sql",
		"CREATE TABLE a (x INT);\n"
		"-- the next one needs a table\n"
		"INSERT INTO missing VALUES (1);\n"
		"INSERT INTO a VALUES (2);\n");
	put("0002_b.sql", "CREATE TABLE b (x INT)");
	assert_int_equal(migrate(), ERR_INVALID);
	assert_said("0001_a.sql: statement 2, at line 3, failed");
	assert_int_equal(applied(), 0);

	assert_int_equal(migrate(), ERR_INVALID); /* it still does */
	assert_said("0001_a.sql: statement 2, at line 3, failed");
	run("CREATE TABLE missing (x INT)");
	assert_int_equal(migrate(), OK);
	assert_int_equal(number("SELECT COUNT(*) FROM a"), 1);
	assert_int_equal(number("SELECT COUNT(*) FROM missing"), 1);
	assert_int_equal(
		number("SELECT COUNT(apply_time) FROM schema_version"), 2);
}

static void
a_step_that_has_done_nothing_may_be_corrected(void **state)
{
	(void)state;
	put("0001_a.sql", "CREATE TABEL a (x INT);");
	assert_int_equal(migrate(), ERR_INVALID);
	assert_said("0001_a.sql: statement 1, at line 1, failed");
	put("0001_a.sql", "CREATE TABLE a (x INT);");
	assert_int_equal(migrate(), OK);
}

/* ---- killed anywhere */

#define OLD 16 /* steps of a database that has data */
#define RUNS_MAX 600

/* How a run dies. The program's notes in schema_version are what it does between
 * two statements, so it is stopped at one of them. */
static const char REFUSE_IT[] = /* after a statement, before its note */
	"SIGNAL SQLSTATE '45000'";
static const char UNLOCK_IT[] = /* after a note, before its statement */
	"DO RELEASE_LOCK('lamplight.migrate')";

static void
stop_at(const char *how, int n)
{
	run(arena_printf(&arena,
		"CREATE TRIGGER stop BEFORE UPDATE ON schema_version"
		" FOR EACH ROW BEGIN SET @notes = @notes - 1;"
		" IF @notes <= 0 THEN %s; END IF; END",
		how));
	run(arena_printf(&arena, "SET @notes = %d", n));
}

/* Each run dies at its n-th note, until none is left to die at; how many. */
static unsigned
die_again_and_again(const char *how, int n)
{
	const char *sql = getenv("LAMPLIGHT_SQL_DIR");
	unsigned runs = 0;
	enum err err;

	run("CREATE TABLE IF NOT EXISTS schema_version ("
	    " version SMALLINT UNSIGNED NOT NULL PRIMARY KEY,"
	    " name VARCHAR(128) NOT NULL, checksum CHAR(64) NOT NULL,"
	    " done SMALLINT UNSIGNED NOT NULL, apply_time DATETIME(3) NULL"
	    ") ENGINE = InnoDB DEFAULT CHARSET = utf8mb4");
	do {
		stop_at(how, n);
		err = migrate_from(sql);
		run("DROP TRIGGER stop");
	} while (err != OK && ++runs < RUNS_MAX);
	if (err != OK)
		fail_msg("never comes to its end: %s", said);
	assert_int_equal(schema_check(db, "test"), OK);
	return runs;
}

/* Everything in the database but the times of steps and the server's guess. */
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
		assert_int_equal(db_each(db, &arena, parts[i], NO_PARAMS,
					 add_line, &text),
			OK);
	copy = arena_str(&arena, buf_str(&text), text.len);
	buf_free(&text);
	return copy;
}

/* The first steps of this release, and something in their tables. */
static void
make_old(void)
{
	const struct schema_step *steps;
	const char *sql = getenv("LAMPLIGHT_SQL_DIR"), *reason;
	size_t n;

	assert_int_equal(schema_steps(&arena, sql, &steps, &n, &reason), OK);
	for (size_t i = 0; i < OLD; i++)
		put(steps[i].name,
			arena_str(
				&arena, steps[i].text.data, steps[i].text.len));
	assert_int_equal(migrate(), OK);
	run("INSERT INTO user (id, username, create_time, update_time)"
	    " VALUES (1, 'Ann', NOW(3), NOW(3)), (2, 'bob', NOW(3), NOW(3))");
	run("INSERT INTO session (id, user_id, title, create_time, update_time)"
	    " VALUES (10, 1, 'one', NOW(3), NOW(3)),"
	    " (20, 2, 'two', NOW(3), NOW(3))");
	run("INSERT INTO message (session_id, id, role, status, active, parts,"
	    " create_time, update_time)"
	    " VALUES (10, 11, 'user', 'complete', 1, '[1]', NOW(3), NOW(3)),"
	    " (10, 12, 'assistant', 'streaming', 1, '[2]', NOW(3), NOW(3)),"
	    " (20, 21, 'user', 'complete', 1, '[3]', NOW(3), NOW(3))");
	run("INSERT INTO search_pending (session_id, message_id)"
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
		clear(state);
		if (old)
			make_old();
		assert_int_equal(migrate_from(sql), OK);
		wanted = all_of_it();
		for (size_t i = 0; i < LENGTH(deaths); i++) {
			clear(state);
			if (old)
				make_old();
			assert_true(die_again_and_again(
					    deaths[i].how, deaths[i].n) >=
				SCHEMA_VERSION - (old ? OLD : 0));
			assert_string_equal(all_of_it(), wanted);
		}
	}
}

/* What the server has refused was not done, and is not taken as such. */
static void
what_is_in_the_way_stays_in_the_way(void **state)
{
	(void)state;
	run("CREATE TABLE b (mine INT)");
	put("0001_a.sql",
		"CREATE TABLE a (x INT); CREATE TABLE b (x INT);"
		"ALTER TABLE b ADD COLUMN y INT");
	for (int i = 0; i < 3; i++) {
		assert_int_equal(migrate(), ERR_INVALID);
		assert_said("0001_a.sql: statement 2, at line 1, failed");
	}
	run("DROP TABLE b");
	assert_int_equal(migrate(), OK);
	assert_int_equal(applied(), 1);
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
	struct schema_run wanted = { .db = db_new(&conf.db),
		.arena = &own,
		.dir = dir,
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
	put("0001_a.sql", "CREATE TABLE a (x INT); DO SLEEP(0.1);");
	put("0002_b.sql", "INSERT INTO a VALUES (1); DO SLEEP(0.1);");
	for (size_t i = 0; i < LENGTH(others); i++)
		pthread_create(
			&others[i].thread, NULL, migrate_too, &others[i]);
	for (size_t i = 0; i < LENGTH(others); i++) {
		pthread_join(others[i].thread, NULL);
		assert_int_equal(others[i].err, OK);
	}
	assert_int_equal(number("SELECT COUNT(*) FROM a"), 1);
}

/* ---- refusals */

static void
refuses_a_step_that_was_changed_after_it_was_applied(void **state)
{
	(void)state;
	put("0001_a.sql", "CREATE TABLE a (x INT);");
	assert_int_equal(migrate(), OK);
	put("0001_a.sql", "CREATE TABLE a (x BIGINT);");
	put("0002_b.sql", "CREATE TABLE b (x INT);");
	assert_int_equal(migrate(), ERR_CONFLICT);
	assert_said("0001_a.sql: this file is not the one");
	assert_int_equal(applied(), 1);
}

static void
refuses_a_step_that_was_changed_when_half_of_it_was_done(void **state)
{
	(void)state;
	put("0001_a.sql", "CREATE TABLE a (x INT); SELEKT 1;");
	assert_int_equal(migrate(), ERR_INVALID);
	put("0001_a.sql", "CREATE TABLE a (x INT); SELECT 1;");
	assert_int_equal(migrate(), ERR_CONFLICT);
	assert_said("0001_a.sql: this file is not the one");
}

static void
refuses_files_that_are_no_steps(void **state)
{
	static const char *const names[] = { "0000_a.sql", "0003_a.sql",
		"2_a.sql", "00002_a.sql", "0002.sql", "0002-a.sql", "a.sql",
		"0001_twice.sql" };

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		remove_files();
		put("0001_a.sql", "CREATE TABLE a (x INT)");
		put(names[i], "CREATE TABLE b (x INT)");
		assert_int_equal(migrate(), ERR_INVALID);
		assert_said("expected here a file 000");
	}
	assert_int_equal(number("SELECT COUNT(*) FROM information_schema.tables"
				" WHERE table_schema = DATABASE()"),
		0);
}

static void
refuses_a_directory_without_steps(void **state)
{
	(void)state;
	assert_int_equal(migrate(), ERR_INVALID);
	assert_said("there is no .sql file");
	assert_int_equal(migrate_from("/nowhere/sql"), ERR_INVALID);
	assert_said("/nowhere/sql");
}

static void
refuses_a_database_of_a_later_release(void **state)
{
	(void)state;
	put("0001_a.sql", "CREATE TABLE a (x INT)");
	put("0002_b.sql", "CREATE TABLE b (x INT)");
	assert_int_equal(migrate(), OK);
	remove_files();
	put("0001_a.sql", "CREATE TABLE a (x INT)");
	assert_int_equal(migrate(), ERR_CONFLICT);
	assert_said("install the current release");
}

static void
refuses_a_database_with_a_gap(void **state)
{
	(void)state;
	put("0001_a.sql", "CREATE TABLE a (x INT)");
	put("0002_b.sql", "CREATE TABLE b (x INT)");
	assert_int_equal(migrate(), OK);
	run("DELETE FROM schema_version WHERE version = 1");
	assert_int_equal(migrate(), ERR_CONFLICT);
	assert_said("schema_version has a gap");
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

#define TEST(name) cmocka_unit_test_setup(name, clear)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(brings_an_empty_database_to_this_release),
		TEST(programs_refuse_any_other_version),
		TEST(the_database_must_answer),
		TEST(applies_what_is_new),
		TEST(takes_up_a_failed_step_where_it_failed),
		TEST(a_step_that_has_done_nothing_may_be_corrected),
		TEST(killed_at_any_statement_it_goes_on),
		TEST(what_is_in_the_way_stays_in_the_way),
		TEST(several_at_once_apply_every_step_once),
		TEST(refuses_a_step_that_was_changed_after_it_was_applied),
		TEST(refuses_a_step_that_was_changed_when_half_of_it_was_done),
		TEST(refuses_files_that_are_no_steps),
		TEST(refuses_a_directory_without_steps),
		TEST(refuses_a_database_of_a_later_release),
		TEST(refuses_a_database_with_a_gap),
		TEST(takes_a_file_apart),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
