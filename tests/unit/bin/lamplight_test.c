/* lamplight_test.c: runs the operator's command as an operator does. */

#include "../unit.h"
#include "auth/password.h"
#include "auth/seal.h"
#include "auth/token.h"
#include "base/buf.h"
#include "base/clock.h"
#include "command.h"
#include "repo/ended.h"
#include "repo/factor.h"
#include "repo/invite.h"
#include "repo/login.h"
#include "repo/schema.h"
#include "repo/user.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct arena arena;
static struct conf conf;
static struct db *db;
static struct login_live live;
static char name[32]; /* an account that no other run uses */

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
	snprintf(name, sizeof(name), "user%d", (int)getpid());
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	db_free(db);
	buf_free(&said);
	arena_reset(&arena);
	return 0;
}

static void
migrates_and_checks(void **state)
{
	(void)state;
	assert_int_equal(lamplight("migrate", ""), 0);
	assert_said("The database is at version");
	assert_int_equal(lamplight("check", ""), 0);
	assert_said("Configuration: no mistakes found.");
	assert_said("Database: answers.");
	assert_said("Schema: version");
	assert_int_equal(schema_check(db, "test"), OK);
}

static void
says_what_is_wrong(void **state)
{
	(void)state;
	setenv("LAMPLIGHT_DB_PORT", "many", 1);
	assert_int_equal(lamplight("check", ""), 1);
	assert_said("key=db.port");
	unsetenv("LAMPLIGHT_DB_PORT");

	setenv("LAMPLIGHT_SQL_DIR", "/nowhere", 1);
	assert_int_equal(lamplight("migrate", ""), 1);
	assert_said("/nowhere: No such file or directory.");
	setenv("LAMPLIGHT_SQL_DIR", "sql", 1);

	setenv("LAMPLIGHT_DB_SOCKET", "/nowhere/mysql.sock", 1);
	assert_int_equal(lamplight("migrate", ""), 1);
	assert_said("There is no database server at db.socket");
	assert_int_equal(lamplight("check", ""), 1);
	assert_said("There is no database server at db.socket");
	assert_int_equal(lamplight("user add someone", "long enough"), 1);
	assert_said("There is no database server at db.socket");
	setenv("LAMPLIGHT_DB_SOCKET", conf.db.socket, 1);

	setenv("LAMPLIGHT_DB_PASSWORD", "wrong", 1);
	assert_int_equal(lamplight("migrate", ""), 1);
	assert_said("refuses db.user or db.password");
	unsetenv("LAMPLIGHT_DB_PASSWORD");
}

static struct user
find_user(void)
{
	struct user user;

	assert_int_equal(user_find_name(db, &arena, name, &user), OK);
	return user;
}

static void
adds_an_account(void **state)
{
	char *add = arena_printf(&arena, "user add %s", name);

	(void)state;
	assert_int_equal(lamplight(add, "first password\n"), 0);
	assert_said("can log in");
	assert_true(password_verify(
		find_user().password_hash, span_of("first password")));
	assert_int_equal(lamplight(add, "another password"), 1);
	assert_said("This username is taken.");
	assert_true(password_verify(
		find_user().password_hash, span_of("first password")));
}

static void
changes_a_password_and_ends_the_logins(void **state)
{
	char *set = arena_printf(&arena, "user password %s", name);
	struct login login = { .id = 1,
		.user_id = find_user().id,
		.expire_ms = INT64_C(4000000000000),
		.hash = span_of("0123456789abcdef0123456789abcde!"),
		.agent = "" };

	(void)state;
	assert_int_equal(login_insert(db, &login), OK);
	assert_int_equal(lamplight(set, "second password"), 0);
	assert_true(password_verify(
		find_user().password_hash, span_of("second password")));
	assert_false(password_verify(
		find_user().password_hash, span_of("first password")));
	assert_int_equal(
		login_live(db, &arena, login.id, login.user_id, 0, &live),
		ERR_NOT_FOUND);
	assert_int_equal(
		lamplight("user password no.such.user", "long enough"), 1);
	assert_said("There is no such user.");
}

