/* recent_test.c: answers are believed for half a second and no longer. */

#include "api/recent.h"

#include "../unit.h"

#include <stdio.h>

#define NOW 1000000

static int
setup(void **state)
{
	*state = recent_new();
	return 0;
}

static int
teardown(void **state)
{
	recent_free(*state);
	return 0;
}

static void
an_answer_grows_old(void **state)
{
	uint64_t value = 0;

	assert_false(recent_get(*state, "a", NOW, &value));
	recent_put(*state, "a", NOW, 7);
	assert_true(recent_get(*state, "a", NOW, &value));
	assert_int_equal(value, 7);
	assert_true(recent_get(*state, "a", NOW + RECENT_MS - 1, &value));
	assert_false(recent_get(*state, "a", NOW + RECENT_MS, &value));
	recent_put(*state, "a", NOW + RECENT_MS, 8);
	assert_true(recent_get(*state, "a", NOW + RECENT_MS, &value));
	assert_int_equal(value, 8);
}

static void
a_dropped_answer_is_gone(void **state)
{
	uint64_t value;

	recent_put(*state, "a", NOW, 7);
	recent_drop(*state, "b");
	assert_true(recent_get(*state, "a", NOW, &value));
	recent_drop(*state, "a");
	assert_false(recent_get(*state, "a", NOW, &value));
}

/* However many there are: never the answer to another question. */
static void
answers_are_not_mixed_up(void **state)
{
	uint64_t value;
	char key[32];

	for (unsigned i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "key %u", i);
		recent_put(*state, key, NOW, i);
		assert_true(recent_get(*state, key, NOW, &value));
		assert_int_equal(value, i);
	}
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(key, sizeof(key), "key %u", i);
		if (recent_get(*state, key, NOW, &value))
			assert_int_equal(value, i);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_answer_grows_old),
		TEST(a_dropped_answer_is_gone),
		TEST(answers_are_not_mixed_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
