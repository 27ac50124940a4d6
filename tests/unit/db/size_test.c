/* size_test.c: values larger than a packet or a column, and splitting to make
 * statements fit. */

#include "dbtest.h"

#include "db/bulk.h"

#include <stdlib.h>
#include <string.h>

static const char STORE[] = "REPLACE INTO scratch (id, body) VALUES (?, ?)";

static struct db *
handle(struct dbtest *t)
{
	return db_new(&t->conf.db);
}

static enum err
store_twice(struct db *db, void *arg)
{
	const struct span *body = arg;

	TRY(db_exec(db, STORE, PARAMS(U64(2), STR("small"))));
	return db_exec(db, STORE, PARAMS(U64(3), SPAN(*body)));
}

static void
a_statement_larger_than_a_packet_is_too_big(void **state)
{
	struct dbtest *t = *state;
	struct db *db;
	size_t len = 3u << 20;
	struct span body = { calloc(1, len), len };

	memset((char *)(uintptr_t)body.data, 'x', len);
	dbtest_set(t, "max_allowed_packet", "2097152");
	db = handle(t);
	assert_int_equal(
		db_exec(db, STORE, PARAMS(U64(3), SPAN(body))), ERR_TOO_BIG);
	assert_int_equal(db_packet_max(db), 2097152);
	assert_non_null(strstr(db_reason(db), "max_allowed_packet"));
	assert_int_equal(db_transaction(db, store_twice, &body), ERR_TOO_BIG);
	assert_int_equal(dbtest_number(db,
				 "SELECT COUNT(*) FROM scratch"
				 " WHERE id IN (2, 3)"),
		0);
	body.len = 1u << 20;
	assert_int_equal(db_transaction(db, store_twice, &body), OK);
	body.len = len;
	assert_int_equal(
		db_exec(db, STORE, PARAMS(U64(3), SPAN(body))), ERR_TOO_BIG);
	dbtest_set(t, "max_allowed_packet", "67108864");
	assert_int_equal(db_exec(db, STORE, PARAMS(U64(3), SPAN(body))), OK);
	db_free(db);
	free((char *)(uintptr_t)body.data);
}

/* Each fits, also as text; together they do not, and one fits only
 * unescaped. */
static enum err
store_later(struct db *db, void *arg)
{
	const struct span *quotes = arg;

	for (uint64_t id = 10; id < 60; id++)
		TRY(db_later(db, STORE, PARAMS(U64(id), SPAN(*quotes))));
	return OK;
}

static void
deferred_statements_are_sent_in_fitting_packets(void **state)
{
	struct dbtest *t = *state;
	struct span quotes = { NULL, 0 };
	char text[700];

	memset(text, '\'', sizeof(text));
	quotes.data = text;
	dbtest_set(t, "max_allowed_packet", "1024");
	for (size_t len = 50; len <= sizeof(text); len += 650) {
		struct db *db = handle(t);

		quotes.len = len;
		assert_int_equal(db_transaction(db, store_later, &quotes), OK);
		assert_int_equal(
			dbtest_number(db,
				"SELECT COUNT(*) FROM scratch WHERE id"
				" BETWEEN 10 AND 59 AND body LIKE '\'\'%'"),
			50);
		db_free(db);
	}
	dbtest_set(t, "max_allowed_packet", "67108864");
}

static enum err
send_bulk(struct db *db, void *bulk)
{
	return bulk_exec(bulk, db);
}

/* A server may accept less than when the bulk was made: if several statements
 * would be needed, nothing is stored unless they are one transaction. */
static void
rows_in_bulk_are_all_or_none(void **state)
{
	static const char ROWS[] =
		"SELECT COUNT(*) FROM scratch WHERE id BETWEEN 70 AND 79";
	struct dbtest *t = *state;
	struct bulk bulk = { 0 };
	struct db *db;
	char text[300];

	memset(text, 'x', sizeof(text));
	bulk_begin(&bulk, "INSERT INTO scratch (id, body) VALUES");
	for (uint64_t id = 70; id < 80; id++)
		bulk_row(&bulk,
			PARAMS(U64(id),
				SPAN(((struct span){ text, sizeof(text) }))));
	dbtest_set(t, "max_allowed_packet", "1024");
	db = handle(t);
	assert_int_equal(bulk_exec(&bulk, db), ERR_TOO_BIG);
	assert_int_equal(dbtest_number(db, ROWS), 0);
	assert_int_equal(db_transaction(db, send_bulk, &bulk), OK);
	assert_int_equal(dbtest_number(db, ROWS), 10);
	db_free(db);
	bulk_free(&bulk);
	dbtest_set(t, "max_allowed_packet", "67108864");
}

static void
a_value_that_does_not_fit_its_column_is_refused(void **state)
{
	struct dbtest *t = *state;
	struct db *db = handle(t);
	static const char narrow[] =
		"INSERT INTO narrow (name, small) VALUES (?, ?)";

	dbtest_root(t,
		"CREATE TABLE narrow (name VARCHAR(4) CHARACTER SET"
		" latin1, small TINYINT)");
	assert_int_equal(db_exec(db, narrow, PARAMS(STR("\U0001f600"), U64(1))),
		ERR_INVALID);
	assert_int_equal(
		db_exec(db, narrow, PARAMS(STR("long enough"), U64(1))),
		ERR_TOO_BIG);
	assert_int_equal(
		db_exec(db, narrow, PARAMS(STR("x"), U64(1000))), ERR_INVALID);
	assert_int_equal(db_exec(db, narrow, PARAMS(STR("x"), U64(1))), OK);
	dbtest_root(t, "DROP TABLE narrow");
	db_free(db);
}
int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_larger_than_a_packet_is_too_big),
		cmocka_unit_test(
			deferred_statements_are_sent_in_fitting_packets),
		cmocka_unit_test(rows_in_bulk_are_all_or_none),
		cmocka_unit_test(
			a_value_that_does_not_fit_its_column_is_refused),
	};

	db_library_open();
	return cmocka_run_group_tests(tests, dbtest_open, dbtest_close);
}
