/* later_test.c: statements of a transaction that are sent in one packet: in
 * order, all or none, and with the same values as when sent singly. */

#include "../unit.h"
#include "base/buf.h"
#include "testdb.h"

#include <stdlib.h>
#include <string.h>

static const char PUT[] =
	"INSERT INTO message_delta (message_id, seq, body) VALUES (?, ?, ?)";
static const char DROP[] =
	"DELETE FROM message_delta WHERE message_id = ? AND seq = ?";
static const char BODY[] =
	"SELECT body FROM message_delta WHERE message_id = ? AND seq = ?";
#define ROWS "SELECT COUNT(*) FROM message_delta WHERE message_id = ?"

struct work {
	struct testdb *t;
	uint64_t id;
	struct span body;
	uint32_t n;
};

static void
read_span(struct row *row, void *out)
{
	*(struct span *)out = row_span(row);
}

static struct span
body_of(const struct work *work, uint32_t seq)
{
	struct span body;

	assert_int_equal(
		db_one(work->t->db, &work->t->arena, BODY,
			PARAMS(U64(work->id), U64(seq)), read_span, &body),
		OK);
	return body;
}

static struct work
work_of(void **state)
{
	return (struct work){
		.t = *state, .id = testdb_id(), .body = span_of("x")
	};
}

/* A read sees what was kept before it, and nothing that follows. */
static enum err
put_and_look(struct db *db, void *arg)
{
	struct work *work = arg;

	TRY(db_later(db, PUT, PARAMS(U64(work->id), U64(0), SPAN(work->body))));
	TRY(db_later(db, PUT, PARAMS(U64(work->id), U64(1), SPAN(work->body))));
	assert_int_equal(testdb_number(work->t, ROWS, work->id), 2);
	TRY(db_later(db, DROP, PARAMS(U64(work->id), U64(0))));
	return db_later(db, PUT, PARAMS(U64(work->id), U64(2), STR("y")));
}

static void
they_run_in_order(void **state)
{
	struct work work = work_of(state);

	assert_int_equal(db_transaction(work.t->db, put_and_look, &work), OK);
	assert_int_equal(testdb_number(work.t, ROWS, work.id), 2);
	assert_string_equal(body_of(&work, 2).data, "y");
}

/* The second row exists already, so neither the first nor the third is
 * stored. */
static enum err
put_twice(struct db *db, void *arg)
{
	struct work *work = arg;

	TRY(db_later(db, PUT, PARAMS(U64(work->id), U64(0), STR("a"))));
	TRY(db_later(db, PUT, PARAMS(U64(work->id), U64(0), STR("b"))));
	return db_later(db, PUT, PARAMS(U64(work->id), U64(1), STR("c")));
}

static enum err
put_and_fail(struct db *db, void *arg)
{
	struct work *work = arg;

	TRY(db_later(db, PUT, PARAMS(U64(work->id), U64(0), STR("a"))));
	if (work->n > 0)
		(void)testdb_number(work->t, ROWS, work->id);
	return ERR_NOT_FOUND;
}

static void
all_or_none(void **state)
{
	struct work work = work_of(state);

	assert_int_equal(
		db_transaction(work.t->db, put_twice, &work), ERR_CONFLICT);
	assert_int_equal(testdb_number(work.t, ROWS, work.id), 0);
	for (work.n = 0; work.n < 2; work.n++) {
		assert_int_equal(
			db_transaction(work.t->db, put_and_fail, &work),
			ERR_NOT_FOUND);
		assert_int_equal(testdb_number(work.t, ROWS, work.id), 0);
	}
	/* The connection is still usable. */
	assert_int_equal(db_transaction(work.t->db, put_and_look, &work), OK);
}

static enum err
put_n(struct db *db, void *arg)
{
	struct work *work = arg;

	for (uint32_t seq = 0; seq < work->n; seq++)
		TRY(db_later(db, PUT,
			PARAMS(U64(work->id), U64(seq), SPAN(work->body))));
	return OK;
}

/* Short and long values, and more than can be kept. */
static void
every_byte_is_kept(void **state)
{
	static const char *const texts[] = { "", "'", "\\",
		"\\'; DROP TABLE x; --", "? ?", "a\nb\r\t\x1a\"",
		"caf\u00e9 \U0001f600" };
	struct work work;
	struct buf large = BUF_INIT;

	for (size_t i = 0; i < LENGTH(texts); i++) {
		work = work_of(state);
		work.body = span_of(texts[i]);
		work.n = 2;
		assert_int_equal(db_transaction(work.t->db, put_n, &work), OK);
		assert_true(span_equal(body_of(&work, 1), work.body));
	}
	for (size_t len = 1000; len < 100000; len *= 9) {
		while (large.len < len)
			buf_puts(&large, "l'\\");
		work = work_of(state);
		work.body = buf_span(&large);
		work.n = 200;
		assert_int_equal(db_transaction(work.t->db, put_n, &work), OK);
		assert_int_equal(testdb_number(work.t, ROWS, work.id), 200);
		assert_true(span_equal(body_of(&work, 199), work.body));
	}
	buf_free(&large);
}

static enum err
nothing(struct db *db, void *arg)
{
	(void)db;
	(void)arg;
	return OK;
}

static void
nothing_is_nothing(void **state)
{
	struct work work = work_of(state);

	assert_int_equal(db_transaction(work.t->db, nothing, NULL), OK);
	assert_int_equal(db_transaction(work.t->db, put_n, &work), OK);
	assert_int_equal(db_later(work.t->db, PUT,
				 PARAMS(U64(work.id), U64(0), STR("alone"))),
		OK);
	assert_int_equal(testdb_number(work.t, ROWS, work.id), 1);
}

/* A text that ends with a partial character must not swallow the quote after
 * it: the server refuses it as a value. */
static void
what_is_no_utf8_stays_a_value(void **state)
{
	static const char *const texts[] = { "\xf0'", "\xff\\'",
		"\xf0\x9f'; DELETE FROM message_delta; -- ",
		"\xe4\xb8\\'; DELETE FROM message_delta; -- ",
		"\xbf\x27 OR 1=1 -- ", "\xc0\xa7" };
	struct work kept = work_of(state);

	kept.n = 3;
	assert_int_equal(db_transaction(kept.t->db, put_n, &kept), OK);
	for (size_t i = 0; i < LENGTH(texts); i++) {
		struct work work = work_of(state);

		work.body = span_of(texts[i]);
		work.n = 2;
		assert_int_equal(
			db_transaction(work.t->db, put_n, &work), ERR_INVALID);
		assert_int_equal(testdb_number(work.t, ROWS, work.id), 0);
		assert_int_equal(testdb_number(work.t, ROWS, kept.id), 3);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(they_run_in_order),
		cmocka_unit_test(all_or_none),
		cmocka_unit_test(every_byte_is_kept),
		cmocka_unit_test(what_is_no_utf8_stays_a_value),
		cmocka_unit_test(nothing_is_nothing),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
