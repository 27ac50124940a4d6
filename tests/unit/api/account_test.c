/* account_test.c: logging in and out against the real tables. */

#include "api/account.h"

#include "../unit.h"
#include "apitest.h"
#include "auth/password.h"
#include "base/clock.h"
#include "repo/invite.h"
#include "repo/login.h"

#include <sodium.h>
#include <string.h>

#define PASSWORD APITEST_PASSWORD

static enum err
live(struct apitest *a, const struct grant *grant)
{
	struct login_live found;

	return login_live(a->t->db, &a->t->arena, grant->login_id,
		grant->user.id, clock_wall_ms(), &found);
}

/* ---- registering */

static void
registering_logs_in(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant grant = apitest_sign_up(a, name);

	assert_string_equal(grant.user.username, name);
	assert_true(strlen(grant.refresh) > 2 * TOKEN_LEN);
	assert_int_equal(live(a, &grant), OK);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
}

static void
a_taken_name_changes_nothing(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct request *rq = apitest_from(a, "192.0.2.1");
	struct grant first = apitest_sign_up(a, name), second;
	char *other_case = arena_str(&a->t->arena, name, strlen(name));

	other_case[0] = 'b';
	second.user.id = 0;
	assert_int_equal(apitest_open_account(rq, other_case,
				 "another password", NULL, &second),
		ERR_CONFLICT);
	assert_string_equal(rq->code, "username_taken");
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, "another password"),
		ERR_DENIED);
	assert_int_equal(live(a, &first), OK);
}

static void
a_closed_site_takes_the_invited(void **state)
{
	static const struct {
		int64_t registration;
		const char *code;
	} kinds[] = { { CONF_OFF, "registration_off" },
		{ CONF_INVITE, "invite_required" } };
	struct apitest *a = *state;
	struct app closed = a->app;
	int64_t now_ms = clock_wall_ms();
	struct grant grant;

	for (size_t i = 0; i < LENGTH(kinds); i++) {
		struct request *rq = apitest_from(a, "192.0.2.1");
		const char *code = apitest_name(a), *name = apitest_name(a);

		closed.conf.auth.registration = kinds[i].registration;
		rq->app = &closed;
		assert_int_equal(
			apitest_open_account(rq, name, PASSWORD, NULL, &grant),
			ERR_FORBIDDEN);
		assert_string_equal(rq->code, kinds[i].code);
		assert_int_equal(
			apitest_open_account(rq, name, PASSWORD, code, &grant),
			ERR_FORBIDDEN);
		assert_string_equal(rq->code, "invite_invalid");
		assert_int_equal(invite_insert(a->t->db, apitest_hash(a, code),
					 now_ms, now_ms + 60000),
			OK);
		assert_int_equal(
			apitest_open_account(rq, name, PASSWORD, code, &grant),
			OK);
		assert_int_equal(apitest_open_account(rq, apitest_name(a),
					 PASSWORD, code, &grant),
			ERR_FORBIDDEN);
	}
}

/* A refusal for another reason does not use up the invitation. */
static void
an_invitation_outlives_a_refusal(void **state)
{
	struct apitest *a = *state;
	struct app closed = a->app;
	struct request *rq = apitest_from(a, "192.0.2.1");
	const char *code = apitest_name(a), *taken = apitest_name(a);
	int64_t now_ms = clock_wall_ms();
	struct grant grant;

	apitest_sign_up(a, taken);
	closed.conf.auth.registration = CONF_OFF;
	rq->app = &closed;
	assert_int_equal(invite_insert(a->t->db, apitest_hash(a, code), now_ms,
				 now_ms + 60000),
		OK);
	assert_int_equal(
		apitest_open_account(rq, taken, PASSWORD, code, &grant),
		ERR_CONFLICT);
	assert_int_equal(apitest_open_account(rq, apitest_name(a), "password1",
				 code, &grant),
		ERR_INVALID);
	assert_int_equal(apitest_open_account(
				 rq, apitest_name(a), PASSWORD, code, &grant),
		OK);
}

static void
a_common_password_is_refused(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	const char *const passwords[] = { "password", "Password1", "12345678",
		"QWERTYUIOP", "lamplight", "Lamplight1!", name,
		arena_printf(&a->t->arena, "%s12", name),
		arena_printf(&a->t->arena, "x%s", name) };
	struct grant grant;

	for (size_t i = 0; i < LENGTH(passwords); i++) {
		struct request *rq = apitest_from(a, "192.0.2.1");

		assert_int_equal(apitest_open_account(
					 rq, name, passwords[i], NULL, &grant),
			ERR_INVALID);
		assert_string_equal(rq->code, "password_common");
		assert_string_equal(rq->field, "password");
	}
}

static void
an_unknown_user_and_a_wrong_password_look_alike(void **state)
{
	static const char *const names[] = { "", " ", "nobody-here",
		"b\xc3\xb6"
		"b",
		"a' OR '1'='1", "%" };
	struct apitest *a = *state;
	const char *name = apitest_name(a), *address = apitest_address(a);

	apitest_sign_up(a, name);
	assert_int_equal(apitest_log_in(a, address, name, "wrong"), ERR_DENIED);
	assert_int_equal(apitest_log_in(a, address, name, ""), ERR_DENIED);
	for (size_t i = 0; i < LENGTH(names); i++)
		assert_int_equal(apitest_log_in(a, address, names[i], PASSWORD),
			ERR_DENIED);
}

static void
a_name_logs_in_in_any_case(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	char *other_case = arena_str(&a->t->arena, name, strlen(name));

	other_case[0] = 'b';
	apitest_sign_up(a, name);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), other_case, PASSWORD),
		OK);
}

static void
an_old_hash_is_renewed(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant grant = apitest_sign_up(a, name);
	char weak[PASSWORD_HASH_LEN];
	struct user user;

	assert_int_equal(crypto_pwhash_str(weak, PASSWORD, strlen(PASSWORD), 1,
				 8192 * 1024),
		0);
	assert_int_equal(
		user_set_password(a->t->db, grant.user.id, weak, 0), OK);
	assert_int_equal(apitest_log_in(a, apitest_address(a), name, "wrong"),
		ERR_DENIED);
	assert_int_equal(
		user_find(a->t->db, &a->t->arena, grant.user.id, &user), OK);
	assert_string_equal(user.password_hash, weak);
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
	assert_int_equal(
		user_find(a->t->db, &a->t->arena, grant.user.id, &user), OK);
	assert_false(password_outdated(user.password_hash));
	assert_int_equal(
		apitest_log_in(a, apitest_address(a), name, PASSWORD), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registering_logs_in),
		cmocka_unit_test(a_taken_name_changes_nothing),
		cmocka_unit_test(a_closed_site_takes_the_invited),
		cmocka_unit_test(an_invitation_outlives_a_refusal),
		cmocka_unit_test(a_common_password_is_refused),
		cmocka_unit_test(
			an_unknown_user_and_a_wrong_password_look_alike),
		cmocka_unit_test(a_name_logs_in_in_any_case),
		cmocka_unit_test(an_old_hash_is_renewed),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
