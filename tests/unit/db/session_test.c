/* session_test.c: whatever a server does to new sessions, ours have the
 * required state; and how a slow statement ends. */

#include "dbtest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* An emoji, a Chinese character that needs utf8mb4, and characters that latin1
 * would double. */
#define TEXT "caf\u00e9 \U0001f600 \U00020bb7 \u20ac"

static const char STORE[] = "REPLACE INTO scratch (id, body) VALUES (?, ?)";

static const char STATE[] =
	"SELECT CONCAT_WS(' ', @@character_set_client,"
	" @@character_set_connection, @@character_set_results, @@autocommit + 0,"
	" @@time_zone, @@sql_safe_updates + 0, @@sql_auto_is_null + 0,"
	" @@innodb_lock_wait_timeout, @@completion_type)";

static struct db *
handle(struct dbtest *t)
{
	return db_new(&t->conf.db);
}

/* Writes texts as parameters and as quoted text, and reads them back. */
static void
keeps_every_byte(struct dbtest *t, struct db *db)
{
	char sql[128];

	assert_int_equal(db_exec(db, STORE, PARAMS(U64(1), STR(TEXT))), OK);
	assert_string_equal(dbtest_text(db, &t->arena,
				    "SELECT body FROM scratch WHERE id = 1"),
		TEXT);
	snprintf(sql, sizeof(sql),
		"SELECT HEX(body) = HEX('%s')"
		" AND CHAR_LENGTH(body) = 10 FROM scratch",
		TEXT);
	assert_int_equal(dbtest_number(t->root, sql), 1);
	assert_string_equal(dbtest_text(db, &t->arena, STATE),
		"utf8mb4 utf8mb4 utf8mb4 1 +00:00 0 0 5 NO_CHAIN");
}

static enum err
pass_over(struct row *row, void *arg)
{
	(void)row;
	(void)arg;
	return OK;
}

/* ---- the state */

static const char *const hostile[] = {
	"SET NAMES latin1",
	"SET NAMES utf8mb3",
	"SET NAMES utf8mb4; SET character_set_results = NULL",
	"SET autocommit = 0, sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'",
	"SET time_zone = '+05:30', sql_safe_updates = 1, sql_select_limit = 1",
	"SET completion_type = 'RELEASE', sql_auto_is_null = 1",
	"SET SESSION TRANSACTION READ ONLY",
};

static void
the_state_is_ours_whatever_init_connect_says(void **state)
{
	struct dbtest *t = *state;
	char value[256];

	for (size_t i = 0; i < LENGTH(hostile); i++) {
		struct db *db = handle(t);

		snprintf(value, sizeof(value), "\"%s\"", hostile[i]);
		dbtest_set(t, "init_connect", value);
		keeps_every_byte(t, db);
		db_free(db);
	}
	dbtest_set(t, "init_connect", "''");
}

static void
a_broken_init_connect_is_away(void **state)
{
	struct dbtest *t = *state;
	struct db *db = handle(t);

	dbtest_set(t, "init_connect", "'SELECT no_such_column'");
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), ERR_BUSY);
	assert_non_null(db_reason(db));
	dbtest_set(t, "init_connect", "''");
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), OK);
	db_free(db);
}

static void
limits_and_modes_of_the_server_are_not_ours(void **state)
{
	struct dbtest *t = *state;
	struct db *db;

	dbtest_set(t, "sql_mode", "'ANSI,TRADITIONAL,NO_BACKSLASH_ESCAPES'");
	dbtest_set(t, "sql_select_limit", "1");
	dbtest_set(t, "innodb_lock_wait_timeout", "1");
	db = handle(t);
	keeps_every_byte(t, db);
	assert_int_equal(dbtest_number(db,
				 "SELECT COUNT(*) FROM (SELECT 1 UNION ALL"
				 " SELECT 2) both_rows"),
		2);
	db_free(db);
	dbtest_set(t, "sql_mode", "DEFAULT");
	dbtest_set(t, "sql_select_limit", "DEFAULT");
	dbtest_set(t, "innodb_lock_wait_timeout", "DEFAULT");
}

/* A process stopped inside a transaction loses its locks in time. */
static void
a_transaction_does_not_lie_idle(void **state)
{
	struct dbtest *t = *state;
	struct db *db = handle(t);

	assert_int_equal(dbtest_number(db,
				 "SELECT /*M! @@idle_transaction_timeout + */"
				 " 0 /*!80000 + 10 */"),
		10);
	db_free(db);
}

/* ---- no connection */

struct wrong {
	const char *what, *reason;
	void (*spoil)(struct db_conf *conf);
};

static void
no_socket(struct db_conf *conf)
{
	conf->socket = "/nonexistent/mysql.sock";
}

static void
no_host(struct db_conf *conf)
{
	hosts_parse("no-such-host.invalid", &conf->hosts);
	conf->socket = "";
}

static void
no_port(struct db_conf *conf)
{
	hosts_parse("127.0.0.1", &conf->hosts);
	conf->port = 1;
	conf->socket = "";
}

static void
wrong_password(struct db_conf *conf)
{
	conf->password = "wrong";
}

static void
no_database(struct db_conf *conf)
{
	conf->name = "no_such_database";
}

static const struct wrong wrongs[] = {
	{ "socket", "no database server at db.socket", no_socket },
	{ "host", "db.host", no_host },
	{ "port", "db.port", no_port },
	{ "password", "db.password", wrong_password },
	{ "name", "db.name", no_database },
};

