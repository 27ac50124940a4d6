/* guard_admin_test.c: who is an administrator, which signatures are valid, and
 * which recent checks are reused. */

#include "api/guard.h"

#include "../unit.h"
#include "apitest.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "guardtest.h"
#include "repo/login.h"
#include "repo/user.h"
#include "repo/user_limit.h"

#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static const char *
site_token(struct apitest *a, const char *uid)
{
	int64_t now_s = clock_wall_ms() / 1000;

	return guardtest_signed_with(a, span_of(SITE_SECRET),
		arena_printf(&a->t->arena,
			"{\"iss\":\"https://site.example\",\"aud\":\"chat\","
			"\"uid\":\"%s\",\"iat\":%" PRId64 ",\"exp\":%" PRId64
			"}",
			uid, now_s, now_s + HOUR_S));
}

/* Tokens that belong to nobody, and texts that are not tokens. */
static const char *const bad[] = { "x", "", "eyJhbGciOiJub25lIn0.e30.", NULL };

/* ---- administrators */

static enum err
ask(struct apitest *a, const char *token, struct request **out)
{
	*out = guardtest_bearing(a, token);
	(*out)->is_admin = true; /* of the same user as before */
	return guard_admin(a->app.guard, *out);
}

static void
the_database_decides_who_administers(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);
	struct request *rq;

	assert_int_equal(ask(a, token, &rq), ERR_FORBIDDEN);
	assert_false(rq->is_admin);
	assert_int_equal(guardtest_check(a, token), OK);
	assert_int_equal(
		user_set_admin(a->t->db, login.user_id, true, 1000), OK);
	assert_int_equal(ask(a, token, &rq), OK);
	assert_true(rq->is_admin);
	assert_int_equal(rq->user_id, login.user_id);
	/* Refused at once, though the token was accepted a moment ago. */
	assert_int_equal(
		user_set_admin(a->t->db, login.user_id, false, 1000), OK);
	assert_int_equal(ask(a, token, &rq), ERR_FORBIDDEN);
	assert_int_equal(login_delete(a->t->db, login.id), OK);
	assert_int_equal(ask(a, token, &rq), ERR_DENIED);
	assert_false(rq->is_admin);
}

static void
an_administrator_needs_a_token(void **state)
{
	struct apitest *a = *state;
	struct request *rq = apitest_request(a, NULL);

	assert_int_equal(guard_admin(a->app.guard, rq), ERR_DENIED);
	for (size_t i = 0; bad[i] != NULL; i++) {
		assert_int_equal(ask(a, bad[i], &rq), ERR_DENIED);
		assert_false(rq->is_admin);
	}
}

static void
a_sites_user_may_be_one(void **state)
{
	struct apitest *a = *state;
	const char *token = site_token(
		a, arena_printf(&a->t->arena, "a%" PRIu64, testdb_id()));
	struct request *rq;

	assert_int_equal(ask(a, token, &rq), ERR_FORBIDDEN);
	assert_int_equal(user_set_admin(a->t->db, rq->user_id, true, 1000), OK);
	assert_int_equal(ask(a, token, &rq), OK);
}

/* ---- signatures alone */

static enum err
signed_by(struct guard *guard, struct apitest *a, const char *token)
{
	return guard_signed(guard, guardtest_bearing(a, token));
}

/* A valid signature suffices, whatever the database says. */
static void
a_signature_is_asked_of_no_database(void **state)
{
	struct apitest *a = *state;
	struct guard *guard = a->app.guard;
	const char *own = guardtest_token_of(a, testdb_id(), testdb_id());
	const char *site = site_token(
		a, arena_printf(&a->t->arena, "s%" PRIu64, testdb_id()));
	struct request *rq = guardtest_bearing(a, own);

	rq->db = NULL;
	assert_int_equal(guard_signed(guard, rq), OK);
	assert_int_equal(guardtest_check(a, own), ERR_DENIED);
	assert_int_equal(signed_by(guard, a, site), OK);
	assert_int_equal(
		guard_signed(guard, apitest_request(a, NULL)), ERR_DENIED);
	for (size_t i = 0; bad[i] != NULL; i++)
		assert_int_equal(signed_by(guard, a, bad[i]), ERR_DENIED);
}

