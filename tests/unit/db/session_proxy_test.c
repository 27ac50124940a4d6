/* session_proxy_test.c: a proxy in front of the server that does not keep what is
 * set for a session is not used. */

#include "dbtest.h"
#include "gate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *said, *heard, *words;
} changes[] = {
	{ "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci,",
		"SET NAMES latin1                            ,",
		"character_set is \"latin1\"" },
	{ " sql_mode = 'STRICT_TRANS_TABLES,",
		" sql_mode = 'ALLOW_INVALID_DATES,", "sql_mode is \"" },
	{ "'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ENGINE_SUBSTITUTION'",
		"'STRICT_TRANS_TABLES,ANSI_QUOTES,NO_ENGINE_SUBSTITUTION' ",
		"sql_mode is \"" },
	{ " time_zone = '+00:00'", " time_zone = '+05:30'",
		"time_zone is \"+05:30\"" },
	{ " autocommit = 1,", " autocommit = 0,", "autocommit is \"0\"" },
};

static void
a_proxy_that_changes_the_state_is_refused_and_named(void **state)
{
	struct dbtest *t = *state;
	char dir[] = "/tmp/lamplight-gate-XXXXXX";
	struct db_conf conf = t->conf.db;
	struct gate gate;
	struct db *db;

	if (t->conf.db.socket[0] == '\0')
		skip();
	assert_non_null(mkdtemp(dir));
	gate_open(&gate, dir, "a", t->conf.db.socket);
	conf.socket = gate.path;
	db = db_new(&conf);
	for (size_t i = 0; i < LENGTH(changes); i++) {
		gate_change(&gate, changes[i].said, changes[i].heard);
		assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), ERR_BUSY);
		assert_non_null(db_reason(db));
		if (strstr(db_reason(db), "does not keep the settings") ==
				NULL ||
			strstr(db_reason(db), changes[i].words) == NULL)
			fail_msg("%s: %s", changes[i].heard, db_reason(db));
	}
	/* One that leaves it as it is will do. */
	gate_change(&gate, " autocommit = 0,", " autocommit = 1,");
	assert_int_equal(db_exec(db, "DO 1", NO_PARAMS), OK);
	db_free(db);
	db_pool_close(&conf);
	gate_close(&gate);
	rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_proxy_that_changes_the_state_is_refused_and_named),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, dbtest_open, dbtest_close);
}
