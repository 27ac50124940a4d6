/* failures_test.c: limits on failed attempts, against the real tables. */

#include "api/failures.h"

#include "../unit.h"
#include "api/account.h"
#include "api/browser.h"
#include "apitest.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD APITEST_PASSWORD

static void
ten_wrong_passwords_lock_that_address_out(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = apitest_address(a);

	apitest_sign_up(a, name);
	for (int i = 0; i < 10; i++)
		assert_int_equal(
			apitest_log_in(a, address, name, "wrong"), ERR_DENIED);
	assert_int_equal(
		apitest_log_in(a, address, name, PASSWORD), ERR_THROTTLED);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
	assert_int_equal(
		apitest_log_in(a, address, apitest_name(a), "x"), ERR_DENIED);
}

/* Behind a web server that listens on a unix socket. */
static void
clients_without_an_address_count_together(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);

	apitest_sign_up(a, name);
	for (int i = 0; i < 10; i++)
		assert_int_equal(apitest_log_in(a, i % 2 == 0 ? "unix:" : "-",
					 name, "wrong"),
			ERR_DENIED);
	assert_int_equal(
		apitest_log_in(a, "unix:", name, PASSWORD), ERR_THROTTLED);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
}

/* A request with the cookies of a user who has logged in. */
static struct request *
known_device(struct apitest *a, const char *address, uint64_t user_id)
{
	struct request *first = apitest_from(a, address),
		       *rq = apitest_from(a, address);
	struct response rs = { 0 };
	const char *cookie;

	browser_set_device(first, &rs, user_id);
	cookie = strstr(buf_str(&rs.headers), "lamplight_device=");
	assert_non_null(cookie);
	apitest_param(rq,
		arena_printf(&a->t->arena, "HTTP_COOKIE=%.*s",
			(int)strcspn(cookie, ";"), cookie));
	response_free(&rs);
	return rq;
}

static void
a_hundred_failures_do_not_reach_a_known_device(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = NULL;
	struct grant grant = apitest_sign_up(a, name);
	struct request *known = known_device(a, "192.0.2.9", grant.user.id);
	struct request *other = known_device(a, "192.0.2.9", grant.user.id + 1);

	for (int i = 0; i < 100; i++) {
		if (i % 10 == 0)
			address = apitest_address(a);
		assert_int_equal(
			apitest_log_in(a, address, name, "wrong"), ERR_DENIED);
	}
	assert_int_equal(apitest_log_in(a, apitest_address(a), name, PASSWORD),
		ERR_THROTTLED);
	assert_int_equal(
		apitest_log_in_with(other, name, PASSWORD, NULL, &grant),
		ERR_THROTTLED);
	for (int i = 0; i < 2; i++)
		assert_int_equal(apitest_log_in_with(
					 known, name, PASSWORD, NULL, &grant),
			OK);
	for (int i = 0; i < 10; i++)
		assert_int_equal(
			apitest_log_in_with(known, name, "wrong", NULL, &grant),
			ERR_DENIED);
	assert_int_equal(
		apitest_log_in_with(known, name, PASSWORD, NULL, &grant),
		ERR_THROTTLED);
}

