/* hosts_test.c: valid and invalid values of db.host. */

#include "conf/hosts.h"

#include "../unit.h"
#include "base/attr.h"

#include <string.h>

static void
hosts_are_read_in_their_order(void **state)
{
	static const char text[] = "db1, db2:3307 ,[2001:db8::1]:3308,"
				   "2001:db8::2 , [::1],/run/my sql.sock";
	static const struct host wanted[] = { { "db1", 0, false },
		{ "db2", 3307, false }, { "2001:db8::1", 3308, false },
		{ "2001:db8::2", 0, false }, { "::1", 0, false },
		{ "/run/mysql.sock", 0, true } };
	struct hosts hosts;

	(void)state;
	assert_false(hosts_parse(text, &hosts));
	assert_true(hosts_parse("db1, db2:3307 ,[2001:db8::1]:3308,"
				"2001:db8::2 , [::1],/run/mysql.sock",
		&hosts));
	assert_int_equal(hosts.n, LENGTH(wanted));
	for (size_t i = 0; i < LENGTH(wanted); i++) {
		assert_string_equal(hosts.list[i].name, wanted[i].name);
		assert_int_equal(hosts.list[i].port, wanted[i].port);
		assert_int_equal(hosts.list[i].is_socket, wanted[i].is_socket);
	}
}

static void
nothing_is_none(void **state)
{
	struct hosts hosts = { .n = 2 };

	(void)state;
	assert_true(hosts_parse("", &hosts));
	assert_int_equal(hosts.n, 0);
	assert_true(hosts_parse("  ", &hosts));
	assert_int_equal(hosts.n, 0);
}

static void
others_are_refused(void **state)
{
	static const char *const bad[] = { ",", "a,", ",a", "a,,b", "a b",
		"a:", "a:0", "a:65536", "a:999999", "a:12x", "a:-1", "[::1",
		"::1]", "[::1]3306", "[::1]:", "[]", "[]:1", "a:1, a:1",
		"a,b,a", "/a, /a", "a\"b", "mysql://u:p@a/d", "u@a",
		"a,b,c,d,e,f,g,h,i" };
	char longest[HOST_NAME_MAX_LEN + 2];
	struct hosts hosts;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (hosts_parse(bad[i], &hosts))
			fail_msg("\"%s\" was taken", bad[i]);
	memset(longest, 'a', sizeof(longest));
	longest[HOST_NAME_MAX_LEN + 1] = '\0';
	assert_false(hosts_parse(longest, &hosts));
	longest[HOST_NAME_MAX_LEN] = '\0';
	assert_true(hosts_parse(longest, &hosts));
	longest[0] = '/';
	assert_false(hosts_parse(longest, &hosts));
	longest[HOST_SOCKET_MAX_LEN] = '\0';
	assert_true(hosts_parse(longest, &hosts));
}

/* Different ports make different servers. */
static void
ports_tell_servers_apart(void **state)
{
	struct hosts hosts;

	(void)state;
	assert_true(hosts_parse("a:1,a:2,a,b,c,d,e,f", &hosts));
	assert_int_equal(hosts.n, HOSTS_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hosts_are_read_in_their_order),
		cmocka_unit_test(nothing_is_none),
		cmocka_unit_test(others_are_refused),
		cmocka_unit_test(ports_tell_servers_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
