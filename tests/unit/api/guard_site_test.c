/* guard_site_test.c: tokens of a site with its own log-in. */

#include "api/guard.h"

#include "../unit.h"
#include "api/recent.h"
#include "apitest.h"
#include "auth/secret.h"
#include "base/clock.h"
#include "guardtest.h"
#include "repo/ended.h"
#include "repo/erase.h"
#include "repo/login.h"
#include "repo/user.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
site_token_of(struct apitest *a, const char *uid, int64_t iat_s)
{
	return guardtest_signed_with(a, span_of(SITE_SECRET),
		arena_printf(&a->t->arena,
			"{\"iss\":\"https://site.example\",\"aud\":\"chat\","
			"\"uid\":%s,\"iat\":%" PRId64 ",\"exp\":%" PRId64 "}",
			uid, iat_s, clock_wall_ms() / 1000 + HOUR_S));
}

static const char *
site_token(struct apitest *a, const char *uid)
{
	return site_token_of(a, uid, clock_wall_ms() / 1000);
}

static void
a_site_user_is_created_once(void **state)
{
	struct apitest *a = *state;
	const char *token = site_token(
		a, arena_printf(&a->t->arena, "\"u%" PRIu64 "\"", testdb_id()));
	struct request *first = guardtest_bearing(a, token),
		       *second = guardtest_bearing(a, token);
	struct user user;

	assert_int_equal(guard_user(a->app.guard, first), OK);
	assert_int_not_equal(first->user_id, 0);
	assert_int_equal(first->login_id, 0);
	assert_int_equal(guard_user(a->app.guard, second), OK);
	assert_int_equal(second->user_id, first->user_id);
	assert_int_equal(
		user_find(a->t->db, &a->t->arena, first->user_id, &user), OK);
	assert_null(user.username);
}

static void
a_number_and_its_text_are_one_user(void **state)
{
	struct apitest *a = *state;
	uint64_t id = testdb_id() % 1000000000000000;
	struct request *number = guardtest_bearing(
		a, site_token(a, arena_printf(&a->t->arena, "%" PRIu64, id)));
	struct request *text = guardtest_bearing(a,
		site_token(
			a, arena_printf(&a->t->arena, "\"%" PRIu64 "\"", id)));

	assert_int_equal(guard_user(a->app.guard, number), OK);
	assert_int_equal(guard_user(a->app.guard, text), OK);
	assert_int_equal(number->user_id, text->user_id);
}

static void
a_program_that_only_reads_makes_no_user(void **state)
{
	struct apitest *a = *state;
	const char *token = site_token(
		a, arena_printf(&a->t->arena, "\"r%" PRIu64 "\"", testdb_id()));
	struct request *reader = guardtest_bearing(a, token),
		       *maker = guardtest_bearing(a, token);
	struct request *again = guardtest_bearing(a, token);
	struct app reading = a->app;

	reading.ids = NULL;
	reader->app = &reading;
	again->app = &reading;
	assert_int_equal(guard_user(a->app.guard, reader), OK);
	assert_int_equal(reader->user_id, 0);
	assert_int_equal(guard_user(a->app.guard, maker), OK);
	assert_int_not_equal(maker->user_id, 0);
	assert_int_equal(guard_user(a->app.guard, again), OK);
	assert_int_equal(again->user_id, maker->user_id);
}

static void
a_claim_without_a_user_is_refused(void **state)
{
	static const char *const claims[] = { "\"\"", "null", "true", "1.5",
		"[\"7\"]", "{\"id\":7}", "{}", "[]" };
	struct apitest *a = *state;
	char longest[USER_SUBJECT_MAX + 4] = "\"";

	for (size_t i = 0; i < LENGTH(claims); i++)
		assert_int_equal(guardtest_check(a, site_token(a, claims[i])),
			ERR_DENIED);
	memset(longest + 1, 'x', USER_SUBJECT_MAX);
	strcpy(longest + 1 + USER_SUBJECT_MAX, "\"");
	assert_int_equal(guardtest_check(a, site_token(a, longest)), OK);
	strcpy(longest + 1 + USER_SUBJECT_MAX, "x\"");
	assert_int_equal(
		guardtest_check(a, site_token(a, longest)), ERR_DENIED);
}

