/* account_test.c: signing in and out against the real tables. */

#include "api/account.h"

#include "../unit.h"
#include "api/guard.h"
#include "apitest.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/login.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD "correct horse"

static const char AGE_ROTATION[] =
	"UPDATE login SET rotate_time = rotate_time - INTERVAL 31 SECOND"
	" WHERE id = ?";

static struct request *
from(struct apitest *a, const char *address)
{
	return apitest_request(
		a, arena_printf(&a->t->arena, "REMOTE_ADDR=%s", address));
}

/* An address that no other test has. */
static const char *
new_address(struct apitest *a)
{
	uint64_t id = testdb_id();

	return arena_printf(&a->t->arena, "fd00:%x:%x:%x::1",
		(unsigned)(id >> 32 & 0xffff), (unsigned)(id >> 16 & 0xffff),
		(unsigned)(id & 0xffff));
}

static const char *
new_name(struct apitest *a)
{
	return arena_printf(&a->t->arena, "Bob_%" PRIu64, testdb_id());
}

static struct grant
sign_up(struct apitest *a, const char *name)
{
	struct grant grant;

	assert_int_equal(account_register(from(a, "192.0.2.1"), name,
				 span_of(PASSWORD), &grant),
		OK);
	return grant;
}

static enum err
log_in(struct apitest *a, const char *address, const char *name,
	const char *password)
{
	struct request *rq = from(a, address);
	struct grant grant;
	int64_t wait_ms;
	enum err err =
		account_login(rq, name, span_of(password), &grant, &wait_ms);

	if (err == ERR_DENIED)
		assert_string_equal(rq->code, "bad_credentials");
	return err;
}

static enum err
refresh(struct apitest *a, const char *token, struct grant *out)
{
	return account_refresh(from(a, "192.0.2.1"), token, out);
}

static enum err
live(struct apitest *a, const struct grant *grant)
{
	return login_live(a->t->db, &a->t->arena, grant->login_id,
		grant->user.id, clock_wall_ms());
}

static void
age_rotation(struct apitest *a, const struct grant *grant)
{
	assert_int_equal(
		db_exec(a->t->db, AGE_ROTATION, PARAMS(U64(grant->login_id))),
		OK);
}

/* ---- */

static void
who_registers_is_signed_in(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a);
	struct grant grant = sign_up(a, name);

	assert_string_equal(grant.user.username, name);
	assert_int_equal(strlen(grant.refresh), TOKEN_LEN);
	assert_int_equal(live(a, &grant), OK);
	assert_int_equal(log_in(a, new_address(a), name, PASSWORD), OK);
}

static void
a_taken_name_changes_nothing(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a);
	struct request *rq = from(a, "192.0.2.1");
	struct grant first = sign_up(a, name), second;
	char *other_case = arena_str(&a->t->arena, name, strlen(name));

	other_case[0] = 'b';
	assert_int_equal(account_register(rq, other_case,
				 span_of("another password"), &second),
		ERR_CONFLICT);
	assert_string_equal(rq->code, "username_taken");
	assert_int_equal(testdb_number(a->t,
				 "SELECT COUNT(*) FROM login WHERE user_id = ?",
				 second.user.id),
		0);
	assert_int_equal(log_in(a, new_address(a), name, PASSWORD), OK);
	assert_int_equal(log_in(a, new_address(a), name, "another password"),
		ERR_DENIED);
	assert_int_equal(live(a, &first), OK);
}

static void
registration_can_be_switched_off(void **state)
{
	struct apitest *a = *state;
	struct request *rq = from(a, "192.0.2.1");
	struct app closed = a->app;
	struct grant grant;

	closed.conf.auth.registration = CONF_OFF;
	rq->app = &closed;
	assert_int_equal(
		account_register(rq, new_name(a), span_of(PASSWORD), &grant),
		ERR_FORBIDDEN);
}

static void
nobody_and_a_wrong_password_are_alike(void **state)
{
	static const char *const names[] = { "", " ", "nobody-here",
		"b\xc3\xb6"
		"b",
		"a' OR '1'='1", "%" };
	struct apitest *a = *state;
	const char *name = new_name(a), *address = new_address(a);

	sign_up(a, name);
	assert_int_equal(log_in(a, address, name, "wrong"), ERR_DENIED);
	assert_int_equal(log_in(a, address, name, ""), ERR_DENIED);
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_int_equal(
			log_in(a, address, names[i], PASSWORD), ERR_DENIED);
}

