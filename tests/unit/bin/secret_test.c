/* secret_test.c: runs `lamplight secret rotate` as an operator does. */

#include "../unit.h"
#include "auth/seal.h"
#include "base/buf.h"
#include "command.h"
#include "repo/factor.h"
#include "repo/user.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct arena arena;
static struct conf conf;
static struct db *db;
static char name[32]; /* an account that no other run uses */
static const char *file; /* the secret file */

static int
lamplight(const char *arguments, const char *input)
{
	return command_run(&arena, arguments, input);
}

static int
setup(void **state)
{
	(void)state;
	if (conf_load(&arena, &conf) != OK)
		return -1;
	db = db_new(&conf.db);
	snprintf(name, sizeof(name), "secret%d", (int)getpid());
	if (lamplight("migrate", "") != 0)
		return -1;
	return lamplight(
		arena_printf(&arena, "user add %s", name), "a long password");
}

static int
teardown(void **state)
{
	(void)state;
	lamplight(arena_printf(&arena, "user delete %s", name), "");
	db_free(db);
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static struct user
find_user(void)
{
	struct user user;

	assert_int_equal(user_find_name(db, &arena, name, &user), OK);
	return user;
}

/* A secret file for this test. */
static int
open_secret(void **state)
{
	static char dir[32];

	strcpy(dir, "/tmp/lamplight_test.XXXXXX");
	*state = mkdtemp(dir);
	if (*state == NULL)
		return -1;
	file = arena_printf(&arena, "%s/secret", dir);
	if (setenv("LAMPLIGHT_AUTH_SECRET_FILE", file, 1) != 0)
		return -1;
	return command_seals(&arena);
}

static int
close_secret(void **state)
{
	unlink(file);
	rmdir(*state);
	unsetenv("LAMPLIGHT_AUTH_SECRET_FILE");
	return command_sealed_nothing(db);
}

static const char *
about_of(const struct factor *factor)
{
	return arena_printf(
		&arena, "totp %llu", (unsigned long long)factor->user_id);
}

/* Whether it is sealed under the file's current key. */
static void
enrol(struct factor *factor, const char *about)
{
	struct secret_ring ring;

	assert_int_equal(secret_load(&arena, file, &ring), OK);
	factor->sealed = seal(&ring, &arena, about, span_of("the secret"));
	assert_int_equal(factor_enrol(db, &arena, factor, 1000), OK);
}

/* A previous key opens what it has sealed, until that is sealed again. */
static void
puts_another_key_in_use(void **state)
{
	struct factor factor = { .id = 5, .user_id = find_user().id };
	const char *about = about_of(&factor);
	struct secret_ring after;
	struct span secret;

	(void)state;
	enrol(&factor, about);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(lamplight("secret rotate", ""), 0);
		assert_said("A new key is in use.");
	}
	assert_int_equal(secret_load(&arena, file, &after), OK);
	assert_int_equal(after.n, 4);
	assert_int_equal(factor_find(db, &arena, factor.user_id, &factor), OK);
	assert_true(seal_is_current(&after, factor.sealed));
	assert_int_equal(
		seal_open(&after, &arena, about, factor.sealed, &secret), OK);
	assert_true(span_is(secret, "the secret"));
	assert_int_equal(
		lamplight(arena_printf(&arena, "user no-factor %s", name), ""),
		0);
	assert_int_equal(factor_find(db, &arena, factor.user_id, &factor),
		ERR_NOT_FOUND);
}

/* Of two simultaneous rotations, each would drop the other's key, and what it
 * has sealed. */
static void
rotates_one_at_a_time(void **state)
{
	struct factor factor = { .id = 6, .user_id = find_user().id };
	const char *about = about_of(&factor);
	struct secret_ring after;
	struct span secret;
	const char *refused = NULL;
	int held;

	(void)state;
	enrol(&factor, about);
	assert_int_equal(secret_hold(&arena, file, &held, &refused), OK);
	assert_int_equal(lamplight("secret rotate", ""), 1);
	assert_said("somebody else is rotating it right now");
	close(held);
	lamplight(arena_printf(&arena,
			  "secret rotate & %s secret rotate & %s secret rotate "
			  "& wait",
			  command_program(), command_program()),
		"");
	assert_said("A new key is in use.");
	assert_int_equal(secret_load(&arena, file, &after), OK);
	assert_int_equal(factor_find(db, &arena, factor.user_id, &factor), OK);
	assert_int_equal(
		seal_open(&after, &arena, about, factor.sealed, &secret), OK);
}

/* A lost factor does not keep an old key in use. */
static void
rotates_around_what_cannot_be_read(void **state)
{
	(void)state;
	assert_int_equal(lamplight("secret rotate", ""), 0);
	assert_said(arena_printf(
		&arena, "lamplight user no-factor %s removes", name));
	assert_said("A new key is in use.");
	assert_int_equal(
		lamplight(arena_printf(&arena, "user no-factor %s", name), ""),
		0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			puts_another_key_in_use, open_secret, close_secret),
		cmocka_unit_test_setup_teardown(
			rotates_one_at_a_time, open_secret, close_secret),
		cmocka_unit_test_setup_teardown(
			rotates_around_what_cannot_be_read, open_secret,
			close_secret),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
