/* login_test.c: logins, counted failures, invitations. */

#include "repo/login.h"

#include "../unit.h"
#include "repo/invite.h"
#include "repo/throttle.h"
#include "repo/user.h"
#include "testdb.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1750000000123)
#define HOUR_MS INT64_C(3600000)

/* A hash: 32 bytes that no other test uses. */
static struct span
new_hash(struct testdb *t)
{
	char *bytes = arena_alloc(&t->arena, 32);
	uint64_t id = testdb_id();

	memcpy(bytes + 5, &id, sizeof(id));
	bytes[31] = ' '; /* must not be trimmed */
	return (struct span){ bytes, 32 };
}

static uint64_t
make_user(struct testdb *t)
{
	struct user user = { .id = testdb_id() };

	user.username = arena_printf(&t->arena, "login.%" PRIu64, user.id);
	assert_int_equal(user_insert(t->db, &user, NOW), OK);
	return user.id;
}

static struct login
make_for(struct testdb *t, uint64_t user_id, int64_t expire_ms)
{
	struct login login = { .id = testdb_id(),
		.user_id = user_id,
		.rotate_ms = NOW,
		.create_ms = NOW,
		.expire_ms = expire_ms,
		.hash = new_hash(t),
		.family = new_hash(t),
		.agent = "a browser" };

	assert_int_equal(login_insert(t->db, &login), OK);
	return login;
}

static struct login
make(struct testdb *t)
{
	return make_for(t, make_user(t), NOW + HOUR_MS);
}

static enum err
live(struct testdb *t, const struct login *login, int64_t now_ms)
{
	struct login_live found;

	return login_live(
		t->db, &t->arena, login->id, login->user_id, now_ms, &found);
}

static void
a_login_lives_until_it_ends(void **state)
{
	struct testdb *t = *state;
	struct login login = make(t), other = login;

	assert_int_equal(live(t, &login, NOW), OK);
	assert_int_equal(live(t, &login, NOW + HOUR_MS - 1), OK);
	assert_int_equal(live(t, &login, NOW + HOUR_MS), ERR_NOT_FOUND);
	other.user_id = make_user(t);
	assert_int_equal(live(t, &other, NOW), ERR_NOT_FOUND);
	assert_int_equal(login_delete(t->db, login.id), OK);
	assert_int_equal(live(t, &login, NOW), ERR_NOT_FOUND);
	assert_int_equal(login_delete(t->db, login.id), OK);
}

static void
nobody_disabled_or_deleted_has_a_live_login(void **state)
{
	struct testdb *t = *state;
	struct login login = make(t);

	assert_int_equal(user_set_disabled(t->db, login.user_id, NOW, NOW), OK);
	assert_int_equal(live(t, &login, NOW), ERR_NOT_FOUND);
	assert_int_equal(user_set_disabled(t->db, login.user_id, 0, NOW), OK);
	assert_int_equal(live(t, &login, NOW), OK);
	assert_int_equal(user_delete(t->db, login.user_id), OK);
	assert_int_equal(live(t, &login, NOW), ERR_NOT_FOUND);
}

static void
a_rotation_keeps_the_token_before(void **state)
{
	struct testdb *t = *state;
	struct login login = make(t), next = login, got;

	next.hash = new_hash(t);
	next.family = new_hash(t);
	next.rotate_ms = NOW + 1000;
	next.expire_ms = NOW + 2 * HOUR_MS;
	assert_int_equal(login_rotate(t->db, &next), OK);
	assert_int_equal(login_find(t->db, &t->arena, login.id, &got), OK);
	assert_true(span_equal(got.hash, next.hash));
	assert_true(span_equal(got.previous, login.hash));
	assert_true(span_equal(got.family, next.family));
	assert_int_equal(got.rotate_ms, NOW + 1000);
	assert_int_equal(got.expire_ms, NOW + 2 * HOUR_MS);
	assert_int_equal(got.create_ms, NOW);
	assert_string_equal(got.agent, "a browser");
	for (int i = 0; i < 2; i++)
		assert_int_equal(login_find_hash(t->db, &t->arena,
					 i ? login.hash : next.hash, &got),
			OK);
	assert_int_equal(login_find_hash(t->db, &t->arena, new_hash(t), &got),
		ERR_NOT_FOUND);
}

