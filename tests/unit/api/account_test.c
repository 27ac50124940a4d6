/* account_test.c: signing in and out against the real tables. */

#include "api/account.h"

#include "../unit.h"
#include "api/browser.h"
#include "api/guard.h"
#include "apitest.h"
#include "auth/password.h"
#include "auth/refresh.h"
#include "base/clock.h"
#include "repo/invite.h"
#include "repo/login.h"

#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define PASSWORD APITEST_PASSWORD

static const char AGE_ROTATION[] =
	"UPDATE login SET rotate_time = rotate_time - INTERVAL 31 SECOND"
	" WHERE id = ?";

static enum err
refresh(struct apitest *a, const char *token, struct grant *out)
{
	return entry_renew(apitest_from(a, "192.0.2.1"), token, out);
}

static enum err
live(struct apitest *a, const struct grant *grant)
{
	struct login_live found;

	return login_live(a->t->db, &a->t->arena, grant->login_id,
		grant->user.id, clock_wall_ms(), &found);
}

static void
age(struct apitest *a, const char *sql, uint64_t id)
{
	assert_int_equal(db_exec(a->t->db, sql, PARAMS(U64(id))), OK);
}

static void
age_rotation(struct apitest *a, const struct grant *grant)
{
	age(a, AGE_ROTATION, grant->login_id);
}

/* ---- */

static void
who_registers_is_signed_in(void **state)
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

