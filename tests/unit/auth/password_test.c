/* password_test.c: hashing, checking, and the cost of users who do not exist. */

#include "auth/password.h"

#include "../unit.h"

#include <sodium.h>
#include <string.h>

static int
setup(void **state)
{
	(void)state;
	return sodium_init();
}

static void
only_the_right_password_matches(void **state)
{
	char hash[PASSWORD_HASH_LEN];

	(void)state;
	assert_int_equal(password_hash(span_of("correct horse"), hash), OK);
	assert_true(password_verify(hash, span_of("correct horse")));
	assert_false(password_verify(hash, span_of("correct horsf")));
	assert_false(password_verify(hash, span_of("correct hors")));
	assert_false(password_verify(hash, span_of("")));
	assert_false(password_verify("", span_of("correct horse")));
	assert_false(password_verify("$argon2id$", span_of("correct horse")));
}

static void
two_hashes_of_one_password_differ(void **state)
{
	char a[PASSWORD_HASH_LEN], b[PASSWORD_HASH_LEN];

	(void)state;
	assert_int_equal(password_hash(span_of("correct horse"), a), OK);
	assert_int_equal(password_hash(span_of("correct horse"), b), OK);
	assert_string_not_equal(a, b);
}

static void
parameters_are_at_least_what_owasp_asks(void **state)
{
	char hash[PASSWORD_HASH_LEN];

	(void)state;
	assert_int_equal(password_hash(span_of("correct horse"), hash), OK);
	assert_ptr_equal(strstr(hash, "$argon2id$v=19$m=19456,t=2,p=1$"), hash);
	assert_false(password_outdated(hash));
}

static void
weaker_hashes_still_work_and_are_outdated(void **state)
{
	char old[PASSWORD_HASH_LEN];

	(void)state;
	assert_int_equal(crypto_pwhash_str_alg(old, "correct horse", 13, 1,
				 8192 * 1024, crypto_pwhash_ALG_ARGON2ID13),
		0);
	assert_true(password_verify(old, span_of("correct horse")));
	assert_true(password_outdated(old));
}

/* bcrypt would ignore what follows 72 bytes or a NUL. */
static void
every_byte_counts(void **state)
{
	char hash[PASSWORD_HASH_LEN], password[PASSWORD_MAX];
	struct span all = { password, sizeof(password) };

	(void)state;
	memset(password, 'x', sizeof(password));
	password[3] = '\0';
	assert_int_equal(password_hash(all, hash), OK);
	assert_true(password_verify(hash, all));
	assert_false(password_verify(
		hash, (struct span){ password, sizeof(password) - 1 }));
	password[sizeof(password) - 1] = 'y';
	assert_false(password_verify(hash, all));
}

/* The placeholder has the current parameters, so it takes as long as a real
 * hash. */
static void
an_unknown_user_costs_as_much_as_a_wrong_password(void **state)
{
	(void)state;
	assert_false(password_verify(NULL, span_of("correct horse")));
	assert_false(password_verify(NULL, span_of("")));
	assert_false(password_outdated(NULL));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_right_password_matches),
		cmocka_unit_test(two_hashes_of_one_password_differ),
		cmocka_unit_test(parameters_are_at_least_what_owasp_asks),
		cmocka_unit_test(weaker_hashes_still_work_and_are_outdated),
		cmocka_unit_test(every_byte_counts),
		cmocka_unit_test(
			an_unknown_user_costs_as_much_as_a_wrong_password),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
