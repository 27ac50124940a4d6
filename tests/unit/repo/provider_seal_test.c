/* provider_seal_test.c: a provider's secrets, sealed for its own row. */

#include "repo/provider_seal.h"

#include "../unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct secret_ring
a_ring(struct arena *arena)
{
	char path[] = "/tmp/lamplight-seal-test.XXXXXX";
	struct secret_ring ring;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(remove(path), 0); /* loading creates it */
	assert_int_equal(secret_load(arena, path, &ring), OK);
	assert_int_equal(remove(path), 0);
	return ring;
}

static void
what_is_sealed_is_for_its_own_row(void **state)
{
	struct arena arena = ARENA_INIT;
	struct secret_ring ring = a_ring(&arena), other = a_ring(&arena);
	struct provider_row row = { .id = 1 }, thief = { .id = 2 };
	struct provider_secrets secrets = { .key = span_of("sk-0123456789wxyz"),
		.headers = span_of("{\"X-Key\":\"canary\"}") };

	(void)state;
	provider_seal(&ring, &arena, &secrets, &row);
	assert_null(memmem(row.key_sealed.data, row.key_sealed.len, "sk-", 3));
	assert_null(memmem(
		row.headers_sealed.data, row.headers_sealed.len, "canary", 6));
	secrets = (struct provider_secrets){ 0 };
	assert_int_equal(provider_open(&ring, &arena, &row, &secrets), OK);
	assert_true(span_is(secrets.key, "sk-0123456789wxyz"));
	assert_true(span_is(secrets.headers, "{\"X-Key\":\"canary\"}"));
	assert_int_equal(
		provider_open(&other, &arena, &row, &secrets), ERR_INTERNAL);
	thief.key_sealed = row.key_sealed;
	assert_int_equal(
		provider_open(&ring, &arena, &thief, &secrets), ERR_INTERNAL);
	thief.key_sealed = row.headers_sealed;
	thief.id = 1; /* nor can headers be opened as a key */
	assert_int_equal(
		provider_open(&ring, &arena, &thief, &secrets), ERR_INTERNAL);
	arena_reset(&arena);
}

static void
people_see_the_end_of_a_long_key(void **state)
{
	struct arena arena = ARENA_INIT;
	struct secret_ring ring = a_ring(&arena);
	struct provider_secrets secrets = { .key = span_of(
						    "0123456789abcdef") };
	struct provider_row row = { .id = 1 };

	(void)state;
	provider_seal(&ring, &arena, &secrets, &row);
	assert_string_equal(row.key_tail, "cdef");
	secrets.key.len--;
	provider_seal(&ring, &arena, &secrets, &row);
	assert_string_equal(row.key_tail, "");
	assert_non_null(row.key_sealed.data);
	secrets = (struct provider_secrets){ 0 };
	provider_seal(&ring, &arena, &secrets, &row);
	assert_null(row.key_sealed.data);
	assert_null(row.headers_sealed.data);
	assert_int_equal(provider_open(&ring, &arena, &row, &secrets), OK);
	assert_null(secrets.key.data);
	assert_null(secrets.headers.data);
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_sealed_is_for_its_own_row),
		cmocka_unit_test(people_see_the_end_of_a_long_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