static void
a_name_logs_in_in_any_case(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a);
	char *other_case = arena_str(&a->t->arena, name, strlen(name));

	other_case[0] = 'b';
	sign_up(a, name);
	assert_int_equal(log_in(a, new_address(a), other_case, PASSWORD), OK);
}

static void
an_old_hash_is_renewed(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a);
	struct grant grant = sign_up(a, name);
	char weak[PASSWORD_HASH_LEN];
	struct user user;

	assert_int_equal(crypto_pwhash_str(weak, PASSWORD, strlen(PASSWORD), 1,
				 8192 * 1024),
		0);
	assert_int_equal(
		user_set_password(a->t->db, grant.user.id, weak, 0), OK);
	assert_int_equal(log_in(a, new_address(a), name, "wrong"), ERR_DENIED);
	assert_int_equal(
		user_find(a->t->db, &a->t->arena, grant.user.id, &user), OK);
	assert_string_equal(user.password_hash, weak);
	assert_int_equal(log_in(a, new_address(a), name, PASSWORD), OK);
	assert_int_equal(
		user_find(a->t->db, &a->t->arena, grant.user.id, &user), OK);
	assert_false(password_outdated(user.password_hash));
	assert_int_equal(log_in(a, new_address(a), name, PASSWORD), OK);
}

/* ---- tries */

static void
ten_wrong_passwords_lock_that_address_out(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a), *address = new_address(a);
	struct request *rq = from(a, address);
	struct grant grant;
	int64_t wait_ms = 0;

	sign_up(a, name);
	for (int i = 0; i < 10; i++)
		assert_int_equal(log_in(a, address, name, "wrong"), ERR_DENIED);
	assert_int_equal(
		account_login(rq, name, span_of(PASSWORD), &grant, &wait_ms),
		ERR_THROTTLED);
	assert_in_range(wait_ms, 1, 15 * 60000);
	assert_int_equal(log_in(a, new_address(a), name, PASSWORD), OK);
	assert_int_equal(log_in(a, address, new_name(a), "x"), ERR_DENIED);
}

static void
the_case_of_a_name_gives_no_new_tries(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a), *address = new_address(a);
	char *other_case = arena_str(&a->t->arena, name, strlen(name));

	other_case[0] = 'b';
	for (int i = 0; i < 10; i++)
		assert_int_equal(
			log_in(a, address, i % 2 ? name : other_case, "wrong"),
			ERR_DENIED);
	assert_int_equal(log_in(a, address, name, "wrong"), ERR_THROTTLED);
	assert_int_equal(
		log_in(a, address, other_case, "wrong"), ERR_THROTTLED);
}

/* One customer's network is one address. */
static void
a_network_of_ipv6_counts_as_one(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a), *address = new_address(a);
	size_t prefix_len = strlen(address) - 1;

	for (int i = 0; i < 10; i++)
		assert_int_equal(log_in(a,
					 arena_printf(&a->t->arena, "%.*s%d",
						 (int)prefix_len, address, i),
					 name, "wrong"),
			ERR_DENIED);
	assert_int_equal(log_in(a, address, name, "wrong"), ERR_THROTTLED);
}

static void
the_right_password_uses_up_no_tries(void **state)
{
	struct apitest *a = *state;
	const char *name = new_name(a), *address = new_address(a);

	sign_up(a, name);
	for (int i = 0; i < 12; i++)
		assert_int_equal(log_in(a, address, name, PASSWORD), OK);
}

/* ---- refresh and log-out */

static void
a_refresh_exchanges_the_token(void **state)
{
	struct apitest *a = *state;
	struct grant first = sign_up(a, new_name(a)), second, third;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	assert_int_equal(second.login_id, first.login_id);
	assert_int_equal(second.user.id, first.user.id);
	assert_string_equal(second.user.username, first.user.username);
	assert_int_equal(strlen(second.refresh), TOKEN_LEN);
	assert_string_not_equal(second.refresh, first.refresh);
	assert_int_equal(refresh(a, second.refresh, &third), OK);
	assert_int_equal(live(a, &third), OK);
}

