/* server_test.c: unsuitable servers, accounts and tables, and how they are
 * reported. */

#include "repo/server.h"

#include "../db/dbtest.h"
#include "repo/schema.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char said[8192];

/* ---- helpers */

static void
say(void *arg, bool fatal, const char *sentence)
{
	size_t len = strlen(said);

	(void)arg;
	snprintf(said + len, sizeof(said) - len, "%s: %s\n",
		fatal ? "error" : "note", sentence);
}

static void
say_nothing(void *arg, const char *sentence)
{
	(void)arg;
	(void)sentence;
}

static enum err
survey(struct db *db, enum server_for what)
{
	struct arena arena = ARENA_INIT;
	enum err err;

	said[0] = '\0';
	err = server_check(db, &arena, what, say, NULL);
	arena_reset(&arena);
	return err;
}

static void
assert_said(const char *text)
{
	if (strstr(said, text) == NULL)
		fail_msg("\"%s\" is not in: %s", text, said);
}

static int
open_tables(void **state)
{
	struct schema_run run = { .dir = "sql", .say = say_nothing };
	struct dbtest *t;

	if (dbtest_open(state) != 0)
		return -1;
	t = *state;
	run.db = t->root;
	run.arena = &t->arena;
	return schema_migrate(&run) == OK ? 0 : -1;
}

/* An account with these privileges. */
static struct db *
guest(struct dbtest *t, const char *rights)
{
	static struct db_conf conf;
	char sql[256];

	conf = t->conf.db;
	conf.user = "guest";
	dbtest_root(t, "CREATE USER guest@localhost");
	snprintf(sql, sizeof(sql), "GRANT %s ON lamplight.* TO guest@localhost",
		rights);
	dbtest_root(t, sql);
	return db_new(&conf);
}

static void
leave(struct dbtest *t, struct db *db)
{
	db_free(db);
	dbtest_root(t, "DROP USER guest@localhost");
}

/* ---- tests */

static void
a_good_server_is_not_mentioned(void **state)
{
	struct dbtest *t = *state;

	assert_int_equal(survey(t->root, SERVER_FOR_TABLES), OK);
	assert_string_equal(said, "");
	assert_int_equal(survey(t->root, SERVER_FOR_ALL), OK);
	assert_string_equal(said, "");
	assert_null(server_trouble(t->root, &t->arena, "test"));
}

struct setting {
	const char *name, *value, *usual;
	enum server_for what;
	enum err err;
	const char *sentence;
};

static const struct setting settings[] = {
	{ "read_only", "1", "0", SERVER_FOR_WORK, ERR_CONFLICT,
		"error: The database is read-only (read_only = ON)" },
	{ "innodb_default_row_format", "'compact'", "'dynamic'",
		SERVER_FOR_TABLES, ERR_CONFLICT,
		"innodb_default_row_format is compact" },
	{ "max_allowed_packet", "1048576", "67108864", SERVER_FOR_ALL, OK,
		"note: The database's max_allowed_packet is 1048576 bytes" },
	{ "innodb_flush_log_at_trx_commit", "2", "1", SERVER_FOR_ALL, OK,
		"note: The database's innodb_flush_log_at_trx_commit is 2" },
};

static void
a_setting_is_named_with_its_remedy(void **state)
{
	struct dbtest *t = *state;

	for (size_t i = 0; i < LENGTH(settings); i++) {
		dbtest_set(t, settings[i].name, settings[i].value);
		assert_int_equal(
			survey(t->root, settings[i].what), settings[i].err);
		assert_said(settings[i].sentence);
		if (settings[i].what == SERVER_FOR_WORK)
			assert_non_null(strstr(
				server_trouble(t->root, &t->arena, "test"),
				settings[i].name));
		dbtest_set(t, settings[i].name, settings[i].usual);
	}
	assert_int_equal(survey(t->root, SERVER_FOR_ALL), OK);
}

static void
tables_of_another_kind_are_named(void **state)
{
	struct dbtest *t = *state;

	dbtest_root(t,
		"ALTER TABLE message_delta CONVERT TO CHARACTER SET "
		"latin1, ENGINE = MyISAM");
	assert_int_equal(survey(t->root, SERVER_FOR_WORK), ERR_CONFLICT);
	assert_said("The table message_delta is of the engine MyISAM");
	assert_said("message_delta.body is in the character set latin1");
	dbtest_root(t,
		"ALTER TABLE message_delta CONVERT TO CHARACTER SET "
		"utf8mb4 COLLATE utf8mb4_bin, ENGINE = InnoDB");
	assert_int_equal(survey(t->root, SERVER_FOR_WORK), OK);
}