static void
shuts_a_user_out_and_lets_in_again(void **state)
{
	uint64_t id = find_user().id;
	struct login login = { .id = 2,
		.user_id = id,
		.expire_ms = INT64_C(4000000000000),
		.hash = span_of("0123456789abcdef0123456789abcde?"),
		.agent = "" };

	(void)state;
	assert_int_equal(login_insert(db, &login), OK);
	assert_int_equal(
		lamplight(arena_printf(&arena, "user logout %s", name), ""), 0);
	assert_int_equal(
		login_live(db, &arena, login.id, id, 0, &live), ERR_NOT_FOUND);
	assert_int_not_equal(find_user().valid_from_ms, 0);
	assert_int_equal(find_user().disable_ms, 0);
	assert_int_equal(
		lamplight(arena_printf(&arena, "user disable %s", name), ""),
		0);
	assert_int_not_equal(find_user().disable_ms, 0);
	assert_int_equal(lamplight("user list", ""), 0);
	assert_said(arena_printf(&arena, "disabled  no factor  %s", name));
	assert_int_equal(
		lamplight(arena_printf(&arena, "user enable %s", name), ""), 0);
	assert_int_equal(find_user().disable_ms, 0);
}

static void
knows_a_sites_user_by_the_subject(void **state)
{
	struct span subject = span_of("a customer");
	struct user user;

	(void)state;
	assert_int_equal(
		user_of_subject(db, &arena, subject, 77, 1000, &user), OK);
	assert_int_equal(lamplight("user disable \"a customer\"", ""), 0);
	assert_int_equal(user_find_subject(db, &arena, subject, &user), OK);
	assert_int_not_equal(user.disable_ms, 0);
	assert_int_equal(lamplight("user password \"a customer\"", "x"), 1);
	assert_int_equal(lamplight("user delete \"a customer\"", ""), 0);
	assert_int_equal(
		user_find_subject(db, &arena, subject, &user), ERR_NOT_FOUND);
	assert_int_equal(lamplight("user disable \"a customer\"", ""), 1);
	assert_said("There is no such user.");
}

static void
lets_a_deleted_user_of_the_sites_come_back(void **state)
{
	struct span subject = span_of("gone for good");
	struct ended ended;
	struct user user;

	(void)state;
	assert_int_equal(lamplight("user allow \"gone for good\"", ""), 1);
	assert_said("No user with this subject was deleted.");
	assert_int_equal(
		user_of_subject(db, &arena, subject, 79, 1000, &user), OK);
	assert_int_equal(lamplight("user delete \"gone for good\"", ""), 0);
	assert_said("lamplight user allow gone for good");
	assert_int_equal(ended_find(db, &arena, subject, &ended), OK);
	assert_false(ended.allowed);
	assert_true(clock_wall_ms() - ended.valid_from_ms < 60000);
	assert_int_equal(lamplight("user allow \"gone for good\"", ""), 0);
	assert_int_equal(ended_find(db, &arena, subject, &ended), OK);
	assert_true(ended.allowed);
	assert_int_equal(
		user_of_subject(db, &arena, subject, 80, 1000, &user), OK);
	assert_int_equal(lamplight("user delete \"gone for good\"", ""), 0);
	assert_int_equal(ended_find(db, &arena, subject, &ended), OK);
	assert_false(ended.allowed);
}

/* Deleting the factor removes what is shown for the login. */
static void
takes_a_factor_from_whoever_has_lost_it(void **state)
{
	uint64_t id = find_user().id;
	struct factor factor = {
		.id = 6, .user_id = id, .sealed = span_of("x")
	};
	struct login login = { .id = 3,
		.user_id = id,
		.expire_ms = INT64_C(4000000000000),
		.hash = span_of("0123456789abcdef0123456789abcde."),
		.second_ms = 1000,
		.agent = "" };

	(void)state;
	assert_int_equal(factor_enrol(db, &arena, &factor, 1000), OK);
	assert_int_equal(factor_confirm(db, factor.id, 1, 1000), OK);
	assert_int_equal(login_insert(db, &login), OK);
	assert_int_equal(lamplight("user list", ""), 0);
	assert_said(arena_printf(&arena, "open      factor     %s", name));
	assert_int_equal(login_live(db, &arena, login.id, id, 0, &live), OK);
	assert_true(live.second);
	assert_int_equal(
		lamplight(arena_printf(&arena, "user no-factor %s", name), ""),
		0);
	assert_said("now logs in with the password only.");
	assert_int_equal(login_live(db, &arena, login.id, id, 0, &live), OK);
	assert_false(live.second);
	assert_int_equal(lamplight("user list", ""), 0);
	assert_said(arena_printf(&arena, "open      no factor  %s", name));
}