static void
a_token_of_ours_says_when_it_was_made(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	int64_t now_s = clock_wall_ms() / 1000;
	const char *const dates[] = {
		arena_printf(&a->t->arena, "\"iat\":%" PRId64 ",", now_s),
		arena_printf(&a->t->arena, "\"nbf\":%" PRId64 ",", now_s),
		arena_printf(&a->t->arena,
			"\"iat\":%" PRId64 ",\"nbf\":%" PRId64 ",", now_s,
			now_s),
	};

	for (size_t i = 0; i < 3; i++) {
		const char *claims = arena_printf(&a->t->arena,
			"{\"iss\":\"lamplight\",\"aud\":\"lamplight\",%s"
			"\"exp\":%" PRId64 ",\"sid\":\"%" PRIu64
			"\",\"sub\":\"%" PRIu64 "\"}",
			dates[i], now_s + HOUR_S, login.id, login.user_id);

		assert_int_equal(guardtest_check(a,
					 guardtest_signed_with(
						 a, a->own.secret, claims)),
			i == 2 ? OK : ERR_DENIED);
	}
}

/* Another guard, as in another program, has not read the file since. */
static void
a_new_key_is_good_at_once(void **state)
{
	static enum err (*const ask_of[])(struct guard * guard,
		struct request * rq) = { guard_signed, guard_user };
	struct apitest *a = *state;
	const char *file = a->app.conf.auth.secret_file, *refused, *token;
	struct login login = guardtest_make_login(a);
	int64_t now_s = clock_wall_ms() / 1000;
	struct guard *before, *after;

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(guard_open(&a->app.conf.auth, &before), OK);
		assert_int_equal(signed_by(before, a, "x"), ERR_DENIED);
		assert_int_equal(secret_rotate(&a->t->arena, file, now_s, now_s,
					 &refused),
			OK);
		assert_int_equal(guard_open(&a->app.conf.auth, &after), OK);
		assert_int_equal(guard_token(after, apitest_request(a, NULL),
					 login.user_id, login.id, &token),
			OK);
		assert_int_equal(
			ask_of[i](before, guardtest_bearing(a, token)), OK);
		guard_close(before);
		guard_close(after);
	}
}

/* Though the guard finds that there is a new key. */
static void
a_new_key_makes_no_other_token_good(void **state)
{
	static enum err (*const ask_of[])(
		struct guard * guard, struct request * rq) = { guard_signed,
		guard_user, guard_admin };
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	int64_t now_s = clock_wall_ms() / 1000;
	const char *forged = guardtest_signed_with(a, span_of(SITE_SECRET),
		arena_printf(&a->t->arena,
			"{\"iss\":\"lamplight\",\"aud\":\"lamplight\","
			"\"iat\":%" PRId64 ",\"nbf\":%" PRId64
			",\"exp\":%" PRId64 ",\"sid\":\"%" PRIu64
			"\",\"sub\":\"%" PRIu64 "\"}",
			now_s, now_s, now_s + HOUR_S, login.id, login.user_id));
	const char *refused;
	struct guard *guard;

	for (size_t i = 0; i < LENGTH(ask_of); i++) {
		assert_int_equal(guard_open(&a->app.conf.auth, &guard), OK);
		assert_int_equal(secret_rotate(&a->t->arena,
					 a->app.conf.auth.secret_file, now_s,
					 now_s, &refused),
			OK);
		assert_int_equal(ask_of[i](guard, guardtest_bearing(a, forged)),
			ERR_DENIED);
		guard_close(guard);
	}
}

/* ---- reuse of recent checks */

/* Also while a check of the token would be reused. */
static void
a_key_that_has_ended_is_good_no_more(void **state)
{
	struct apitest *a = *state;
	struct auth_conf conf = a->app.conf.auth;
	struct login login = guardtest_make_login(a);
	int64_t now_s = clock_wall_ms() / 1000;
	const char *token, *refused;
	struct guard *guard;

	assert_int_equal(guard_open(&conf, &guard), OK);
	assert_int_equal(guard_token(guard, apitest_request(a, NULL),
				 login.user_id, login.id, &token),
		OK);
	assert_int_equal(guard_user(guard, guardtest_bearing(a, token)), OK);
	assert_int_equal(secret_rotate(&a->t->arena, conf.secret_file,
				 now_s - conf.access_ttl_s - 1, 0, &refused),
		OK);
	/* Another token makes the guard look for new keys. */
	assert_int_equal(signed_by(guard, a, "x"), ERR_DENIED);
	assert_int_equal(
		guard_user(guard, guardtest_bearing(a, token)), ERR_DENIED);
	guard_close(guard);
}