static void
a_forged_device_cookie_is_refused(void **state)
{
	struct apitest *a = *state;
	struct grant grant = apitest_sign_up(a, apitest_name(a));
	struct request *rq = known_device(a, "192.0.2.9", grant.user.id);
	const char *name = browser_device(rq, grant.user.id);
	const char *const forms[] = { "%s", "%s.", "%s.x",
		"%s.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };

	assert_non_null(name);
	assert_null(browser_device(rq, grant.user.id + 1));
	assert_null(browser_device(rq, 0));
	for (size_t i = 0; i < LENGTH(forms); i++) {
		char value[256];

		rq = apitest_from(a, "192.0.2.9");
		snprintf(value, sizeof(value), "HTTP_COOKIE=lamplight_device=");
		strncat(value, name, 100);
		strcat(value, forms[i] + 2);
		apitest_param(rq, value);
		assert_null(browser_device(rq, grant.user.id));
	}
}

static void
a_refused_try_writes_nothing(void **state)
{
	static const char SUM[] =
		"SELECT CAST(SUM(failures) AS UNSIGNED) FROM throttle"
		" WHERE ? = 1";
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = apitest_address(a);
	uint64_t before;

	for (int i = 0; i < 10; i++)
		assert_int_equal(
			apitest_log_in(a, address, name, "wrong"), ERR_DENIED);
	before = testdb_number(a->t, SUM, 1);
	for (int i = 0; i < 10; i++)
		assert_int_equal(apitest_log_in(a, address, name, "wrong"),
			ERR_THROTTLED);
	assert_int_equal(testdb_number(a->t, SUM, 1), before);
}

static void
confirmations_are_counted_per_login(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant mine = apitest_sign_up(a, name), other;
	struct request *rq = apitest_from(a, "192.0.2.1"), *second;
	int64_t wait_ms = 0;
	struct user user;

	assert_int_equal(apitest_log_in_with(apitest_from(a, "192.0.2.2"), name,
				 PASSWORD, NULL, &other),
		OK);
	rq->user_id = mine.user.id;
	rq->login_id = mine.login_id;
	second = apitest_from(a, "192.0.2.1");
	second->user_id = mine.user.id;
	second->login_id = other.login_id;
	for (int i = 0; i < 10; i++)
		assert_int_equal(
			account_confirm(rq, span_of("wrong"), &user, &wait_ms),
			ERR_FORBIDDEN);
	assert_int_equal(
		account_confirm(rq, span_of(PASSWORD), &user, &wait_ms),
		ERR_THROTTLED);
	assert_int_equal(
		account_confirm(second, span_of(PASSWORD), &user, &wait_ms),
		OK);
	assert_int_equal(apitest_log_in(a, "192.0.2.1", name, PASSWORD), OK);
}

#define AT_ONCE 50

/* One of many simultaneous attempts, each in a thread with its own connection
 * and memory, as in the programs. */
struct
try {
	struct apitest *a;
	struct testdb t;
	pthread_barrier_t *start;
	const char *name;
	const char *address;
	const struct grant *grant; /* confirms a password; NULL: logs in */
	enum err err;
};

static void *
run_try(void *arg)
{
	struct try *try = arg;
	struct apitest a = { .t = &try->t };
	struct request *rq = apitest_from(&a, try->address);
	struct user user;
	struct grant out;
	int64_t wait_ms;

	rq->app = &try->a->app;
	pthread_barrier_wait(try->start);
	if (try->grant != NULL) {
		rq->user_id = try->grant->user.id;
		rq->login_id = try->grant->login_id;
		try->err =
			account_confirm(rq, span_of("wrong"), &user, &wait_ms);
	} else {
		try->err =
			apitest_log_in_with(rq, try->name, "wrong", NULL, &out);
	}
	return NULL;
}

/* How many attempts were admitted. */
static unsigned
tried_at_once(struct apitest *a, const char *name, const struct grant *grant)
{
	struct try tries[AT_ONCE];
	pthread_t threads[AT_ONCE];
	pthread_barrier_t start;
	const char *address = apitest_address(a);
	unsigned n = 0;

	assert_int_equal(pthread_barrier_init(&start, NULL, AT_ONCE), 0);
	for (unsigned i = 0; i < AT_ONCE; i++) {
		tries[i] = (struct try){ .a = a,
			.t.db = db_new(&a->t->conf.db),
			.start = &start,
			.name = name,
			.address = address,
			.grant = grant };
		assert_int_equal(
			pthread_create(&threads[i], NULL, run_try, &tries[i]),
			0);
	}
	for (unsigned i = 0; i < AT_ONCE; i++) {
		pthread_join(threads[i], NULL);
		if (tries[i].err != ERR_THROTTLED) {
			assert_int_equal(tries[i].err,
				grant != NULL ? ERR_FORBIDDEN : ERR_DENIED);
			n++;
		}
		db_free(tries[i].t.db);
		arena_reset(&tries[i].t.arena);
	}
	pthread_barrier_destroy(&start);
	return n;
}

static void
fifty_at_once_get_no_extra_tries(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant grant = apitest_sign_up(a, name);

	assert_int_equal(tried_at_once(a, name, NULL), 10);
	assert_int_equal(tried_at_once(a, name, &grant), 10);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
}

/* Neither bucket keeps a count of the attempt. */
static void
a_right_password_leaves_no_failure_behind(void **state)
{
	static const char SUM[] =
		"SELECT CAST(COALESCE(SUM(failures), 0) AS UNSIGNED)"
		" FROM throttle WHERE ? = 1";
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant grant = apitest_sign_up(a, name);
	struct request *rq = apitest_from(a, "192.0.2.1");
	uint64_t before = testdb_number(a->t, SUM, 1);
	int64_t wait_ms = 0;
	struct user user;

	rq->user_id = grant.user.id;
	rq->login_id = grant.login_id;
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
	assert_int_equal(
		account_confirm(rq, span_of(PASSWORD), &user, &wait_ms), OK);
	assert_int_equal(testdb_number(a->t, SUM, 1), before);
}

static void
the_case_of_a_name_gives_no_new_tries(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = apitest_address(a);
	char *other_case = arena_str(&a->t->arena, name, strlen(name));

	other_case[0] = 'b';
	for (int i = 0; i < 10; i++)
		assert_int_equal(apitest_log_in(a, address,
					 i % 2 ? name : other_case, "wrong"),
			ERR_DENIED);
	assert_int_equal(
		apitest_log_in(a, address, name, "wrong"), ERR_THROTTLED);
	assert_int_equal(
		apitest_log_in(a, address, other_case, "wrong"), ERR_THROTTLED);
}

/* The addresses of one customer's network count as one. */
static void
a_network_of_ipv6_counts_as_one(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = apitest_address(a);
	size_t prefix_len = strlen(address) - 1;

	for (int i = 0; i < 10; i++)
		assert_int_equal(apitest_log_in(a,
					 arena_printf(&a->t->arena, "%.*s%d",
						 (int)prefix_len, address, i),
					 name, "wrong"),
			ERR_DENIED);
	assert_int_equal(
		apitest_log_in(a, address, name, "wrong"), ERR_THROTTLED);
}

static void
the_right_password_uses_up_no_tries(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = apitest_address(a);

	apitest_sign_up(a, name);
	for (int i = 0; i < 12; i++)
		assert_int_equal(
			apitest_log_in(a, address, name, PASSWORD), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_wrong_passwords_lock_that_address_out),
		cmocka_unit_test(clients_without_an_address_count_together),
		cmocka_unit_test(
			a_hundred_failures_do_not_reach_a_known_device),
		cmocka_unit_test(a_forged_device_cookie_is_refused),
		cmocka_unit_test(a_refused_try_writes_nothing),
		cmocka_unit_test(confirmations_are_counted_per_login),
		cmocka_unit_test(fifty_at_once_get_no_extra_tries),
		cmocka_unit_test(a_right_password_leaves_no_failure_behind),
		cmocka_unit_test(the_case_of_a_name_gives_no_new_tries),
		cmocka_unit_test(a_network_of_ipv6_counts_as_one),
		cmocka_unit_test(the_right_password_uses_up_no_tries),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
