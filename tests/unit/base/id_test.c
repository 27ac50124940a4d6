/* id_test.c: the one valid form of an id, and invalid forms. */

#include "base/id.h"

#include "../unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err
parse(const char *text, uint64_t *out)
{
	return id_parse(span_of(text), out);
}

static void
reads_every_number_above_zero(void **state)
{
	static const uint64_t numbers[] = { 1, 9, 10, 12, 99, 1000, INT64_MAX,
		UINT64_C(1) << 63, UINT64_MAX - 1, UINT64_MAX };
	char text[32];
	uint64_t id;

	(void)state;
	for (size_t i = 0; i < LENGTH(numbers); i++) {
		snprintf(text, sizeof(text), "%" PRIu64, numbers[i]);
		assert_int_equal(parse(text, &id), OK);
		assert_int_equal(id, numbers[i]);
	}
	assert_int_equal(id_parse((struct span){ "123abc", 3 }, &id), OK);
	assert_int_equal(id, 123);
}

static void
refuses_every_other_form(void **state)
{
	static const char *const texts[] = { "", "0", "-1", "-0", "+0", "+1",
		"00", "01", "00012", " 3", "3 ", " 3 ", "3\n", "\t3", "3abc",
		"abc", "a3", "3%00", "1e3", "1.0", "1.", ".1", "0x1", "0b1",
		"1_000", "1,000", "18446744073709551616",
		"18446744073709551617", "18446744073709551625",
		"36893488147419103233", "99999999999999999999",
		"184467440737095516150", "null", "NaN", "[1]", "\"1\"",
		"\xd9\xa1\xd9\xa2", "\xef\xbc\x91", "1\xcc\x81", "\xff", "1/2",
		"--1", "1-", "9223372036854775808n" };
	char *long_text = malloc(10001);
	uint64_t id = 77;

	(void)state;
	for (size_t i = 0; i < LENGTH(texts); i++) {
		enum err err = parse(texts[i], &id);

		if (err != ERR_INVALID)
			print_error("accepted: %s\n", texts[i]);
		assert_int_equal(err, ERR_INVALID);
	}
	assert_int_equal(id_parse((struct span){ "1\0", 2 }, &id), ERR_INVALID);
	assert_int_equal(id_parse((struct span){ NULL, 0 }, &id), ERR_INVALID);
	memset(long_text, '1', 10000);
	long_text[10000] = '\0';
	assert_int_equal(parse(long_text, &id), ERR_INVALID);
	free(long_text);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_number_above_zero),
		cmocka_unit_test(refuses_every_other_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
