/* doctor_test.c: which tokens the doctor's route accepts. */

#include "api/doctor.h"
#include "api/doctor_private.h"

#include "../unit.h"

#include <string.h>

#define NOW_S INT64_C(1790000000)
#define KEY_A                                          \
	{                                              \
		"0123456789abcdef0123456789abcdef", 32 \
	}
#define KEY_B                                          \
	{                                              \
		"fedcba9876543210fedcba9876543210", 32 \
	}

static const struct secret_ring ring_a = { .keys = { { .secret = KEY_A } },
	.n = 1 };
static const struct secret_ring ring_b = { .keys = { { .secret = KEY_B } },
	.n = 1 };
/* After a rotation. */
static const struct secret_ring ring_both = {
	.keys = { { .secret = KEY_B }, { .secret = KEY_A, .retired_s = 1 } },
	.n = 2
};

static void
a_token_is_good_for_its_minute(void **state)
{
	struct arena arena = ARENA_INIT;
	const char *token = doctor_token(&arena, &ring_a, NOW_S);

	(void)state;
	assert_true(doctor_knows(&ring_a, token, NOW_S));
	assert_true(doctor_knows(&ring_a, token, NOW_S + DOCTOR_TOKEN_S));
	assert_false(doctor_knows(&ring_a, token, NOW_S + DOCTOR_TOKEN_S + 1));
	/* Accept a token from a clock that is ahead, but not one for next
	 * year. */
	assert_true(doctor_knows(&ring_a, token, NOW_S - 60));
	assert_false(doctor_knows(&ring_a, token, NOW_S - 3600));
	assert_true(doctor_knows(&ring_both, token, NOW_S));
	assert_false(doctor_knows(&ring_b, token, NOW_S));
	arena_reset(&arena);
}

static void
other_texts_are_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	char *token = arena_printf(
		&arena, "%s", doctor_token(&arena, &ring_a, NOW_S));
	const char *mark = strchr(token, '.');

	(void)state;
	assert_false(doctor_knows(&ring_a, "", NOW_S));
	assert_false(doctor_knows(&ring_a, mark, NOW_S));
	assert_false(doctor_knows(&ring_a,
		arena_printf(&arena, "%lld%s", (long long)NOW_S + 61, mark),
		NOW_S));
	assert_false(doctor_knows(
		&ring_a, arena_printf(&arena, "%sA", token), NOW_S));
	for (size_t i = 0; token[i] != '\0'; i++) {
		char was = token[i];

		token[i] = was == 'B' ? 'C' : 'B';
		assert_false(doctor_knows(&ring_a, token, NOW_S));
		token[i] = was;
	}
	assert_true(doctor_knows(&ring_a, token, NOW_S));
	arena_reset(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_token_is_good_for_its_minute),
		cmocka_unit_test(other_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