static void
disable(struct apitest *a, uint64_t user_id, int64_t disable_ms)
{
	assert_int_equal(user_set_disabled(a->t->db, user_id, disable_ms,
				 clock_wall_ms()),
		OK);
	usleep(RECENT_MS * 1000);
}

static void
a_disabled_or_deleted_user_is_refused_within_half_a_second(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	const char *own = guardtest_token_of(a, login.user_id, login.id);
	const char *site = site_token(
		a, arena_printf(&a->t->arena, "\"d%" PRIu64 "\"", testdb_id()));
	struct request *rq = guardtest_bearing(a, site);

	assert_int_equal(guardtest_check(a, own), OK);
	assert_int_equal(guard_user(a->app.guard, rq), OK);
	disable(a, login.user_id, clock_wall_ms());
	disable(a, rq->user_id, clock_wall_ms());
	assert_int_equal(guardtest_check(a, own), ERR_DENIED);
	assert_int_equal(guardtest_check(a, site), ERR_DENIED);
	disable(a, login.user_id, 0);
	disable(a, rq->user_id, 0);
	assert_int_equal(guardtest_check(a, own), OK);
	assert_int_equal(guardtest_check(a, site), OK);
	assert_int_equal(user_delete(a->t->db, login.user_id), OK);
	usleep(RECENT_MS * 1000);
	assert_int_equal(guardtest_check(a, own), ERR_DENIED);
}

static void
a_sites_tokens_so_far_can_be_ended(void **state)
{
	struct apitest *a = *state;
	int64_t now_ms = clock_wall_ms(), from_s = now_ms / 1000 + 1;
	const char *uid =
		arena_printf(&a->t->arena, "\"v%" PRIu64 "\"", testdb_id());
	const char *old = site_token_of(a, uid, from_s - 1);
	struct request *rq = guardtest_bearing(a, old);

	assert_int_equal(guard_user(a->app.guard, rq), OK);
	assert_int_equal(user_set_valid_from(
				 a->t->db, rq->user_id, from_s * 1000, now_ms),
		OK);
	usleep(RECENT_MS * 1000);
	assert_int_equal(guardtest_check(a, old), ERR_DENIED);
	assert_int_equal(guardtest_check(a, site_token_of(a, uid, from_s)), OK);
}

static enum err
erase_site_user(struct apitest *a, const char *token)
{
	struct request *rq = guardtest_bearing(a, token);

	assert_int_equal(guard_user(a->app.guard, rq), OK);
	assert_int_equal(erase_user(a->t->db, &a->t->arena, rq->user_id), OK);
	usleep((RECENT_MS + 1000) * 1000);
	return guardtest_check(a, token);
}

/* The site may continue to sign tokens for a user who was deleted here. */
static void
a_sites_user_who_was_deleted_stays_deleted(void **state)
{
	struct apitest *a = *state;
	const char *uid = arena_printf(&a->t->arena, "g%" PRIu64, testdb_id());
	const char *claim = arena_printf(&a->t->arena, "\"%s\"", uid);
	const char *dated =
		site_token_of(a, claim, clock_wall_ms() / 1000 - 60);
	struct snowflake *ids = a->app.ids;
	const char *new;

	assert_int_equal(erase_site_user(a, dated), ERR_DENIED);
	a->app.ids = NULL; /* and in a program that creates no users */
	assert_int_equal(guardtest_check(a, dated), ERR_DENIED);
	a->app.ids = ids;
	new = site_token_of(a, claim, clock_wall_ms() / 1000);
	assert_int_equal(guardtest_check(a, new), ERR_DENIED);
	assert_int_equal(guardtest_check(a, site_token(a, claim)), ERR_DENIED);
	assert_int_equal(ended_allow(a->t->db, span_of(uid)), OK);
	assert_int_equal(guardtest_check(a, dated), ERR_DENIED);
	assert_int_equal(guardtest_check(a, new), OK);
	usleep(RECENT_MS * 1000);
	assert_int_equal(guardtest_check(a, dated), ERR_DENIED);
	assert_int_equal(guardtest_check(a, new), OK);
	assert_int_equal(erase_site_user(a, new), ERR_DENIED);
}