static void
no_connection_is_busy_and_names_the_setting(void **state)
{
	struct dbtest *t = *state;

	for (size_t i = 0; i < LENGTH(wrongs); i++) {
		struct db_conf conf = t->conf.db;
		struct db *db;

		wrongs[i].spoil(&conf);
		db = db_new(&conf);
		assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), ERR_BUSY);
		if (strstr(db_reason(db), wrongs[i].reason) == NULL)
			fail_msg("%s: %s", wrongs[i].what, db_reason(db));
		db_free(db);
	}
}

/* Other failures of a log-in to the server. */
static const char *const accounts[][2] = {
	{ "ACCOUNT LOCK", "locked" },
	{ "PASSWORD EXPIRE", "expired" },
};

static void
an_account_that_may_not_log_in_is_busy(void **state)
{
	struct dbtest *t = *state;
	struct db_conf conf = t->conf.db;
	char sql[128];

	conf.user = "guest";
	for (size_t i = 0; i < LENGTH(accounts); i++) {
		struct db *db = db_new(&conf);

		dbtest_root(t, "CREATE USER guest@localhost");
		dbtest_root(t, "GRANT ALL ON lamplight.* TO guest@localhost");
		snprintf(sql, sizeof(sql), "ALTER USER guest@localhost %s",
			accounts[i][0]);
		dbtest_root(t, sql);
		assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), ERR_BUSY);
		if (strstr(db_reason(db), accounts[i][1]) == NULL)
			fail_msg("%s: %s", accounts[i][0], db_reason(db));
		db_free(db);
		dbtest_root(t, "DROP USER guest@localhost");
	}
}

static void
rights_that_are_missing_are_busy(void **state)
{
	struct dbtest *t = *state;
	struct db_conf conf = t->conf.db;
	struct db *db;

	conf.user = "guest";
	dbtest_root(t, "CREATE USER guest@localhost");
	dbtest_root(t, "GRANT SELECT ON lamplight.* TO guest@localhost");
	db = db_new(&conf);
	assert_int_equal(
		db_exec(db, STORE, PARAMS(U64(1), STR("x"))), ERR_BUSY);
	assert_non_null(strstr(db_reason(db), "GRANT"));
	db_free(db);
	dbtest_root(t, "DROP USER guest@localhost");
}

/* ---- time */

/* No statement of the account is running, or only for a moment longer. */
static bool
comes_to_rest(struct dbtest *t)
{
	static const char running[] =
		"SELECT COUNT(*) FROM information_schema.processlist"
		" WHERE user = 'lamplight' AND command <> 'Sleep'";

	for (int i = 0; i < 50; i++) {
		if (dbtest_number(t->root, running) == 0)
			return true;
		usleep(100000);
	}
	return false;
}

static void
a_read_that_takes_too_long_ends_and_is_not_run_again(void **state)
{
	struct dbtest *t = *state;
	struct db *db = handle(t);
	uint64_t before, after;

	before = dbtest_number(db, "SELECT CONNECTION_ID()");
	/* Uses slow rows, which work on both servers; MySQL ends SLEEP()
	 * without an error. */
	assert_int_equal(db_each(db, NULL,
				 DB_WITHIN_S(1) " COUNT(*) FROM"
						" information_schema.columns a,"
						" information_schema.columns b,"
						" information_schema.columns c",
				 NO_PARAMS, pass_over, NULL),
		ERR_BUSY);
	assert_true(db_timed_out(db));
	after = dbtest_number(db, "SELECT CONNECTION_ID()");
	assert_false(db_timed_out(db));
	assert_int_equal(before, after);
	assert_true(comes_to_rest(t));
	db_free(db);
}

/* ---- statements */

#define ONE(n) "SELECT " #n " + ?"
#define TEN(n)                                                            \
	ONE(n##0), ONE(n##1), ONE(n##2), ONE(n##3), ONE(n##4), ONE(n##5), \
		ONE(n##6), ONE(n##7), ONE(n##8), ONE(n##9)

static void
prepared_statements_are_bounded(void **state)
{
	static const char *const sql[] = { TEN(1), TEN(2), TEN(3), TEN(4),
		TEN(5), TEN(6), TEN(7), TEN(8), TEN(9), TEN(10), TEN(11),
		TEN(12) };
	struct dbtest *t = *state;
	struct db *db = handle(t);

	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < LENGTH(sql); i++)
			assert_int_equal(
				db_each(db, NULL, sql[i], PARAMS(U64(1)),
					pass_over, NULL),
				OK);
	db_free(db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_is_ours_whatever_init_connect_says),
		cmocka_unit_test(a_broken_init_connect_is_away),
		cmocka_unit_test(limits_and_modes_of_the_server_are_not_ours),
		cmocka_unit_test(a_transaction_does_not_lie_idle),
		cmocka_unit_test(no_connection_is_busy_and_names_the_setting),
		cmocka_unit_test(an_account_that_may_not_log_in_is_busy),
		cmocka_unit_test(rights_that_are_missing_are_busy),
		cmocka_unit_test(
			a_read_that_takes_too_long_ends_and_is_not_run_again),
		cmocka_unit_test(prepared_statements_are_bounded),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, dbtest_open, dbtest_close);
}