static void
they_are_listed_and_ended_by_their_user(void **state)
{
	struct testdb *t = *state;
	uint64_t user_id = make_user(t);
	struct login first = make_for(t, user_id, NOW + HOUR_MS);
	struct login second = make_for(t, user_id, NOW + HOUR_MS);
	struct login foreign = make(t);
	struct login_list found;

	make_for(t, user_id, NOW); /* expired */
	assert_int_equal(
		login_list(t->db, &t->arena, user_id, NOW, 10, &found), OK);
	assert_int_equal(found.n, 2);
	assert_int_equal(found.list[0].id, second.id);
	assert_int_equal(found.list[1].id, first.id);
	assert_int_equal(
		login_delete_own(t->db, user_id, foreign.id), ERR_NOT_FOUND);
	assert_int_equal(login_delete_own(t->db, user_id, first.id), OK);
	assert_int_equal(
		login_delete_own(t->db, user_id, first.id), ERR_NOT_FOUND);
	assert_int_equal(login_delete_all(t->db, user_id), OK);
	assert_int_equal(live(t, &second, NOW), ERR_NOT_FOUND);
	assert_int_equal(live(t, &foreign, NOW), OK);
}

static void
only_what_is_over_is_swept(void **state)
{
	struct testdb *t = *state;
	struct login old = make(t), now;
	uint64_t n = 0;

	now = make_for(t, old.user_id, NOW + 2 * HOUR_MS);
	assert_int_equal(login_sweep(t->db, NOW + HOUR_MS, &n), OK);
	assert_true(n >= 1);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM login"
				 " WHERE id = ?",
				 old.id),
		0);
	assert_int_equal(live(t, &now, NOW), OK);
}

/* ---- counted failures */

static struct throttle
bucket(struct testdb *t)
{
	return (struct throttle){ new_hash(t), 3, 60000 };
}

static enum err
look(struct testdb *t, const struct throttle *throttle, int64_t now_ms,
	int64_t *wait_ms)
{
	return throttle_look(t->db, &t->arena, throttle, now_ms, wait_ms);
}

static void
fill(struct testdb *t, const struct throttle *throttle)
{
	for (int i = 0; i < 3; i++)
		assert_int_equal(
			throttle_count(t->db, throttle, NOW + i * 1000), OK);
}

/* If the attempt cannot be counted, it is refused. */
static void
without_the_database_nobody_is_let_in(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);
	struct db_conf nowhere = t->conf.db;
	int64_t wait_ms = 0;
	struct db *db;

	nowhere.socket = "/nonexistent/mysql.sock";
	db = db_new(&nowhere);
	assert_int_equal(throttle_look(db, &t->arena, &throttle, NOW, &wait_ms),
		ERR_BUSY);
	assert_int_equal(wait_ms, 0);
	assert_int_equal(throttle_take(db, &throttle, NOW), ERR_BUSY);
	db_free(db);
}

static void
a_full_bucket_waits_for_its_window(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);
	int64_t wait_ms;

	assert_int_equal(look(t, &throttle, NOW, &wait_ms), OK);
	fill(t, &throttle);
	assert_int_equal(
		look(t, &throttle, NOW + 4000, &wait_ms), ERR_THROTTLED);
	assert_int_equal(wait_ms, 56000);
	assert_int_equal(
		look(t, &throttle, NOW + 59999, &wait_ms), ERR_THROTTLED);
	assert_int_equal(wait_ms, 1);
	assert_int_equal(look(t, &throttle, NOW + 60000, &wait_ms), OK);
	assert_int_equal(throttle_count(t->db, &throttle, NOW + 60000), OK);
	assert_int_equal(look(t, &throttle, NOW + 60000, &wait_ms), OK);
}