/* auth.second_factor = required */
static void
a_login_without_the_factor_that_is_demanded_is_marked(void **state)
{
	struct apitest *a = *state;
	struct auth_conf conf = a->app.conf.auth;
	struct login login = guardtest_make_login(a);
	struct request *rq = guardtest_bearing(
		a, guardtest_token_of(a, login.user_id, login.id));
	struct guard *guard;

	assert_int_equal(guard_user(a->app.guard, rq), OK);
	assert_false(rq->enrolling);
	conf.second_factor = CONF_REQUIRED;
	assert_int_equal(guard_open(&conf, &guard), OK);
	assert_int_equal(guard_user(guard, rq), OK);
	assert_true(rq->enrolling);
	assert_int_equal(login_show_second(a->t->db, login.id, 1000), OK);
	assert_int_equal(guard_user(guard, rq), OK);
	assert_false(rq->enrolling); /* at once */
	assert_int_equal(login_forget_second(a->t->db, login.user_id), OK);
	usleep(RECENT_MS * 1000);
	assert_int_equal(guard_user(guard, rq), OK);
	assert_true(rq->enrolling);
	rq = guardtest_bearing(a, site_token(a, "\"7\""));
	assert_int_equal(guard_user(guard, rq), OK);
	assert_false(rq->enrolling); /* the site has its own log-in */
	guard_close(guard);
}

static void
a_site_token_without_purpose_or_end_is_refused(void **state)
{
	struct apitest *a = *state;
	struct auth_conf conf = a->app.conf.auth;
	const char *token = site_token(a, "\"7\"");
	struct guard *guard;

	conf.site_audience = "";
	assert_int_equal(guard_open(&conf, &guard), ERR_INVALID);
	conf.site_typ = "lamplight";
	assert_int_equal(guard_open(&conf, &guard), OK);
	assert_int_equal(
		guard_user(guard, guardtest_bearing(a, token)), ERR_DENIED);
	guard_close(guard);
	conf = a->app.conf.auth;
	conf.site_max_s = HOUR_S - 1;
	assert_int_equal(guard_open(&conf, &guard), OK);
	assert_int_equal(
		guard_user(guard, guardtest_bearing(a, token)), ERR_DENIED);
	guard_close(guard);
	assert_int_equal(guardtest_check(a, token), OK);
	assert_int_equal(guardtest_check(a,
				 site_token_of(a, "\"7\"",
					 clock_wall_ms() / 1000 - 86400)),
		ERR_DENIED);
}

/* The site's key signs no token of ours, and our key none of the site's. */
static void
each_key_is_for_its_own_issuer(void **state)
{
	struct apitest *a = *state;
	struct arena *arena = &a->t->arena;
	struct login login = guardtest_make_login(a);
	int64_t now_s = clock_wall_ms() / 1000;
	const char *ours = arena_printf(arena,
		"{\"iss\":\"lamplight\",\"aud\":\"lamplight\",\"iat\":%" PRId64
		",\"nbf\":%" PRId64 ",\"exp\":%" PRId64 ",\"sid\":\"%" PRIu64
		"\",\"sub\":\"%" PRIu64 "\",\"uid\":\"7\"}",
		now_s, now_s, now_s + HOUR_S, login.id, login.user_id);
	const char *sites = arena_printf(arena,
		"{\"iss\":\"https://site.example\",\"aud\":\"chat\","
		"\"uid\":\"7\",\"exp\":%" PRId64 "}",
		now_s + HOUR_S);

	assert_int_equal(guardtest_check(a,
				 guardtest_signed_with(a, a->own.secret, ours)),
		OK);
	assert_int_equal(
		guardtest_check(a,
			guardtest_signed_with(a, span_of(SITE_SECRET), sites)),
		OK);
	assert_int_equal(
		guardtest_check(a,
			guardtest_signed_with(a, span_of(SITE_SECRET), ours)),
		ERR_DENIED);
	assert_int_equal(
		guardtest_check(
			a, guardtest_signed_with(a, a->own.secret, sites)),
		ERR_DENIED);
}

