/* refresh_test.c: refresh tokens and their parts. */

#include "auth/refresh.h"

#include "../unit.h"
#include "auth/secret.h"
#include "auth/token.h"

#include <string.h>

#define KEY                                            \
	{                                              \
		"0123456789abcdef0123456789abcdef", 32 \
	}

static void
a_refresh_token_names_its_login(void **state)
{
	char first[REFRESH_LEN + 1], next[REFRESH_LEN + 1];
	char again[REFRESH_LEN + 1];
	struct refresh a, b;
	const struct secret_key key = { .secret = KEY };

	(void)state;
	refresh_new(UINT64_MAX, first);
	refresh_next(&key, UINT64_MAX, first, next);
	refresh_next(&key, UINT64_MAX, first, again);
	assert_string_equal(next, again);
	assert_string_not_equal(first, next);
	assert_true(refresh_read(first, &a));
	assert_true(refresh_read(next, &b));
	assert_true(a.login_id == UINT64_MAX && b.login_id == UINT64_MAX);
	assert_memory_equal(a.family_hash, b.family_hash, TOKEN_HASH_LEN);
	assert_memory_not_equal(a.hash, b.hash, TOKEN_HASH_LEN);
}

static void
an_old_token_gets_a_family(void **state)
{
	char old[TOKEN_LEN + 1], next[REFRESH_LEN + 1];
	const struct secret_key key = { .secret = KEY };
	struct refresh parts;

	(void)state;
	token_new(old);
	assert_true(refresh_read(old, &parts));
	assert_int_equal(parts.login_id, 0);
	refresh_next(&key, 7, old, next);
	assert_true(refresh_read(next, &parts));
	assert_int_equal(parts.login_id, 7);
}

static void
other_texts_are_no_refresh_tokens(void **state)
{
	static const char *const texts[] = { ".", "1.", "1.a", "0.a.b",
		"x.0123456789012345678901234567890123456789012.a",
		"0.0123456789012345678901234567890123456789012.a",
		"-1.0123456789012345678901234567890123456789012.a",
		"1.012345678901234567890123456789012345678901.a",
		"18446744073709551616."
		"0123456789012345678901234567890123456789012.a" };
	char huge[REFRESH_LEN + 2];
	struct refresh parts;

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_false(refresh_read(texts[i], &parts));
	memset(huge, 'a', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	assert_false(refresh_read(huge, &parts));
}

static void
tokens_differ_and_hash_alike(void **state)
{
	char a[TOKEN_LEN + 1], b[TOKEN_LEN + 1];
	char x[TOKEN_HASH_LEN], y[TOKEN_HASH_LEN];

	(void)state;
	token_new(a);
	token_new(b);
	assert_int_equal(strlen(a), TOKEN_LEN);
	assert_string_not_equal(a, b);
	token_hash(span_of(a), x);
	token_hash(span_of(a), y);
	assert_memory_equal(x, y, TOKEN_HASH_LEN);
	token_hash(span_of(b), y);
	assert_memory_not_equal(x, y, TOKEN_HASH_LEN);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refresh_token_names_its_login),
		cmocka_unit_test(an_old_token_gets_a_family),
		cmocka_unit_test(other_texts_are_no_refresh_tokens),
		cmocka_unit_test(tokens_differ_and_hash_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