static void
no_more_are_taken_than_fit(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);

	for (int window = 0; window < 2; window++) {
		int64_t now_ms = NOW + window * 60000;

		for (int i = 0; i < 3; i++)
			assert_int_equal(
				throttle_take(t->db, &throttle, now_ms), OK);
		for (int i = 0; i < 2; i++)
			assert_int_equal(
				throttle_take(t->db, &throttle, now_ms + 59999),
				ERR_THROTTLED);
		assert_int_equal(throttle_uncount(t->db, throttle.bucket), OK);
		assert_int_equal(
			throttle_take(t->db, &throttle, now_ms + 59999), OK);
	}
}

static void
to_look_writes_nothing(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);
	static const char COUNT[] = "SELECT COUNT(*) FROM throttle WHERE ? = 1";
	uint64_t before = testdb_number(t, COUNT, 1);
	int64_t wait_ms;

	for (int i = 0; i < 20; i++)
		assert_int_equal(look(t, &throttle, NOW, &wait_ms), OK);
	assert_int_equal(testdb_number(t, COUNT, 1), before);
}

static void
a_bucket_can_be_emptied(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);
	int64_t wait_ms;

	fill(t, &throttle);
	assert_int_equal(throttle_clear(t->db, throttle.bucket), OK);
	assert_int_equal(look(t, &throttle, NOW, &wait_ms), OK);
}

static void
buckets_do_not_touch_each_other(void **state)
{
	struct testdb *t = *state;
	struct throttle full = bucket(t), other = bucket(t);
	int64_t wait_ms;
	uint64_t n;

	fill(t, &full);
	assert_int_equal(look(t, &full, NOW, &wait_ms), ERR_THROTTLED);
	assert_int_equal(look(t, &other, NOW, &wait_ms), OK);
	assert_int_equal(throttle_sweep(t->db, NOW + 59999, &n), OK);
	assert_int_equal(look(t, &full, NOW, &wait_ms), ERR_THROTTLED);
	assert_int_equal(throttle_sweep(t->db, NOW + 60000, &n), OK);
	assert_true(n >= 1);
	assert_int_equal(look(t, &full, NOW, &wait_ms), OK);
}

/* ---- invitations */

static void
an_invitation_is_good_once_and_for_a_time(void **state)
{
	struct testdb *t = *state;
	struct span code = new_hash(t), late = new_hash(t);

	assert_int_equal(invite_take(t->db, code, NOW), ERR_NOT_FOUND);
	assert_int_equal(invite_insert(t->db, code, NOW, NOW + 1000), OK);
	assert_int_equal(invite_insert(t->db, late, NOW, NOW + 1000), OK);
	assert_int_equal(invite_live(t->db, &t->arena, code, NOW), OK);
	assert_int_equal(invite_take(t->db, code, NOW + 999), OK);
	assert_int_equal(invite_take(t->db, code, NOW + 999), ERR_NOT_FOUND);
	assert_int_equal(
		invite_live(t->db, &t->arena, code, NOW), ERR_NOT_FOUND);
	assert_int_equal(invite_take(t->db, late, NOW + 1000), ERR_NOT_FOUND);
	assert_int_equal(invite_sweep(t->db, NOW + 1000), OK);
	assert_int_equal(
		invite_live(t->db, &t->arena, late, NOW), ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_lives_until_it_ends),
		cmocka_unit_test(nobody_disabled_or_deleted_has_a_live_login),
		cmocka_unit_test(a_rotation_keeps_the_token_before),
		cmocka_unit_test(they_are_listed_and_ended_by_their_user),
		cmocka_unit_test(only_what_is_over_is_swept),
		cmocka_unit_test(a_full_bucket_waits_for_its_window),
		cmocka_unit_test(no_more_are_taken_than_fit),
		cmocka_unit_test(without_the_database_nobody_is_let_in),
		cmocka_unit_test(to_look_writes_nothing),
		cmocka_unit_test(a_bucket_can_be_emptied),
		cmocka_unit_test(buckets_do_not_touch_each_other),
		cmocka_unit_test(an_invitation_is_good_once_and_for_a_time),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
