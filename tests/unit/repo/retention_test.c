/* retention_test.c: chats that nobody has used for too long. */

#include "repo/retention.h"

#include "../unit.h"
#include "base/clock.h"
#include "repo/erase.h"
#include "repo/session.h"
#include "testdb.h"

/* No data of other tests is this old. */
#define OLD INT64_C(1000000000123)
#define EDGE INT64_C(1100000000000)
#define STEPS_MAX 100000

static const char COUNT[] = "SELECT COUNT(*) FROM session WHERE id = ?";
static const char COUNT_MESSAGES[] =
	"SELECT COUNT(*) FROM message WHERE session_id = ?";
static const char COUNT_NOTES[] =
	"SELECT COUNT(*) FROM erasure WHERE session_id = ?";

static void
run(struct testdb *t, const char *sql, uint64_t id)
{
	assert_int_equal(db_exec(t->db, sql, PARAMS(U64(id))), OK);
}

static uint64_t
pinned(struct testdb *t, uint64_t user_id)
{
	uint64_t id = testdb_session(t, user_id, OLD);

	run(t, "UPDATE session SET pinned = 1 WHERE id = ?", id);
	return id;
}

static uint64_t
temporary(struct testdb *t, uint64_t id)
{
	run(t, "UPDATE session SET archived = 2 WHERE id = ?", id);
	return id;
}

static struct retention
begin(bool keep_pinned)
{
	return (struct retention){ .keep_ms = clock_wall_ms() - EDGE,
		.keep_pinned = keep_pinned };
}

/* Returns how many sessions it has deleted. */
static uint64_t
walk(struct testdb *t, struct retention *retention)
{
	uint64_t deleted = 0;
	enum err err = OK;

	for (int i = 0; i < STEPS_MAX && err == OK; i++)
		err = retention_step(t->db, retention, &deleted);
	assert_int_equal(err, ERR_NOT_FOUND);
	return deleted;
}

static void
what_is_too_old_goes(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = testdb_id();
	uint64_t old = testdb_session(t, user_id, OLD);
	uint64_t edge = testdb_session(t, user_id, EDGE + 60000);
	uint64_t kept = pinned(t, user_id);
	struct retention retention = begin(true);

	testdb_message(t, old, "complete", OLD);
	testdb_message(t, kept, "complete", OLD);
	assert_int_equal(walk(t, &retention), 1);
	assert_int_equal(testdb_number(t, COUNT, old), 0);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, old), 0);
	assert_int_equal(testdb_number(t, COUNT, edge), 1);
	assert_int_equal(testdb_number(t, COUNT, kept), 1);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, kept), 1);
	retention = begin(false);
	assert_int_equal(walk(t, &retention), 1);
	assert_int_equal(testdb_number(t, COUNT, kept), 0);
	assert_int_equal(testdb_number(t, COUNT, edge), 1);
}

/* Walks until it has found some sessions, which it is about to delete. */
static void
look(struct testdb *t, struct retention *retention)
{
	uint64_t deleted = 0;

	while (retention->n == 0)
		assert_int_equal(
			retention_step(t->db, retention, &deleted), OK);
	assert_int_equal(deleted, 0);
}

static void
what_is_used_meanwhile_stays(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = testdb_id();
	uint64_t used = testdb_session(t, user_id, OLD);
	uint64_t liked = testdb_session(t, user_id, OLD);
	uint64_t gone = testdb_session(t, user_id, OLD);
	struct retention retention = begin(true);

	look(t, &retention);
	run(t, "UPDATE session SET update_time = NOW(3) WHERE id = ?", used);
	run(t, "UPDATE session SET pinned = TRUE WHERE id = ?", liked);
	assert_int_equal(
		session_delete(t->db, &t->arena, user_id, &gone, 1), OK);
	assert_int_equal(walk(t, &retention), 0);
	assert_int_equal(testdb_number(t, COUNT, used), 1);
	assert_int_equal(testdb_number(t, COUNT, liked), 1);
	retention = begin(false);
	assert_int_equal(walk(t, &retention), 1);
	assert_int_equal(testdb_number(t, COUNT, liked), 0);
}