static struct span
hash_of(struct apitest *a, const char *code)
{
	char hash[TOKEN_HASH_LEN];

	token_hash(span_of(code), hash);
	return arena_span(&a->t->arena, (struct span){ hash, sizeof(hash) });
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
		assert_int_equal(invite_insert(a->t->db, hash_of(a, code),
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

/* A refusal for another reason leaves the invitation good. */
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
	assert_int_equal(invite_insert(a->t->db, hash_of(a, code), now_ms,
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
what_is_tried_first_is_no_password(void **state)
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
nobody_and_a_wrong_password_are_alike(void **state)
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

/* ---- refresh and log-out */

static void
a_refresh_exchanges_the_token(void **state)
{
	struct apitest *a = *state;
	struct grant first = apitest_sign_up(a, apitest_name(a)), second, third;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	assert_int_equal(second.login_id, first.login_id);
	assert_int_equal(second.user.id, first.user.id);
	assert_string_equal(second.user.username, first.user.username);
	assert_string_not_equal(second.refresh, first.refresh);
	assert_int_equal(refresh(a, second.refresh, &third), OK);
	assert_int_equal(live(a, &third), OK);
}

static void
two_tabs_may_send_the_same_token(void **state)
{
	struct apitest *a = *state;
	struct grant first = apitest_sign_up(a, apitest_name(a)), second, again,
		     third;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	assert_int_equal(refresh(a, first.refresh, &again), OK);
	assert_int_equal(again.login_id, first.login_id);
	assert_string_equal(again.refresh, second.refresh);
	assert_int_equal(refresh(a, second.refresh, &third), OK);
}

static void
a_token_that_comes_back_late_was_stolen(void **state)
{
	struct apitest *a = *state;
	struct grant first = apitest_sign_up(a, apitest_name(a)), second, again;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	age_rotation(a, &first);
	assert_int_equal(refresh(a, first.refresh, &again), ERR_DENIED);
	assert_int_equal(live(a, &first), ERR_NOT_FOUND);
	assert_int_equal(refresh(a, second.refresh, &again), ERR_DENIED);
}

/* Whoever has the copy goes on with it: however often. */
static void
any_token_of_before_is_a_copy(void **state)
{
	struct apitest *a = *state;

	for (int exchanges = 2; exchanges < 5; exchanges++) {
		struct grant first = apitest_sign_up(a, apitest_name(a)),
			     next = first, again;

		for (int i = 0; i < exchanges; i++)
			assert_int_equal(refresh(a, next.refresh, &next), OK);
		assert_int_equal(refresh(a, first.refresh, &again), ERR_DENIED);
		assert_int_equal(live(a, &first), ERR_NOT_FOUND);
		assert_int_equal(refresh(a, next.refresh, &again), ERR_DENIED);
	}
}

/* Ids are no secrets: who makes up a token for one ends nothing. */
static void
a_token_of_another_family_ends_nothing(void **state)
{
	struct apitest *a = *state;
	struct grant grant = apitest_sign_up(a, apitest_name(a)), got;
	char forged[REFRESH_LEN + 1];

	refresh_new(grant.login_id, forged);
	assert_int_equal(refresh(a, forged, &got), ERR_DENIED);
	assert_int_equal(entry_end(apitest_from(a, "192.0.2.1"), forged), OK);
	assert_int_equal(live(a, &grant), OK);
}

static void
a_login_has_an_end(void **state)
{
	static const char AGE[] =
		"UPDATE login SET create_time = create_time - INTERVAL 91 DAY"
		" WHERE id = ?";
	static const char LEFT[] =
		"SELECT TIMESTAMPDIFF(DAY, UTC_TIMESTAMP(), expire_time)"
		" FROM login WHERE id = ?";
	static const char AGE_SOME[] =
		"UPDATE login SET create_time = create_time - INTERVAL 80 DAY"
		" WHERE id = ?";
	struct apitest *a = *state;
	struct grant grant = apitest_sign_up(a, apitest_name(a)), got;

	age(a, AGE_SOME, grant.login_id);
	assert_int_equal(refresh(a, grant.refresh, &grant), OK);
	assert_in_range(testdb_number(a->t, LEFT, grant.login_id), 9, 10);
	age(a, AGE, grant.login_id);
	assert_int_equal(refresh(a, grant.refresh, &got), ERR_DENIED);
}

/* Tokens of before the families were: hashes in the same columns. */
static void
an_old_token_goes_on_as_a_new_one(void **state)
{
	static const char OLD[] =
		"UPDATE login SET family_hash = NULL, token_hash = ?"
		" WHERE id = ?";
	struct apitest *a = *state;
	struct grant grant = apitest_sign_up(a, apitest_name(a)), next, got;
	char token[TOKEN_LEN + 1];

	token_new(token);
	assert_int_equal(
		db_exec(a->t->db, OLD,
			PARAMS(SPAN(hash_of(a, token)), U64(grant.login_id))),
		OK);
	assert_int_equal(refresh(a, token, &next), OK);
	assert_int_equal(next.login_id, grant.login_id);
	assert_int_equal(refresh(a, token, &got), OK); /* another tab */
	assert_string_equal(got.refresh, next.refresh);
	assert_int_equal(refresh(a, next.refresh, &got), OK);
	assert_int_equal(live(a, &grant), OK);
}

static void
nobody_disabled_logs_in_or_goes_on(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant grant = apitest_sign_up(a, name), got;
	struct request *rq = apitest_from(a, "192.0.2.1");
	int64_t now_ms = clock_wall_ms();

	assert_int_equal(
		user_set_disabled(a->t->db, grant.user.id, now_ms, now_ms), OK);
	assert_int_equal(refresh(a, grant.refresh, &got), ERR_DENIED);
	assert_int_equal(apitest_log_in_with(rq, name, PASSWORD, NULL, &got),
		ERR_FORBIDDEN);
	assert_string_equal(rq->code, "account_disabled");
	assert_int_equal(apitest_log_in(a, apitest_address(a), name, "wrong"),
		ERR_DENIED);
	assert_int_equal(
		user_set_disabled(a->t->db, grant.user.id, 0, now_ms), OK);
	assert_int_equal(refresh(a, grant.refresh, &got), OK);
}

/* Nobody could end it any more: its cookie is gone. */
static void
a_log_in_ends_the_browsers_login_of_before(void **state)
{
	struct apitest *a = *state;
	const char *name = apitest_name(a);
	struct grant first = apitest_sign_up(a, name), second;
	struct request *rq = apitest_from(a, "192.0.2.1");

	apitest_param(rq,
		arena_printf(&a->t->arena, "HTTP_COOKIE=lamplight_refresh=%s",
			first.refresh));
	assert_int_equal(
		apitest_log_in_with(rq, name, PASSWORD, NULL, &second), OK);
	assert_int_equal(live(a, &first), ERR_NOT_FOUND);
	assert_int_equal(live(a, &second), OK);
}

static void
a_token_may_rest_for_long(void **state)
{
	struct apitest *a = *state;
	struct grant first = apitest_sign_up(a, apitest_name(a)), second;

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
			entry_end(apitest_from(a, "192.0.2.1"), tokens[i]), OK);
	}
}

static void
a_log_out_ends_token_and_login(void **state)
{
	struct apitest *a = *state;
	struct grant grant = apitest_sign_up(a, apitest_name(a)), after;
	struct request *rq;
	const char *token;

	assert_int_equal(guard_token(a->app.guard, apitest_from(a, "192.0.2.1"),
				 grant.user.id, grant.login_id, &token),
		OK);
	rq = apitest_request(a,
		arena_printf(
			&a->t->arena, "HTTP_AUTHORIZATION=Bearer %s", token));
	assert_int_equal(guard_user(a->app.guard, rq), OK);
	assert_int_equal(
		entry_end(apitest_from(a, "192.0.2.1"), grant.refresh), OK);
	assert_int_equal(guard_user(a->app.guard, rq), ERR_DENIED);
	assert_int_equal(refresh(a, grant.refresh, &after), ERR_DENIED);
	assert_int_equal(
		entry_end(apitest_from(a, "192.0.2.1"), grant.refresh), OK);
}

static void
no_token_is_stored(void **state)
{
	struct apitest *a = *state;
	struct grant grant = apitest_sign_up(a, apitest_name(a));
	static const char FIND[] =
		"SELECT COUNT(*) FROM login WHERE id = ?"
		" AND token_hash <> '' AND LENGTH(token_hash) = 32";

	assert_int_equal(testdb_number(a->t, FIND, grant.login_id), 1);
	assert_int_equal(login_find_hash(a->t->db, &a->t->arena,
				 span_of(grant.refresh), &(struct login){ 0 }),
		ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_registers_is_signed_in),
		cmocka_unit_test(a_taken_name_changes_nothing),
		cmocka_unit_test(a_closed_site_takes_the_invited),
		cmocka_unit_test(an_invitation_outlives_a_refusal),
		cmocka_unit_test(what_is_tried_first_is_no_password),
		cmocka_unit_test(nobody_and_a_wrong_password_are_alike),
		cmocka_unit_test(a_name_logs_in_in_any_case),
		cmocka_unit_test(an_old_hash_is_renewed),
		cmocka_unit_test(a_refresh_exchanges_the_token),
		cmocka_unit_test(two_tabs_may_send_the_same_token),
		cmocka_unit_test(a_token_that_comes_back_late_was_stolen),
		cmocka_unit_test(any_token_of_before_is_a_copy),
		cmocka_unit_test(a_token_of_another_family_ends_nothing),
		cmocka_unit_test(a_login_has_an_end),
		cmocka_unit_test(an_old_token_goes_on_as_a_new_one),
		cmocka_unit_test(nobody_disabled_logs_in_or_goes_on),
		cmocka_unit_test(a_log_in_ends_the_browsers_login_of_before),
		cmocka_unit_test(a_token_may_rest_for_long),
		cmocka_unit_test(unknown_tokens_are_refused),
		cmocka_unit_test(a_log_out_ends_token_and_login),
		cmocka_unit_test(no_token_is_stored),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
