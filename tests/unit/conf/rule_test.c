/* rule_test.c: valid and invalid rules. */

#include "conf/rule.h"

#include "../unit.h"
#include "base/attr.h"

#include <string.h>

static void
clauses_are_read(void **state)
{
	static const char text[] =
		"user 30/min,network 10/h ,  all 100/day, user 4 at  once";
	static const struct rule_clause wanted[] = { { RULE_USER, 30, 60 },
		{ RULE_NETWORK, 10, 3600 }, { RULE_ALL, 100, 86400 },
		{ RULE_USER, 4, 0 } };
	struct rule rule;

	(void)state;
	assert_true(rule_parse(text, &rule));
	assert_int_equal(rule.n, LENGTH(wanted));
	for (size_t i = 0; i < LENGTH(wanted); i++) {
		assert_int_equal(rule.clauses[i].scope, wanted[i].scope);
		assert_int_equal(rule.clauses[i].max, wanted[i].max);
		assert_int_equal(rule.clauses[i].period_s, wanted[i].period_s);
	}
}

static void
off_has_none(void **state)
{
	struct rule rule = { .n = 3 };

	(void)state;
	assert_true(rule_parse("off", &rule));
	assert_int_equal(rule.n, 0);
}

static void
others_are_refused(void **state)
{
	static const char *const bad[] = { "", "on", "user", "user 3",
		"user 3/", "user 3/fortnight", "user 0/min", "user -1/min",
		"user 1000001/min", "user 99999999999999999999/min",
		"user 3 at", "user 3 at onc", "user 3 at once more",
		"user 3/min,", ",user 3/min", "user 3/min user 4/min",
		"users 3/min", "user 1.5/min", "USER 3/min", "off, user 3/min",
		"user 1/s, user 1/s, user 1/s, user 1/s, user 1/s, user 1/s,"
		" user 1/s" };
	struct rule rule;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (rule_parse(bad[i], &rule))
			fail_msg("\"%s\" was taken", bad[i]);
}

static void
every_limit_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < LIMIT_N; i++)
		assert_non_null(limit_word((enum limit)i));
	assert_string_equal(limit_word(LIMIT_CHAT), "chat");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clauses_are_read),
		cmocka_unit_test(off_has_none),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(every_limit_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