static void
four_rights_are_enough_for_the_workers(void **state)
{
	struct dbtest *t = *state;
	struct db *db = guest(t, "SELECT, INSERT, UPDATE, DELETE");

	assert_int_equal(survey(db, SERVER_FOR_ALL), OK);
	assert_string_equal(said, "");
	leave(t, db);
}

static void
each_missing_right_is_named(void **state)
{
	static const char *const some[][2] = {
		{ "SELECT, UPDATE, DELETE", "INSERT INTO message: " },
		{ "SELECT, INSERT, DELETE", "UPDATE message: " },
		{ "SELECT, INSERT, UPDATE", "DELETE FROM message: " },
	};
	struct dbtest *t = *state;

	for (size_t i = 0; i < LENGTH(some); i++) {
		struct db *db = guest(t, some[i][0]);

		assert_int_equal(survey(db, SERVER_FOR_WORK), ERR_CONFLICT);
		assert_said(some[i][1]);
		assert_said("GRANT SELECT, INSERT, UPDATE, DELETE");
		leave(t, db);
	}
}

/* In a separate database. */
static void
the_documented_rights_are_enough_to_migrate(void **state)
{
	struct dbtest *t = *state;
	struct db_conf conf = t->conf.db;
	struct schema_run run = {
		.arena = &t->arena, .dir = "sql", .say = say_nothing
	};

	conf.user = "guest";
	conf.name = "other";
	dbtest_root(t, "CREATE DATABASE other CHARACTER SET latin1");
	dbtest_root(t, "CREATE USER guest@localhost");
	dbtest_root(t,
		"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER,"
		" DROP, INDEX ON other.* TO guest@localhost");
	run.db = db_new_patient(&conf);
	assert_int_equal(survey(run.db, SERVER_FOR_TABLES), OK);
	assert_int_equal(schema_migrate(&run), OK);
	assert_int_equal(survey(run.db, SERVER_FOR_ALL), OK);
	dbtest_root(t, "DROP DATABASE other");
	leave(t, run.db);
}

static void
away_is_said_with_its_reason(void **state)
{
	struct dbtest *t = *state;
	struct db_conf nowhere = t->conf.db;
	struct db *db;

	nowhere.password = "wrong";
	db = db_new(&nowhere);
	assert_int_equal(survey(db, SERVER_FOR_WORK), ERR_BUSY);
	assert_non_null(
		strstr(server_trouble(db, &t->arena, "test"), "db.password"));
	db_free(db);
}

/* The session's own time simulates a server with a wrong clock. */
static void
clocks_that_are_far_apart_are_named(void **state)
{
	static const char *const there[] = {
		"SET timestamp = UNIX_TIMESTAMP() + 3660",
		"SET timestamp = UNIX_TIMESTAMP() - 3660"
	};
	struct dbtest *t = *state;

	for (size_t i = 0; i < LENGTH(there); i++) {
		assert_int_equal(db_exec(t->root, there[i], NO_PARAMS), OK);
		assert_int_equal(
			survey(t->root, SERVER_FOR_WORK), ERR_CONFLICT);
		assert_said("error: The clock of this host and the database's "
			    "are 6");
		assert_non_null(strstr(
			server_trouble(t->root, &t->arena, "test"), "NTP"));
		assert_int_equal(
			db_exec(t->root, "SET timestamp = DEFAULT", NO_PARAMS),
			OK);
		assert_int_equal(survey(t->root, SERVER_FOR_WORK), OK);
	}
	assert_int_equal(
		db_exec(t->root, "SET timestamp = UNIX_TIMESTAMP() + 60",
			NO_PARAMS),
		OK);
	assert_int_equal(survey(t->root, SERVER_FOR_WORK), OK);
	assert_int_equal(
		db_exec(t->root, "SET timestamp = DEFAULT", NO_PARAMS), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clocks_that_are_far_apart_are_named),
		cmocka_unit_test(a_good_server_is_not_mentioned),
		cmocka_unit_test(a_setting_is_named_with_its_remedy),
		cmocka_unit_test(tables_of_another_kind_are_named),
		cmocka_unit_test(four_rights_are_enough_for_the_workers),
		cmocka_unit_test(each_missing_right_is_named),
		cmocka_unit_test(the_documented_rights_are_enough_to_migrate),
		cmocka_unit_test(away_is_said_with_its_reason),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, open_tables, dbtest_close);
}
