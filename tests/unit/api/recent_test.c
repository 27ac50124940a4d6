/* recent_test.c: a check is reused for half a second and no longer. */

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

static bool
get(struct recent *recent, const char *token, int64_t now_ms, uint64_t *user_id)
{
	struct arena arena = ARENA_INIT;
	struct recent_user user;

	if (!recent_get(recent, &arena, span_of(token), now_ms, &user))
		return false;
	*user_id = user.user_id;
	return true;
}

static void
put(struct recent *recent, const char *token, int64_t asked_ms,
	uint64_t user_id, uint64_t login_id)
{
	const struct recent_user user = { .user_id = user_id,
		.login_id = login_id };

	recent_put(recent, span_of(token), asked_ms, &user);
}

static void
a_check_grows_old(void **state)
{
	uint64_t id = 0;

	assert_false(get(*state, "a", NOW, &id));
	put(*state, "a", NOW, 7, 1);
	assert_true(get(*state, "a", NOW, &id));
	assert_int_equal(id, 7);
	assert_true(get(*state, "a", NOW + RECENT_MS - 1, &id));
	assert_false(get(*state, "a", NOW + RECENT_MS, &id));
	put(*state, "a", NOW + RECENT_MS, 8, 1);
	assert_true(get(*state, "a", NOW + RECENT_MS, &id));
	assert_int_equal(id, 8);
}

static void
all_tokens_of_a_login_are_dropped(void **state)
{
	uint64_t id;

	put(*state, "a", NOW, 7, 1);
	put(*state, "b", NOW, 7, 1);
	put(*state, "c", NOW, 7, 2);
	recent_drop(*state, 1);
	assert_false(get(*state, "a", NOW, &id));
	assert_false(get(*state, "b", NOW, &id));
	assert_true(get(*state, "c", NOW, &id));
}

/* However many tokens there are, none yields the user of another. */
static void
tokens_are_not_mixed_up(void **state)
{
	char token[32];
	uint64_t id;

	for (unsigned i = 0; i < 100000; i++) {
		snprintf(token, sizeof(token), "token %u", i);
		put(*state, token, NOW, i, 1);
		assert_true(get(*state, token, NOW, &id));
		assert_int_equal(id, i);
	}
	for (unsigned i = 0; i < 100000; i++) {
		snprintf(token, sizeof(token), "token %u", i);
		if (get(*state, token, NOW, &id))
			assert_int_equal(id, i);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_check_grows_old),
		TEST(all_tokens_of_a_login_are_dropped),
		TEST(tokens_are_not_mixed_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