/* Temporary chats have a shorter limit, pinned or not; all others stay if none
 * are too old. */
static void
temporary_ones_go_sooner(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = testdb_id();
	uint64_t old = temporary(t, testdb_session(t, user_id, OLD));
	uint64_t liked = temporary(t, pinned(t, user_id));
	uint64_t edge = temporary(t, testdb_session(t, user_id, EDGE + 60000));
	uint64_t other = testdb_session(t, user_id, OLD);
	struct retention retention = { .temporary_ms = clock_wall_ms() - EDGE };

	assert_int_equal(walk(t, &retention), 2);
	assert_int_equal(testdb_number(t, COUNT, old), 0);
	assert_int_equal(testdb_number(t, COUNT, liked), 0);
	assert_int_equal(testdb_number(t, COUNT, edge), 1);
	assert_int_equal(testdb_number(t, COUNT, other), 1);
	retention = begin(true);
	assert_int_equal(walk(t, &retention), 1);
	assert_int_equal(testdb_number(t, COUNT, edge), 1);
}

static void
two_walks_delete_each_once(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = testdb_id(), n = 0;
	struct retention a = begin(true), b = begin(true);

	for (int i = 0; i < 5; i++)
		testdb_session(t, user_id, OLD);
	look(t, &a);
	look(t, &b);
	assert_int_equal(retention_step(t->db, &a, &n), OK);
	assert_int_equal(n, 1);
	assert_int_equal(walk(t, &b), 4);
	assert_int_equal(walk(t, &a), 0);
}

/* More rows than a transaction deletes: people see nothing of the session any
 * more, and the rest is noted. */
static void
a_large_one_goes_bit_by_bit(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = testdb_id();
	uint64_t id = testdb_session(t, user_id, OLD);
	struct retention retention = begin(true);

	for (int i = 0; i < 250; i++)
		testdb_message(t, id, "complete", OLD);
	assert_int_equal(walk(t, &retention), 1);
	assert_int_equal(testdb_number(t, COUNT, id), 0);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, id), 50);
	assert_int_equal(testdb_number(t, COUNT_NOTES, id), 1);
	assert_int_equal(erase_rest(t->db, user_id, ERASE_TO_THE_END), OK);
	assert_int_equal(testdb_number(t, COUNT_MESSAGES, id), 0);
	assert_int_equal(testdb_number(t, COUNT_NOTES, id), 0);
}

/* By a clock that is years ahead, everything looks old. */
static void
clocks_that_are_apart_delete_nothing(void **state)
{
	struct testdb *t = *state;
	uint64_t id = testdb_session(t, testdb_id(), OLD), deleted = 0;
	struct retention retention = begin(true);

	assert_int_equal(
		db_script(t->db, span_of("SET timestamp = 4000000000")), OK);
	assert_int_equal(
		retention_step(t->db, &retention, &deleted), ERR_CONFLICT);
	assert_int_equal(
		db_script(t->db, span_of("SET timestamp = 900000000")), OK);
	assert_int_equal(
		retention_step(t->db, &retention, &deleted), ERR_CONFLICT);
	assert_int_equal(
		db_script(t->db, span_of("SET timestamp = DEFAULT")), OK);
	assert_int_equal(testdb_number(t, COUNT, id), 1);
	assert_int_equal(walk(t, &retention), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_too_old_goes),
		cmocka_unit_test(what_is_used_meanwhile_stays),
		cmocka_unit_test(temporary_ones_go_sooner),
		cmocka_unit_test(two_walks_delete_each_once),
		cmocka_unit_test(a_large_one_goes_bit_by_bit),
		cmocka_unit_test(clocks_that_are_apart_delete_nothing),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