static void
without_the_database_nobody_is_judged(void **state)
{
	struct apitest *a = *state;
	struct login login = guardtest_make_login(a);
	struct request *own = guardtest_bearing(
		a, guardtest_token_of(a, login.user_id, login.id));
	struct request *site =
		guardtest_bearing(a, site_token(a, "\"somebody new\""));
	struct db_conf nowhere = a->app.conf.db;
	struct db *db;

	nowhere.socket = "/nonexistent/mysql.sock";
	db = db_new(&nowhere);
	own->db = db;
	site->db = db;
	assert_int_equal(guard_user(a->app.guard, own), ERR_BUSY);
	assert_int_equal(guard_user(a->app.guard, site), ERR_BUSY);
	db_free(db);
}

static void
a_weak_site_secret_is_refused(void **state)
{
	struct apitest *a = *state;
	struct auth_conf conf = a->app.conf.auth;
	struct guard *guard;

	conf.site_secret = "0123456789abcdef0123456789abcde";
	assert_int_equal(guard_open(&conf, &guard), ERR_INVALID);
	conf.site_secret = "";
	conf.site_secret_file = "/nonexistent/secret";
	assert_int_equal(guard_open(&conf, &guard), ERR_INVALID);
}

static void
a_site_secret_can_be_in_a_file(void **state)
{
	struct apitest *a = *state;
	struct auth_conf conf = a->app.conf.auth;
	const char *token = site_token(a, "\"8\"");
	struct guard *guard;
	FILE *file;

	conf.site_secret = "";
	conf.site_secret_file =
		arena_printf(&a->t->arena, "%s/site-secret", a->dir);
	file = fopen(conf.site_secret_file, "w");
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_true(fputs(SITE_SECRET "\n", file) >= 0);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(guard_open(&conf, &guard), OK);
	assert_int_equal(guard_user(guard, guardtest_bearing(a, token)), OK);
	guard_close(guard);
	unlink(conf.site_secret_file);
}

static void
without_a_site_secret_no_site_token_passes(void **state)
{
	struct apitest *a = *state;
	struct auth_conf conf = a->app.conf.auth;
	const char *token = site_token(a, "\"7\"");
	struct guard *guard;

	conf.site_secret = "";
	assert_int_equal(guard_open(&conf, &guard), OK);
	assert_int_equal(
		guard_user(guard, guardtest_bearing(a, token)), ERR_DENIED);
	assert_int_equal(guardtest_check(a, token), OK);
	guard_close(guard);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_site_user_is_created_once),
		cmocka_unit_test(a_number_and_its_text_are_one_user),
		cmocka_unit_test(a_program_that_only_reads_makes_no_user),
		cmocka_unit_test(a_claim_without_a_user_is_refused),
		cmocka_unit_test(
			a_disabled_or_deleted_user_is_refused_within_half_a_second),
		cmocka_unit_test(a_sites_tokens_so_far_can_be_ended),
		cmocka_unit_test(a_sites_user_who_was_deleted_stays_deleted),
		cmocka_unit_test(
			a_login_without_the_factor_that_is_demanded_is_marked),
		cmocka_unit_test(
			a_site_token_without_purpose_or_end_is_refused),
		cmocka_unit_test(each_key_is_for_its_own_issuer),
		cmocka_unit_test(without_the_database_nobody_is_judged),
		cmocka_unit_test(a_weak_site_secret_is_refused),
		cmocka_unit_test(a_site_secret_can_be_in_a_file),
		cmocka_unit_test(without_a_site_secret_no_site_token_passes),
	};

	return cmocka_run_group_tests(tests, apitest_open, apitest_close);
}
