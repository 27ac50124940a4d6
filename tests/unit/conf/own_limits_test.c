/* own_limits_test.c: valid and invalid limits of a single user. */

#include "conf/own_limits.h"

#include "../unit.h"
#include "base/attr.h"

#include <string.h>

static void
what_bounds_a_user_can_be_set(void **state)
{
	static const char *const good[][2] = { { "chat", "user 5/min" },
		{ "chat", "user 5/min, user 2 at once" }, { "read", "off" },
		{ "tools", "user 1/day" }, { "day_tokens", "0" },
		{ "day_tokens", "1073741824000" }, { "stored_mb", "12" },
		{ "sessions", "1" }, { "day_messages", "007" } };

	(void)state;
	for (size_t i = 0; i < LENGTH(good); i++)
		if (own_limits_refusal(good[i][0], good[i][1]) != NULL)
			fail_msg("%s = %s", good[i][0], good[i][1]);
}

static void
other_limits_are_refused(void **state)
{
	static const char *const bad[][2] = { { "chat", "" }, { "chat", "5" },
		{ "chat", "network 5/min" },
		{ "chat", "user 5/min, all 5/min" }, { "login", "user 5/min" },
		{ "register", "off" }, { "ready", "off" }, { "none", "off" },
		{ "unread_user", "1" }, { "day_tokens", "" },
		{ "day_tokens", "-1" }, { "day_tokens", "1e3" },
		{ "day_tokens", " 1" }, { "day_tokens", "1\nchat=off" },
		{ "chat", "off\nread=off" }, { "day_tokens", "1073741824001" },
		{ "day_tokens", "99999999999999999999" },
		{ "sessions", "1073741825" }, { "", "" }, { "chat=", "off" } };

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (own_limits_refusal(bad[i][0], bad[i][1]) == NULL)
			fail_msg("%s = %s", bad[i][0], bad[i][1]);
	assert_true(own_limits_is_key("stop"));
	assert_false(own_limits_is_key("ready"));
}

static struct limits_conf
all(void)
{
	struct limits_conf limits = { .day_tokens = 10, .stored_mb = 20 };

	assert_true(rule_parse("user 60/min, network 100/min, all 7/s",
		&limits.rules[LIMIT_CHAT]));
	assert_true(rule_parse("user 9/h", &limits.rules[LIMIT_READ]));
	return limits;
}

static void
lines_take_the_place_of_what_holds_for_all(void **state)
{
	struct limits_conf limits = all();

	(void)state;
	own_limits_apply("chat=user 2 at once\nday_tokens=5\n", &limits);
	assert_int_equal(limits.rules[LIMIT_CHAT].n, 1);
	assert_int_equal(limits.rules[LIMIT_CHAT].clauses[0].max, 2);
	assert_int_equal(limits.rules[LIMIT_CHAT].clauses[0].period_s, 0);
	assert_int_equal(limits.day_tokens, 5);
	assert_int_equal(limits.rules[LIMIT_READ].n, 1);
	assert_int_equal(limits.stored_mb, 20);
}

static void
lines_that_are_not_known_change_nothing(void **state)
{
	struct limits_conf limits = all(), before = all();
	char text[1000];

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + 600, "\nchat=no\nday_tokens\n=\n\nlogin=off\nread=5", 40);
	text[640] = '\n';
	text[999] = '\0';
	own_limits_apply(text, &limits);
	assert_memory_equal(&limits, &before, sizeof(limits));
	own_limits_apply("", &limits);
	assert_memory_equal(&limits, &before, sizeof(limits));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_bounds_a_user_can_be_set),
		cmocka_unit_test(other_limits_are_refused),
		cmocka_unit_test(lines_take_the_place_of_what_holds_for_all),
		cmocka_unit_test(lines_that_are_not_known_change_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
