/* login_test.c: refresh tokens in their row, and counted tries. */

#include "repo/login.h"

#include "../unit.h"
#include "repo/throttle.h"
#include "testdb.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1750000000123)
#define HOUR_MS INT64_C(3600000)
#define THREADS 8

/* A hash as good as any: 32 bytes that no other test has. */
static struct span
new_hash(struct testdb *t)
{
	char *bytes = arena_alloc(&t->arena, 32);
	uint64_t id = testdb_id();

	memcpy(bytes + 5, &id, sizeof(id));
	bytes[31] = ' '; /* must not be lost at the end */
	return (struct span){ bytes, 32 };
}

static struct login
make(struct testdb *t, struct span hash)
{
	struct login login = { testdb_id(), testdb_id(), NOW, NOW + HOUR_MS };

	assert_int_equal(login_insert(t->db, &login, hash), OK);
	return login;
}

static enum err
live(struct testdb *t, const struct login *login, int64_t now_ms)
{
	return login_live(t->db, &t->arena, login->id, login->user_id, now_ms);
}

static enum err
rotate(struct testdb *t, struct span hash, struct span next, int64_t now_ms,
	struct login *out)
{
	*out = (struct login){ .rotate_ms = now_ms,
		.expire_ms = now_ms + HOUR_MS };
	return login_rotate(t->db, &t->arena, hash, next, out);
}

static void
a_login_lives_until_it_ends(void **state)
{
	struct testdb *t = *state;
	struct login login = make(t, new_hash(t)), other = login;

	assert_int_equal(live(t, &login, NOW), OK);
	assert_int_equal(live(t, &login, NOW + HOUR_MS - 1), OK);
	assert_int_equal(live(t, &login, NOW + HOUR_MS), ERR_NOT_FOUND);
	other.user_id++;
	assert_int_equal(live(t, &other, NOW), ERR_NOT_FOUND);
	assert_int_equal(login_delete(t->db, login.id), OK);
	assert_int_equal(live(t, &login, NOW), ERR_NOT_FOUND);
	assert_int_equal(login_delete(t->db, login.id), OK);
}

static void
a_rotation_exchanges_the_token(void **state)
{
	struct testdb *t = *state;
	struct span first = new_hash(t), second = new_hash(t);
	struct span third = new_hash(t);
	struct login login = make(t, first), got;

	assert_int_equal(rotate(t, first, second, NOW + 1000, &got), OK);
	assert_int_equal(got.id, login.id);
	assert_int_equal(got.user_id, login.user_id);
	assert_int_equal(got.rotate_ms, NOW + 1000);
	assert_int_equal(got.expire_ms, NOW + 1000 + HOUR_MS);
	assert_int_equal(
		rotate(t, first, third, NOW + 2000, &got), ERR_NOT_FOUND);
	assert_int_equal(
		login_find_previous(t->db, &t->arena, first, NOW + 2000, &got),
		OK);
	assert_int_equal(got.id, login.id);
	assert_int_equal(rotate(t, second, third, NOW + 3000, &got), OK);
	assert_int_equal(
		login_find_previous(t->db, &t->arena, first, NOW + 3000, &got),
		ERR_NOT_FOUND);
}

static void
a_login_that_is_over_is_not_renewed(void **state)
{
	struct testdb *t = *state;
	struct span first = new_hash(t), second = new_hash(t);
	struct login got;

	make(t, first);
	assert_int_equal(
		rotate(t, first, second, NOW + HOUR_MS, &got), ERR_NOT_FOUND);
	assert_int_equal(rotate(t, first, second, NOW + HOUR_MS - 1, &got), OK);
	assert_int_equal(login_find_previous(t->db, &t->arena, first,
				 NOW + 2 * HOUR_MS, &got),
		ERR_NOT_FOUND);
}

static void
a_login_is_found_by_either_token(void **state)
{
	struct testdb *t = *state;
	struct span first = new_hash(t), second = new_hash(t);
	struct login login = make(t, first), got;

	assert_int_equal(rotate(t, first, second, NOW, &got), OK);
	assert_int_equal(login_find(t->db, &t->arena, first, &got), OK);
	assert_int_equal(got.id, login.id);
	assert_int_equal(login_find(t->db, &t->arena, second, &got), OK);
	assert_int_equal(got.id, login.id);
	assert_int_equal(
		login_find(t->db, &t->arena, new_hash(t), &got), ERR_NOT_FOUND);
}

static void
only_what_is_over_is_swept(void **state)
{
	struct testdb *t = *state;
	struct login old = make(t, new_hash(t)), now;

	now = (struct login){ testdb_id(), testdb_id(), NOW,
		NOW + 2 * HOUR_MS };
	assert_int_equal(login_insert(t->db, &now, new_hash(t)), OK);
	assert_int_equal(login_sweep(t->db, NOW + HOUR_MS), OK);
	assert_int_equal(testdb_number(t,
				 "SELECT COUNT(*) FROM login"
				 " WHERE id = ?",
				 old.id),
		0);
	assert_int_equal(live(t, &now, NOW), OK);
}