/* Tries repeatedly, because a stalled machine may miss the interval. */
static void
a_recently_checked_token_needs_no_database(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token = guardtest_token_of(a, login.user_id, login.id);
	struct db_conf nowhere = a->app.conf.db;
	struct request *rq;
	enum err err = ERR_BUSY;
	struct db *db;

	nowhere.socket = "/nonexistent/mysql.sock";
	db = db_new(&nowhere);
	for (int i = 0; i < 20 && err != OK; i++) {
		assert_int_equal(guardtest_check(a, token), OK);
		rq = guardtest_bearing(a, token);
		rq->db = db;
		err = guard_user(a->app.guard, rq);
	}
	assert_int_equal(err, OK);
	assert_int_equal(rq->user_id, login.user_id);
	/* For an administrator a recent check does not suffice. */
	rq = guardtest_bearing(a, token);
	rq->db = db;
	assert_int_equal(guard_admin(a->app.guard, rq), ERR_BUSY);
	db_free(db);
}

static void
limits_are_a_part_of_it(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *own = guardtest_token_of(a, login.user_id, login.id);
	const char *site = site_token(
		a, arena_printf(&a->t->arena, "l%" PRIu64, testdb_id()));
	struct request *rq = guardtest_bearing(a, site);

	assert_int_equal(guard_admin(a->app.guard, rq), ERR_FORBIDDEN);
	assert_int_equal(user_limit_set(a->t->db, rq->user_id, "day_tokens",
				 "5000", 1000),
		OK);
	assert_int_equal(user_limit_set(a->t->db, login.user_id, "day_tokens",
				 "7000", 1000),
		OK);
	/* First from the table, then from memory. */
	for (int i = 0; i < 2; i++) {
		rq = guardtest_bearing(a, own);
		assert_int_equal(guard_user(a->app.guard, rq), OK);
		assert_non_null(strstr(rq->limits, "7000"));
		rq = guardtest_bearing(a, site);
		assert_int_equal(guard_user(a->app.guard, rq), OK);
		assert_non_null(strstr(rq->limits, "5000"));
	}
}

/* Waits until the given number of milliseconds of a second have passed. */
static void
wait_for_ms(int64_t ms)
{
	int64_t left = ms - clock_wall_ms() % 1000;

	usleep((useconds_t)((left > 0 ? left : left + 1000) * 1000));
}

/* Issues a token in the next second. */
static const char *
short_token(struct apitest *a, const struct login *login)
{
	int64_t now_s = clock_wall_ms() / 1000;

	return guardtest_signed_with(a, a->own.secret,
		arena_printf(&a->t->arena,
			"{\"iss\":\"lamplight\",\"aud\":\"lamplight\","
			"\"iat\":%" PRId64 ",\"nbf\":%" PRId64
			",\"exp\":%" PRId64 ",\"sid\":\"%" PRIu64
			"\",\"sub\":\"%" PRIu64 "\"}",
			now_s, now_s, now_s + 1, login->id, login->user_id));
}

static void
a_token_is_not_believed_beyond_its_end(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *token;

	/* Repeat if the machine stalled and the moment was missed. */
	do {
		wait_for_ms(700);
		token = short_token(a, &login);
	} while (guardtest_check(a, token) != OK);
	wait_for_ms(20);
	assert_int_equal(guardtest_check(a, token), ERR_DENIED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_database_decides_who_administers),
		cmocka_unit_test(an_administrator_needs_a_token),
		cmocka_unit_test(a_sites_user_may_be_one),
		cmocka_unit_test(a_signature_is_asked_of_no_database),
		cmocka_unit_test(a_token_of_ours_says_when_it_was_made),
		cmocka_unit_test(a_new_key_is_good_at_once),
		cmocka_unit_test(a_new_key_makes_no_other_token_good),
		cmocka_unit_test(a_key_that_has_ended_is_good_no_more),
		cmocka_unit_test(a_recently_checked_token_needs_no_database),
		cmocka_unit_test(limits_are_a_part_of_it),
		cmocka_unit_test(a_token_is_not_believed_beyond_its_end),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
