/* totp_test.c: one-time codes, sealed secrets, common passwords. */

#include "auth/totp.h"
#include "auth/totp_private.h"

#include "../unit.h"
#include "auth/common.h"
#include "auth/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define SECRET "12345678901234567890"

static void
assert_hex(const unsigned char *bytes, const char *hex)
{
	char text[2 * TOTP_SHA1_LEN + 1];

	sodium_bin2hex(text, sizeof(text), bytes, TOTP_SHA1_LEN);
	assert_string_equal(text, hex);
}

/* FIPS 180-4's examples, and texts of every length around a block. */
static void
sha1_is_as_the_standard_says(void **state)
{
	static const char *const cases[][2] = {
		{ "", "da39a3ee5e6b4b0d3255bfef95601890afd80709" },
		{ "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
			"84983e441c3bd26ebaae4aa1f95129e5e54670f1" },
	};
	static char million[1000000];
	unsigned char hash[TOTP_SHA1_LEN];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		totp_sha1(span_of(cases[i][0]), hash);
		assert_hex(hash, cases[i][1]);
	}
	memset(million, 'a', sizeof(million));
	totp_sha1((struct span){ million, sizeof(million) }, hash);
	assert_hex(hash, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

/* RFC 2202, 3: cases 1, 2, 6. */
static void
hmac_is_as_the_rfc_says(void **state)
{
	unsigned char hash[TOTP_SHA1_LEN];
	char key[80];

	(void)state;
	memset(key, 0x0b, 20);
	totp_hmac_sha1((struct span){ key, 20 }, span_of("Hi There"), hash);
	assert_hex(hash, "b617318655057264e28bc0b6fb378c8ef146be00");
	totp_hmac_sha1(
		span_of("Jefe"), span_of("what do ya want for nothing?"), hash);
	assert_hex(hash, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
	memset(key, 0xaa, 80);
	totp_hmac_sha1((struct span){ key, 80 },
		span_of("Test Using Larger Than Block-Size Key - Hash Key "
			"First"),
		hash);
	assert_hex(hash, "aa4ae5e15272d00e95705637ce8a3b55ed402112");
}

/* RFC 6238, appendix B, the rows of SHA1. */
static void
codes_are_as_the_rfc_says(void **state)
{
	static const struct {
		int64_t time_s;
		const char *code;
	} cases[] = { { 59, "94287082" }, { 1111111109, "07081804" },
		{ 1111111111, "14050471" }, { 1234567890, "89005924" },
		{ 2000000000, "69279037" }, { 20000000000, "65353130" } };
	char code[9];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		uint64_t step = (uint64_t)cases[i].time_s / TOTP_STEP_S;

		totp_code(span_of(SECRET), step, 8, code);
		assert_string_equal(code, cases[i].code);
		totp_code(span_of(SECRET), step, 6, code);
		assert_string_equal(code, cases[i].code + 2);
	}
}

#define NOW_S INT64_C(1234567890)
#define STEP (NOW_S / TOTP_STEP_S)

static bool
good(uint64_t step, uint64_t last_step, uint64_t *found)
{
	char code[9];

	totp_code(span_of(SECRET), step, TOTP_DIGITS, code);
	return totp_check(
		span_of(SECRET), span_of(code), NOW_S, last_step, found);
}

static void
a_clock_may_be_one_step_off(void **state)
{
	uint64_t found;

	(void)state;
	for (int off = -1; off <= 1; off++) {
		assert_true(good((uint64_t)(STEP + off), 0, &found));
		assert_int_equal(found, STEP + off);
	}
	assert_false(good(STEP - 2, 0, &found));
	assert_false(good(STEP + 2, 0, &found));
}

static void
no_step_is_good_twice(void **state)
{
	uint64_t found;

	(void)state;
	assert_false(good(STEP, STEP, &found));
	assert_false(good(STEP - 1, STEP, &found));
	assert_true(good(STEP + 1, STEP, &found));
	assert_false(good(STEP + 1, STEP + 1, &found));
}

static void
other_texts_are_no_codes(void **state)
{
	static const char *const texts[] = { "", "00592", "0059240", "00592a",
		"-05924", "005924\n", "+5924", "      ", "\xd9\xa0\xd9\xa0" };
	uint64_t found;

	(void)state;
	assert_true(totp_check(
		span_of(SECRET), span_of("005 924"), NOW_S, 0, &found));
	for (size_t i = 0; i < LENGTH(texts); i++)
		assert_false(totp_check(
			span_of(SECRET), span_of(texts[i]), NOW_S, 0, &found));
}

/* RFC 4648, 10. */
static void
base32_is_as_the_rfc_says(void **state)
{
	char text[64];

	(void)state;
	base32((const unsigned char *)"fooba", 5, text);
	assert_string_equal(text, "MZXW6YTB");
	base32((const unsigned char *)SECRET, 20, text);
	assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

/* ---- sealed secrets */

static struct secret_ring
ring_of(const char *const *secrets, unsigned n)
{
	struct secret_ring ring = { .n = n };

	for (unsigned i = 0; i < n; i++) {
		ring.keys[i].secret = span_of(secrets[i]);
		snprintf(ring.keys[i].kid, sizeof(ring.keys[i].kid), "%.10sA",
			secrets[i]);
	}
	return ring;
}

static const char *const two[] = { "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

static void
what_is_sealed_opens_for_the_same_alone(void **state)
{
	struct arena arena = ARENA_INIT;
	struct secret_ring ring = ring_of(two + 1, 1);
	struct span sealed = seal(&ring, &arena, "totp 1", span_of(SECRET));
	struct span again = seal(&ring, &arena, "totp 1", span_of(SECRET));
	struct span text;

	(void)state;
	assert_int_equal(sealed.len, strlen(SECRET) + SEAL_OVERHEAD);
	assert_false(span_equal(sealed, again));
	assert_null(memmem(sealed.data, sealed.len, SECRET, 8));
	assert_int_equal(seal_open(&ring, &arena, "totp 1", sealed, &text), OK);
	assert_true(span_is(text, SECRET));
	assert_int_equal(seal_open(&ring, &arena, "totp 2", sealed, &text),
		ERR_INTERNAL);
	arena_reset(&arena);
}

static void
a_changed_or_cut_seal_is_refused(void **state)
{
	struct arena arena = ARENA_INIT;
	struct secret_ring ring = ring_of(two + 1, 1);
	struct span sealed = seal(&ring, &arena, "totp 1", span_of(SECRET));
	char *bytes = arena_dup(&arena, sealed.data, sealed.len);
	struct span changed = { bytes, sealed.len }, text;

	(void)state;
	for (size_t i = 0; i < sealed.len; i++) {
		bytes[i] ^= 1;
		assert_int_equal(
			seal_open(&ring, &arena, "totp 1", changed, &text),
			ERR_INTERNAL);
		bytes[i] ^= 1;
	}
	for (changed.len = 0; changed.len < sealed.len; changed.len++)
		assert_int_equal(
			seal_open(&ring, &arena, "totp 1", changed, &text),
			ERR_INTERNAL);
	arena_reset(&arena);
}

static void
a_key_of_before_opens_and_the_new_one_seals(void **state)
{
	struct arena arena = ARENA_INIT;
	struct secret_ring before = ring_of(two + 1, 1), now = ring_of(two, 2);
	struct secret_ring later = ring_of(two, 1);
	struct span old = seal(&before, &arena, "totp 1", span_of(SECRET));
	struct span new = seal(&now, &arena, "totp 1", span_of(SECRET)), text;

	(void)state;
	assert_int_equal(seal_open(&now, &arena, "totp 1", old, &text), OK);
	assert_false(seal_is_current(&now, old));
	assert_true(seal_is_current(&now, new));
	assert_int_equal(seal_open(&later, &arena, "totp 1", new, &text), OK);
	assert_int_equal(
		seal_open(&later, &arena, "totp 1", old, &text), ERR_INTERNAL);
	arena_reset(&arena);
}

/* ---- common passwords */

static void
the_commonest_passwords_are_known(void **state)
{
	static const char *const common[] = { "password", "PASSWORD",
		"12345678", "123456789", "qwertyui", "iloveyou", "!qaz2wsx",
		"zzzzzzz1", "00000000", "abababab", "1112223331" };
	static const char *const others[] = { "1234567", "correct horse",
		"password 1", "passw", "pass word", "a lamp in the window",
		"12345678 123456789", "12345678901234567890123456789" };

	(void)state;
	for (size_t i = 0; i < LENGTH(common); i++)
		assert_true(common_password(span_of(common[i])));
	for (size_t i = 0; i < LENGTH(others); i++)
		assert_false(common_password(span_of(others[i])));
	assert_false(common_password((struct span){ "password\0x", 10 }));
}

static void
a_name_is_no_password(void **state)
{
	(void)state;
	assert_true(common_name(span_of("Annabella"), "annabella"));
	assert_true(common_name(span_of("annabella123"), "annabella"));
	assert_true(common_name(span_of("1ann2ann3"), "ann"));
	assert_false(common_name(span_of("annabella-and-more"), "annabella"));
	assert_false(common_name(span_of("something"), "annabella"));
	assert_false(common_name(span_of("abc"), "ab"));
	assert_false(common_name(span_of("whatever"), ""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha1_is_as_the_standard_says),
		cmocka_unit_test(hmac_is_as_the_rfc_says),
		cmocka_unit_test(codes_are_as_the_rfc_says),
		cmocka_unit_test(a_clock_may_be_one_step_off),
		cmocka_unit_test(no_step_is_good_twice),
		cmocka_unit_test(other_texts_are_no_codes),
		cmocka_unit_test(base32_is_as_the_rfc_says),
		cmocka_unit_test(what_is_sealed_opens_for_the_same_alone),
		cmocka_unit_test(a_changed_or_cut_seal_is_refused),
		cmocka_unit_test(a_key_of_before_opens_and_the_new_one_seals),
		cmocka_unit_test(the_commonest_passwords_are_known),
		cmocka_unit_test(a_name_is_no_password),
	};

	return sodium_init() < 0 ? 1
				 : cmocka_run_group_tests(tests, NULL, NULL);
}