static void
two_tabs_may_send_the_same_token(void **state)
{
	struct apitest *a = *state;
	struct grant first = sign_up(a, new_name(a)), second, again, third;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	assert_int_equal(refresh(a, first.refresh, &again), OK);
	assert_int_equal(again.login_id, first.login_id);
	assert_string_equal(again.refresh, ""); /* the browser keeps second's */
	assert_int_equal(refresh(a, second.refresh, &third), OK);
}

static void
a_token_that_comes_back_late_was_stolen(void **state)
{
	struct apitest *a = *state;
	struct grant first = sign_up(a, new_name(a)), second, again;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	age_rotation(a, &first);
	assert_int_equal(refresh(a, first.refresh, &again), ERR_DENIED);
	assert_int_equal(live(a, &first), ERR_NOT_FOUND);
	assert_int_equal(refresh(a, second.refresh, &again), ERR_DENIED);
}

static void
a_token_may_rest_for_long(void **state)
{
	struct apitest *a = *state;
	struct grant first = sign_up(a, new_name(a)), second;

	age_rotation(a, &first);
	assert_int_equal(refresh(a, first.refresh, &second), OK);
}

static void
unknown_tokens_are_refused(void **state)
{
	static const char *const tokens[] = { "", "x", "null",
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" };
	struct apitest *a = *state;
	struct grant grant;

	for (size_t i = 0; i < LENGTH(tokens); i++) {
		assert_int_equal(refresh(a, tokens[i], &grant), ERR_DENIED);
		assert_int_equal(
			account_logout(from(a, "192.0.2.1"), tokens[i]), OK);
	}
}

static void
a_log_out_ends_token_and_login(void **state)
{
	struct apitest *a = *state;
	struct grant grant = sign_up(a, new_name(a)), after;
	struct request *rq;
	const char *token;

	assert_int_equal(guard_token(a->app.guard, from(a, "192.0.2.1"),
				 grant.user.id, grant.login_id, &token),
		OK);
	rq = apitest_request(a,
		arena_printf(
			&a->t->arena, "HTTP_AUTHORIZATION=Bearer %s", token));
	assert_int_equal(guard_user(a->app.guard, rq), OK);
	assert_int_equal(
		account_logout(from(a, "192.0.2.1"), grant.refresh), OK);
	assert_int_equal(guard_user(a->app.guard, rq), ERR_DENIED);
	assert_int_equal(refresh(a, grant.refresh, &after), ERR_DENIED);
	assert_int_equal(
		account_logout(from(a, "192.0.2.1"), grant.refresh), OK);
}

static void
no_token_is_stored(void **state)
{
	struct apitest *a = *state;
	struct grant grant = sign_up(a, new_name(a));
	static const char FIND[] =
		"SELECT COUNT(*) FROM login WHERE id = ?"
		" AND token_hash <> '' AND LENGTH(token_hash) = 32";

	assert_int_equal(testdb_number(a->t, FIND, grant.login_id), 1);
	assert_int_equal(login_find(a->t->db, &a->t->arena,
				 span_of(grant.refresh), &(struct login){ 0 }),
		ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_registers_is_signed_in),
		cmocka_unit_test(a_taken_name_changes_nothing),
		cmocka_unit_test(registration_can_be_switched_off),
		cmocka_unit_test(nobody_and_a_wrong_password_are_alike),
		cmocka_unit_test(a_name_logs_in_in_any_case),
		cmocka_unit_test(an_old_hash_is_renewed),
		cmocka_unit_test(ten_wrong_passwords_lock_that_address_out),
		cmocka_unit_test(the_case_of_a_name_gives_no_new_tries),
		cmocka_unit_test(a_network_of_ipv6_counts_as_one),
		cmocka_unit_test(the_right_password_uses_up_no_tries),
		cmocka_unit_test(a_refresh_exchanges_the_token),
		cmocka_unit_test(two_tabs_may_send_the_same_token),
		cmocka_unit_test(a_token_that_comes_back_late_was_stolen),
		cmocka_unit_test(a_token_may_rest_for_long),
		cmocka_unit_test(unknown_tokens_are_refused),
		cmocka_unit_test(a_log_out_ends_token_and_login),
		cmocka_unit_test(no_token_is_stored),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
