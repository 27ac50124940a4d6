/* sweep_test.c: expired rows are removed, unless a clock is wrong. */

#include "api/sweep.h"

#include "../unit.h"
#include "apitest.h"
#include "guardtest.h"

static const char COUNT[] = "SELECT COUNT(*) FROM login WHERE id = ?";

static void
end(struct testdb *t, uint64_t id)
{
	assert_int_equal(db_exec(t->db,
				 "UPDATE login SET expire_time = NOW(3) -"
				 " INTERVAL 1 HOUR WHERE id = ?",
				 PARAMS(U64(id))),
		OK);
}

static void
database_clock(struct testdb *t, const char *timestamp)
{
	const char *sql =
		arena_printf(&t->arena, "SET timestamp = %s", timestamp);

	assert_int_equal(db_script(t->db, span_of(sql)), OK);
}

static void
expired_rows_are_deleted_and_others_stay(void **state)
{
	struct apitest *a = *state;
	uint64_t over = guardtest_make_login(a).id;
	uint64_t live = guardtest_make_login(a).id;

	end(a->t, over);
	sweep_over(a->t->db);
	assert_int_equal(testdb_number(a->t, COUNT, over), 0);
	assert_int_equal(testdb_number(a->t, COUNT, live), 1);
}

/* The host starts in 2094, or in 1970, while the database's clock is right. */
static void
different_clocks_log_nobody_out(void **state)
{
	static const char *const timestamps[] = { "4000000000", "900000000" };
	struct apitest *a = *state;
	uint64_t over = guardtest_make_login(a).id;

	end(a->t, over);
	for (size_t i = 0; i < LENGTH(timestamps); i++) {
		database_clock(a->t, timestamps[i]);
		sweep_over(a->t->db);
		assert_int_equal(testdb_number(a->t, COUNT, over), 1);
	}
	database_clock(a->t, "DEFAULT");
	sweep_over(a->t->db);
	assert_int_equal(testdb_number(a->t, COUNT, over), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expired_rows_are_deleted_and_others_stay),
		cmocka_unit_test(different_clocks_log_nobody_out),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