/* ---- */

struct racer {
	pthread_t thread;
	const struct testdb *t;
	struct span hash, next;
	pthread_barrier_t *start;
	struct login got;
	enum err err;
};

static void *
race(void *arg)
{
	struct racer *racer = arg;
	struct arena arena = ARENA_INIT;
	struct db *db = db_new(&racer->t->conf.db);

	racer->err = login_live(db, &arena, 1, 1, NOW); /* connects */
	pthread_barrier_wait(racer->start);
	racer->got.rotate_ms = NOW;
	racer->got.expire_ms = NOW + HOUR_MS;
	racer->err =
		login_rotate(db, &arena, racer->hash, racer->next, &racer->got);
	db_free(db);
	arena_reset(&arena);
	return NULL;
}

static void
of_many_rotations_at_once_one_succeeds(void **state)
{
	struct racer racers[THREADS];
	struct testdb *t = *state;
	struct span hash = new_hash(t);
	pthread_barrier_t start;
	unsigned won = 0;

	make(t, hash);
	pthread_barrier_init(&start, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		racers[i] = (struct racer){ .t = t,
			.hash = hash,
			.next = new_hash(t),
			.start = &start };
		pthread_create(&racers[i].thread, NULL, race, &racers[i]);
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(racers[i].thread, NULL);
		won += racers[i].err == OK;
		assert_true(
			racers[i].err == OK || racers[i].err == ERR_NOT_FOUND);
	}
	pthread_barrier_destroy(&start);
	assert_int_equal(won, 1);
}

/* ---- counted tries */

static struct throttle
bucket(struct testdb *t)
{
	return (struct throttle){ new_hash(t), 3, 60000 };
}

static enum err
try_at(struct testdb *t, const struct throttle *throttle, int64_t now_ms,
	int64_t *wait_ms)
{
	return throttle_try(t->db, &t->arena, throttle, now_ms, wait_ms);
}

static void
tries_above_the_limit_wait_for_the_window(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);
	int64_t wait_ms;

	for (int i = 0; i < 3; i++)
		assert_int_equal(
			try_at(t, &throttle, NOW + i * 1000, &wait_ms), OK);
	assert_int_equal(
		try_at(t, &throttle, NOW + 4000, &wait_ms), ERR_THROTTLED);
	assert_int_equal(wait_ms, 56000);
	assert_int_equal(
		try_at(t, &throttle, NOW + 59999, &wait_ms), ERR_THROTTLED);
	assert_int_equal(wait_ms, 1);
	assert_int_equal(try_at(t, &throttle, NOW + 60000, &wait_ms), OK);
	assert_int_equal(wait_ms, 60000);
}

static void
a_success_gives_tries_back(void **state)
{
	struct testdb *t = *state;
	struct throttle throttle = bucket(t);
	int64_t wait_ms;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(try_at(t, &throttle, NOW, &wait_ms), OK);
		assert_int_equal(throttle_undo(t->db, throttle.bucket), OK);
	}
	for (int i = 0; i < 3; i++)
		assert_int_equal(try_at(t, &throttle, NOW, &wait_ms), OK);
	assert_int_equal(try_at(t, &throttle, NOW, &wait_ms), ERR_THROTTLED);
	assert_int_equal(throttle_clear(t->db, throttle.bucket), OK);
	assert_int_equal(try_at(t, &throttle, NOW, &wait_ms), OK);
	assert_int_equal(throttle_undo(t->db, throttle.bucket), OK);
	assert_int_equal(throttle_undo(t->db, throttle.bucket), OK);
	assert_int_equal(try_at(t, &throttle, NOW, &wait_ms), OK);
}

static void
buckets_do_not_touch_each_other(void **state)
{
	struct testdb *t = *state;
	struct throttle full = bucket(t), other = bucket(t);
	int64_t wait_ms;

	for (int i = 0; i < 3; i++)
		assert_int_equal(try_at(t, &full, NOW, &wait_ms), OK);
	assert_int_equal(try_at(t, &full, NOW, &wait_ms), ERR_THROTTLED);
	assert_int_equal(try_at(t, &other, NOW, &wait_ms), OK);
	assert_int_equal(throttle_sweep(t->db, NOW + 59999), OK);
	assert_int_equal(try_at(t, &full, NOW, &wait_ms), ERR_THROTTLED);
	assert_int_equal(throttle_sweep(t->db, NOW + 60000), OK);
	assert_int_equal(try_at(t, &full, NOW, &wait_ms), OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_lives_until_it_ends),
		cmocka_unit_test(a_rotation_exchanges_the_token),
		cmocka_unit_test(a_login_that_is_over_is_not_renewed),
		cmocka_unit_test(a_login_is_found_by_either_token),
		cmocka_unit_test(only_what_is_over_is_swept),
		cmocka_unit_test(of_many_rotations_at_once_one_succeeds),
		cmocka_unit_test(tries_above_the_limit_wait_for_the_window),
		cmocka_unit_test(a_success_gives_tries_back),
		cmocka_unit_test(buckets_do_not_touch_each_other),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
