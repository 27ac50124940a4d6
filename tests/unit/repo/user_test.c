/* user_test.c: accounts, and users with site tokens. */

#include "repo/user.h"

#include "../unit.h"
#include "testdb.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define NOW INT64_C(1750000000123)
#define THREADS 8

static struct user
named(struct testdb *t, uint64_t id, const char *name)
{
	struct user user = { .id = id, .password_hash = "a hash" };

	assert_true(user_name(&t->arena, span_of(name), &user));
	return user;
}

static struct user
account(struct testdb *t)
{
	uint64_t id = testdb_id();

	return named(t, id, arena_printf(&t->arena, "Ann.%" PRIu64, id));
}

static void
an_account_is_found_again(void **state)
{
	struct testdb *t = *state;
	struct user user = account(t), found;

	assert_int_equal(user_insert(t->db, &user, NOW), OK);
	assert_int_equal(user_find(t->db, &t->arena, user.id, &found), OK);
	assert_string_equal(found.username, user.username);
	assert_string_equal(found.password_hash, "a hash");
	assert_null(found.subject);
	assert_int_equal(
		user_find_name(t->db, &t->arena, user.username, &found), OK);
	assert_int_equal(found.id, user.id);
}

static void
nobody_is_found_by_what_is_not_there(void **state)
{
	struct testdb *t = *state;
	struct user found;

	assert_int_equal(user_find(t->db, &t->arena, testdb_id(), &found),
		ERR_NOT_FOUND);
	assert_int_equal(
		user_find_name(t->db, &t->arena, "nobody.at.all", &found),
		ERR_NOT_FOUND);
	assert_int_equal(user_find_subject(t->db, &t->arena,
				 span_of("nobody at all"), &found),
		ERR_NOT_FOUND);
}

static void
a_name_is_taken_in_any_case(void **state)
{
	struct testdb *t = *state;
	struct user first = account(t), second, found;
	char *upper =
		arena_str(&t->arena, first.username, strlen(first.username));

	memcpy(upper, "aNN", 3);
	second = named(t, testdb_id(), upper);
	assert_int_equal(user_insert(t->db, &first, NOW), OK);
	assert_int_equal(user_insert(t->db, &second, NOW), ERR_CONFLICT);
	assert_int_equal(user_find_name(t->db, &t->arena, upper, &found), OK);
	assert_int_equal(found.id, first.id);
	assert_string_equal(found.username, first.username);
}

static void
a_new_password_replaces_the_old(void **state)
{
	struct testdb *t = *state;
	struct user user = account(t), found;

	assert_int_equal(user_insert(t->db, &user, NOW), OK);
	assert_int_equal(
		user_set_password(t->db, user.id, "another", NOW + 1), OK);
	assert_int_equal(user_find(t->db, &t->arena, user.id, &found), OK);
	assert_string_equal(found.password_hash, "another");
}

static void
states_are_kept(void **state)
{
	struct testdb *t = *state;
	struct user user = account(t), found;

	assert_int_equal(user_insert(t->db, &user, NOW), OK);
	assert_int_equal(user_find(t->db, &t->arena, user.id, &found), OK);
	assert_int_equal(found.create_ms, NOW);
	assert_int_equal(found.disable_ms, 0);
	assert_int_equal(found.valid_from_ms, 0);
	assert_int_equal(
		user_set_disabled(t->db, user.id, NOW + 1, NOW + 1), OK);
	assert_int_equal(
		user_set_valid_from(t->db, user.id, NOW + 2, NOW + 2), OK);
	assert_int_equal(user_find(t->db, &t->arena, user.id, &found), OK);
	assert_int_equal(found.disable_ms, NOW + 1);
	assert_int_equal(found.valid_from_ms, NOW + 2);
	assert_int_equal(user_set_disabled(t->db, user.id, 0, NOW + 3), OK);
	assert_int_equal(user_find(t->db, &t->arena, user.id, &found), OK);
	assert_int_equal(found.disable_ms, 0);
}

static void
they_are_listed_in_pieces(void **state)
{
	struct testdb *t = *state;
	struct user users[3];
	struct user_list found;

	for (int i = 0; i < 3; i++) {
		users[i] = account(t);
		assert_int_equal(user_insert(t->db, &users[i], NOW), OK);
	}
	assert_int_equal(
		user_list(t->db, &t->arena, users[0].id - 1, 2, &found), OK);
	assert_int_equal(found.n, 2);
	assert_int_equal(found.list[1].id, users[1].id);
	assert_int_equal(
		user_list(t->db, &t->arena, users[1].id, 2, &found), OK);
	assert_int_equal(found.list[0].id, users[2].id);
}

