/* account_refresh_test.c: how a login is renewed and ended: refresh tokens,
 * log-out. */

#include "api/account.h"

#include "../unit.h"
#include "api/guard.h"
#include "apitest.h"
#include "auth/refresh.h"
#include "base/clock.h"
#include "repo/login.h"

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
a_late_reuse_ends_the_login(void **state)
{
	struct apitest *a = *state;
	struct grant first = apitest_sign_up(a, apitest_name(a)), second, again;

	assert_int_equal(refresh(a, first.refresh, &second), OK);
	age_rotation(a, &first);
	assert_int_equal(refresh(a, first.refresh, &again), ERR_DENIED);
	assert_int_equal(live(a, &first), ERR_NOT_FOUND);
	assert_int_equal(refresh(a, second.refresh, &again), ERR_DENIED);
}

/* However often the holder of a copied token renews it, the copy is
 * detected. */
static void
any_earlier_token_ends_the_login(void **state)
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

/* Ids are not secret: an invented token for one must end nothing. */
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
a_login_has_a_maximum_age(void **state)
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

/* Tokens older than families: their hashes are in the same columns. */
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
	assert_int_equal(db_exec(a->t->db, OLD,
				 PARAMS(SPAN(apitest_hash(a, token)),
					 U64(grant.login_id))),
		OK);
	assert_int_equal(refresh(a, token, &next), OK);
	assert_int_equal(next.login_id, grant.login_id);
	assert_int_equal(refresh(a, token, &got), OK); /* another tab */
	assert_string_equal(got.refresh, next.refresh);
	assert_int_equal(refresh(a, next.refresh, &got), OK);
	assert_int_equal(live(a, &grant), OK);
}

static void
a_disabled_user_cannot_log_in_or_refresh(void **state)
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

/* Nobody could end the former login any more, because its cookie is gone. */
static void
logging_in_ends_the_browsers_previous_login(void **state)
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
		cmocka_unit_test(a_refresh_exchanges_the_token),
		cmocka_unit_test(two_tabs_may_send_the_same_token),
		cmocka_unit_test(a_late_reuse_ends_the_login),
		cmocka_unit_test(any_earlier_token_ends_the_login),
		cmocka_unit_test(a_token_of_another_family_ends_nothing),
		cmocka_unit_test(a_login_has_a_maximum_age),
		cmocka_unit_test(an_old_token_goes_on_as_a_new_one),
		cmocka_unit_test(a_disabled_user_cannot_log_in_or_refresh),
		cmocka_unit_test(logging_in_ends_the_browsers_previous_login),
		cmocka_unit_test(a_token_may_rest_for_long),
		cmocka_unit_test(unknown_tokens_are_refused),
		cmocka_unit_test(a_log_out_ends_token_and_login),
		cmocka_unit_test(no_token_is_stored),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
