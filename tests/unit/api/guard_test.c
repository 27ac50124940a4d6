/* guard_test.c: which user a request belongs to, and for how long. */

#include "api/guard.h"

#include "../unit.h"
#include "api/recent.h"
#include "apitest.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "guardtest.h"
#include "repo/login.h"
#include "repo/user.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* ---- our own tokens */

static void
a_live_login_is_let_in(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);

	/* First from the table, then from memory. */
	for (int i = 0; i < 2; i++) {
		struct request *rq = guardtest_bearing(a, token);

		assert_int_equal(guard_user(a->app.guard, rq), OK);
		assert_int_equal(rq->user_id, login.user_id);
		assert_int_equal(rq->login_id, login.id);
	}
}

static void
without_a_bearer_token_nobody_is(void **state)
{
	static const char *const headers[] = { "HTTP_AUTHORIZATION=",
		"HTTP_AUTHORIZATION=Bearer", "HTTP_AUTHORIZATION=Bearer ",
		"HTTP_AUTHORIZATION=Basic YTpi", "HTTP_AUTHORIZATION=Bearer  x",
		"HTTP_COOKIE=lamplight_refresh=x" };
	struct apitest *a = *state;

	assert_int_equal(
		guard_user(a->app.guard, apitest_request(a, NULL)), ERR_DENIED);
	for (size_t i = 0; i < LENGTH(headers); i++)
		assert_int_equal(guard_user(a->app.guard,
					 apitest_request(a, headers[i])),
			ERR_DENIED);
}

static void
a_header_holds_one_token_and_nothing_else(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);
	struct arena *arena = &a->t->arena;

	assert_int_equal(guardtest_check(a, token), OK);
	assert_int_equal(guardtest_check(a, arena_printf(arena, " %s", token)),
		ERR_DENIED);
	assert_int_equal(guardtest_check(a, arena_printf(arena, "%s ", token)),
		ERR_DENIED);
	assert_int_equal(
		guardtest_check(
			a, arena_printf(arena, "%s, Bearer %s", token, token)),
		ERR_DENIED);
	assert_int_equal(
		guard_user(a->app.guard,
			apitest_request(a,
				arena_printf(arena, "HTTP_AUTHORIZATION=%s",
					token))),
		ERR_DENIED);
}

/* RFC 9110: the name of the scheme is case-insensitive. */
static void
the_scheme_may_be_in_any_case(void **state)
{
	static const char *const schemes[] = { "bearer", "BEARER", "Bearer" };
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);

	for (size_t i = 0; i < LENGTH(schemes); i++)
		assert_int_equal(
			guard_user(a->app.guard,
				apitest_request(a,
					arena_printf(&a->t->arena,
						"HTTP_AUTHORIZATION=%s %s",
						schemes[i], token))),
			OK);
}

static void
a_login_is_its_users_alone(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *stranger =
		guardtest_token_of(a, login.user_id + 1, login.id);

	assert_int_equal(guardtest_check(a, stranger), ERR_DENIED);
	assert_int_equal(
		guardtest_check(
			a, guardtest_token_of(a, login.user_id, login.id)),
		OK);
	assert_int_equal(
		guardtest_check(a, stranger), ERR_DENIED); /* from memory */
	assert_int_equal(
		guardtest_check(
			a, guardtest_token_of(a, login.user_id, testdb_id())),
		ERR_DENIED);
}

static void
a_log_out_is_known_here_at_once(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);

	assert_int_equal(guardtest_check(a, token), OK);
	assert_int_equal(login_delete(a->t->db, login.id), OK);
	guard_forget(a->app.guard, login.id);
	assert_int_equal(guardtest_check(a, token), ERR_DENIED);
}

static void
a_log_out_elsewhere_is_known_in_half_a_second(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);

	assert_int_equal(guardtest_check(a, token), OK);
	assert_int_equal(login_delete(a->t->db, login.id), OK);
	usleep(RECENT_MS * 1000);
	assert_int_equal(guardtest_check(a, token), ERR_DENIED);
}

/* *form* with the number in place of its @. */
static const char *
fill(struct apitest *a, const char *form, uint64_t number)
{
	return arena_printf(&a->t->arena, "%.*s%" PRIu64 "%s",
		(int)strcspn(form, "@"), form, number, strchr(form, '@') + 1);
}

static void
ids_are_texts_as_we_write_them(void **state)
{
	static const char *const ids[] = { "@", "\"0@\"", "\" @\"", "[\"@\"]",
		"\"@.0\"", "\"-@\"", "\"+@\"", "\"@1\"" };
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	int64_t now_s = clock_wall_ms() / 1000;
	const char *head = arena_printf(&a->t->arena,
		"{\"iss\":\"lamplight\",\"aud\":\"lamplight\",\"iat\":%" PRId64
		",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 ",\"sid\":\"%" PRIu64
		"\",\"sub\":",
		now_s, now_s, now_s + HOUR_S, login.id);
	const char *claims = arena_printf(
		&a->t->arena, "%s%s}", head, fill(a, "\"@\"", login.user_id));

	assert_int_equal(
		guardtest_check(
			a, guardtest_signed_with(a, a->own.secret, claims)),
		OK);
	for (size_t i = 0; i < LENGTH(ids); i++) {
		claims = arena_printf(&a->t->arena, "%s%s}", head,
			fill(a, ids[i], login.user_id));
		assert_int_equal(guardtest_check(a,
					 guardtest_signed_with(
						 a, a->own.secret, claims)),
			ERR_DENIED);
	}
}

/* ---- site tokens */

/* Another guard, as in another program, has read the file before. */
static void
a_new_key_is_known_to_all_programs_at_once(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *before = guardtest_token_of(a, login.user_id, login.id),
		   *after;
	const char *file = a->app.conf.auth.secret_file;
	int64_t now_s = clock_wall_ms() / 1000;
	struct guard *other;
	const char *refused;

	assert_int_equal(guard_open(&a->app.conf.auth, &other), OK);
	assert_int_equal(guard_user(other, guardtest_bearing(a, before)), OK);
	assert_int_equal(
		secret_rotate(&a->t->arena, file, now_s, now_s, &refused), OK);
	usleep(1100 * 1000);
	after = guardtest_token_of(a, login.user_id, login.id);
	assert_string_not_equal(before, after);
	assert_int_equal(guard_user(other, guardtest_bearing(a, after)), OK);
	assert_int_equal(guard_user(other, guardtest_bearing(a, before)), OK);
	guard_close(other);
	/* Its tokens have all expired, because their lifetime has passed. */
	assert_int_equal(
		secret_rotate(&a->t->arena, file,
			now_s - a->app.conf.auth.access_ttl_s - 1, 0, &refused),
		OK);
	assert_int_equal(guard_open(&a->app.conf.auth, &other), OK);
	assert_int_equal(
		guard_user(other, guardtest_bearing(a, after)), ERR_DENIED);
	guard_close(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_live_login_is_let_in),
		cmocka_unit_test(without_a_bearer_token_nobody_is),
		cmocka_unit_test(a_header_holds_one_token_and_nothing_else),
		cmocka_unit_test(the_scheme_may_be_in_any_case),
		cmocka_unit_test(a_login_is_its_users_alone),
		cmocka_unit_test(a_log_out_is_known_here_at_once),
		cmocka_unit_test(a_log_out_elsewhere_is_known_in_half_a_second),
		cmocka_unit_test(ids_are_texts_as_we_write_them),
		cmocka_unit_test(a_new_key_is_known_to_all_programs_at_once),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