static void
a_subject_has_one_user(void **state)
{
	struct testdb *t = *state;
	uint64_t id = testdb_id();
	struct span subject =
		span_of(arena_printf(&t->arena, "site|%" PRIu64, id));
	struct user found, first, second;

	assert_int_equal(
		user_of_subject(t->db, &t->arena, subject, id, NOW, &first),
		OK);
	assert_int_equal(first.id, id);
	assert_int_equal(user_of_subject(t->db, &t->arena, subject, testdb_id(),
				 NOW, &second),
		OK);
	assert_int_equal(second.id, id);
	assert_int_equal(user_find(t->db, &t->arena, id, &found), OK);
	assert_null(found.username);
	assert_null(found.password_hash);
	assert_string_equal(found.subject, subject.data);
}

/* 'ann' and 'ann ' are equal in utf8mb4_bin, 'ann' and 'Ann' in other
 * collations. */
static void
subjects_are_compared_byte_by_byte(void **state)
{
	static const char *const endings[] = { "", " ", "A", "a", "\xc3\xa4",
		"\xc3\x84", "a\xcc\x88" };
	struct testdb *t = *state;
	uint64_t base = testdb_id();

	for (size_t i = 0; i < LENGTH(endings); i++) {
		uint64_t id = testdb_id();
		struct user got;
		struct span subject = span_of(arena_printf(
			&t->arena, "bytes|%" PRIu64 "%s", base, endings[i]));

		assert_int_equal(user_of_subject(t->db, &t->arena, subject, id,
					 NOW, &got),
			OK);
		assert_int_equal(got.id, id);
	}
}

struct racer {
	pthread_t thread;
	const struct testdb *t;
	struct span subject;
	pthread_barrier_t *start;
	struct user got;
	enum err err;
};

static void *
race(void *arg)
{
	struct racer *racer = arg;
	struct arena arena = ARENA_INIT;
	struct db *db = db_new(&racer->t->conf.db);
	struct user nothing;

	/* connects */
	racer->err = user_find_subject(db, &arena, span_of("x"), &nothing);
	pthread_barrier_wait(racer->start);
	racer->err = user_of_subject(
		db, &arena, racer->subject, testdb_id(), NOW, &racer->got);
	db_free(db);
	arena_reset(&arena);
	return NULL;
}

static void
many_at_once_make_one_user_of_a_subject(void **state)
{
	struct racer racers[THREADS];
	struct testdb *t = *state;
	pthread_barrier_t start;

	for (int round = 0; round < 10; round++) {
		struct span subject = span_of(
			arena_printf(&t->arena, "race|%" PRIu64, testdb_id()));

		pthread_barrier_init(&start, NULL, THREADS);
		for (int i = 0; i < THREADS; i++) {
			racers[i] = (struct racer){
				.t = t, .subject = subject, .start = &start
			};
			pthread_create(
				&racers[i].thread, NULL, race, &racers[i]);
		}
		for (int i = 0; i < THREADS; i++)
			pthread_join(racers[i].thread, NULL);
		pthread_barrier_destroy(&start);
		for (int i = 0; i < THREADS; i++) {
			assert_int_equal(racers[i].err, OK);
			assert_int_equal(racers[i].got.id, racers[0].got.id);
		}
	}
}

static void
names_of_all_scripts_are_kept_as_they_were_typed(void **state)
{
	static const char *const same[][2] = {
		{ "\u738b\u5c0f\u660e", "\u738b\u5c0f\u660e" },
		{ "J\u00fcrgen", "JU\u0308RGEN" },
		{ "\u041e\u043b\u044c\u0433\u0430",
			"\u043e\u043b\u044c\u0433\u0430" },
		{ "ann.ocean", "ANN.OCEAN" },
	};
	struct testdb *t = *state;
	struct user found;

	for (size_t i = 0; i < LENGTH(same); i++) {
		uint64_t id = testdb_id();
		struct user user = named(t, id, same[i][0]);
		struct user second = named(t, testdb_id(), same[i][1]);

		assert_int_equal(user_insert(t->db, &user, NOW), OK);
		assert_int_equal(
			user_insert(t->db, &second, NOW), ERR_CONFLICT);
		assert_int_equal(
			user_find_name(t->db, &t->arena, same[i][1], &found),
			OK);
		assert_int_equal(found.id, id);
		assert_string_equal(found.username, same[i][0]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_found_again),
		cmocka_unit_test(nobody_is_found_by_what_is_not_there),
		cmocka_unit_test(a_name_is_taken_in_any_case),
		cmocka_unit_test(a_new_password_replaces_the_old),
		cmocka_unit_test(states_are_kept),
		cmocka_unit_test(they_are_listed_in_pieces),
		cmocka_unit_test(a_subject_has_one_user),
		cmocka_unit_test(subjects_are_compared_byte_by_byte),
		cmocka_unit_test(many_at_once_make_one_user_of_a_subject),
		cmocka_unit_test(
			names_of_all_scripts_are_kept_as_they_were_typed),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