/* A site's users may have chosen their own names. */
static void
lists_each_user_in_one_plain_line(void **state)
{
	struct span subject =
		span_of("x\n1  2026-01-01  open      root\033[2J");
	struct user user;

	(void)state;
	assert_int_equal(
		user_of_subject(db, &arena, subject, 78, 1000, &user), OK);
	assert_int_equal(lamplight("user list", ""), 0);
	assert_said("open      -          x\\x0a1  2026-01-01  open      "
		    "root\\x1b[2J  "
		    "(the site's)");
	assert_int_equal(user_delete(db, user.id), OK);
}

static void
prints_a_valid_invitation(void **state)
{
	const char *code;
	char hash[TOKEN_HASH_LEN];
	struct span found = { hash, sizeof(hash) };

	(void)state;
	assert_int_equal(lamplight("user invite", ""), 0);
	assert_said("/#invite=");
	code = strstr(buf_str(&said), "Code: ");
	assert_non_null(code);
	token_hash((struct span){ code + 6, TOKEN_LEN }, hash);
	assert_int_equal(invite_live(db, &arena, found, clock_wall_ms()), OK);
	assert_int_equal(
		invite_take(db, found, clock_wall_ms() + INT64_C(8) * 86400000),
		ERR_NOT_FOUND);
}

static void
deletes_an_account(void **state)
{
	struct user user;

	(void)state;
	assert_int_equal(
		lamplight(arena_printf(&arena, "user delete %s", name), ""), 0);
	assert_int_equal(
		user_find_name(db, &arena, name, &user), ERR_NOT_FOUND);
}

static void
takes_no_unfit_name_or_password(void **state)
{
	static const struct {
		const char *name, *said;
	} names[] = {
		{ "ab", "A username needs at least 2 characters" },
		{ "'a b c'", "A username can contain only letters, digits" },
		{ "'a/b/c'", "A username can contain only letters, digits" },
		{ "\"$(printf '%065d' 0)\"",
			"A username can have at most 64 characters." },
	};
	static const char *const passwords[] = { "", "\n", "1234567",
		"1234567\nmore than enough" };
	char *long_password = arena_printf(&arena, "%01025d", 1);

	(void)state;
	for (size_t i = 0; i < LENGTH(names); i++) {
		assert_int_equal(lamplight(arena_printf(&arena, "user add %s",
						   names[i].name),
					 "long enough"),
			1);
		assert_said(names[i].said);
	}
	for (size_t i = 0; i < LENGTH(passwords); i++) {
		assert_int_equal(
			lamplight("user add unfit.password", passwords[i]), 1);
		assert_said("A password is one line of UTF-8 of at least 8 "
			    "characters, and at most 1024 bytes.");
	}
	assert_int_equal(
		lamplight("user add unfit.password", long_password), 1);
	assert_said("A password is one line of UTF-8 of at least 8 "
		    "characters, and at most 1024 bytes.");
	assert_int_equal(
		lamplight("user add fit.password", long_password + 1), 0);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(migrates_and_checks),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test(adds_an_account),
		cmocka_unit_test(changes_a_password_and_ends_the_logins),
		cmocka_unit_test(shuts_a_user_out_and_lets_in_again),
		cmocka_unit_test(knows_a_sites_user_by_the_subject),
		cmocka_unit_test(prints_a_valid_invitation),
		cmocka_unit_test(lets_a_deleted_user_of_the_sites_come_back),
		cmocka_unit_test(takes_a_factor_from_whoever_has_lost_it),
		cmocka_unit_test(lists_each_user_in_one_plain_line),
		cmocka_unit_test(deletes_an_account),
		cmocka_unit_test(takes_no_unfit_name_or_password),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
