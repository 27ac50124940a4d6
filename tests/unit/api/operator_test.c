/* operator_test.c: who may read the figures. */

#include "api/operator.h"

#include "../unit.h"

#include <stdio.h>

/* Checks a request with these FastCGI parameters; NULL for none. */
static enum err
ask(const char *token, const char *first, const char *second)
{
	const struct http_conf conf = { .operator_token = token };
	char one[100], two[100];
	char *envp[] = { one, second != NULL ? two : NULL, NULL };
	const struct request rq = { .envp = envp };

	snprintf(one, sizeof(one), "%s", first);
	snprintf(two, sizeof(two), "%s", second != NULL ? second : "");
	return operator_check(&conf, &rq);
}

static void
without_a_token_this_machine_is_the_operator(void **state)
{
	static const char *const ours[] = { "REMOTE_ADDR=127.0.0.1",
		"REMOTE_ADDR=127.3.2.1", "REMOTE_ADDR=::1",
		"REMOTE_ADDR=::ffff:127.0.0.1" };
	static const char *const others[] = { "REMOTE_ADDR=10.0.0.1",
		"REMOTE_ADDR=192.0.2.1", "REMOTE_ADDR=::2",
		"REMOTE_ADDR=::ffff:10.0.0.1", "REMOTE_ADDR=127.0.0.1.5",
		"REMOTE_ADDR=127.1", "REMOTE_ADDR=", "REMOTE_ADDR=localhost",
		"OTHER=127.0.0.1" };

	(void)state;
	for (size_t i = 0; i < LENGTH(ours); i++)
		assert_int_equal(ask("", ours[i], NULL), OK);
	for (size_t i = 0; i < LENGTH(others); i++)
		assert_int_equal(ask("", others[i], NULL), ERR_NOT_FOUND);
}

static void
a_request_through_a_proxy_is_not_the_operators(void **state)
{
	static const char *const headers[] = { "HTTP_X_FORWARDED_FOR=127.0.0.1",
		"HTTP_FORWARDED=for=127.0.0.1",
		"HTTP_X_REAL_IP=", "HTTP_VIA=1.1 proxy",
		"HTTP_X_FORWARDED_PROTO=https", "HTTP_X_CLIENT_IP=192.0.2.1",
		"HTTP_X_FORWARDED_SERVER=x" };

	(void)state;
	for (size_t i = 0; i < LENGTH(headers); i++)
		assert_int_equal(ask("", "REMOTE_ADDR=127.0.0.1", headers[i]),
			ERR_NOT_FOUND);
}

static void
with_a_token_only_its_bearer_is_the_operator(void **state)
{
	static const char *const wrong[] = { "HTTP_AUTHORIZATION=Bearer s3cre",
		"HTTP_AUTHORIZATION=Bearer s3cret ",
		"HTTP_AUTHORIZATION=Bearer ", "HTTP_AUTHORIZATION=s3cret",
		"HTTP_AUTHORIZATION=Basic s3cret", "HTTP_OTHER=Bearer s3cret" };

	(void)state;
	assert_int_equal(ask("s3cret", "REMOTE_ADDR=192.0.2.1",
				 "HTTP_AUTHORIZATION=bearer s3cret"),
		OK);
	for (size_t i = 0; i < LENGTH(wrong); i++)
		assert_int_equal(
			ask("s3cret", "REMOTE_ADDR=127.0.0.1", wrong[i]),
			ERR_NOT_FOUND);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_token_this_machine_is_the_operator),
		cmocka_unit_test(
			a_request_through_a_proxy_is_not_the_operators),
		cmocka_unit_test(with_a_token_only_its_bearer_is_the_operator),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
