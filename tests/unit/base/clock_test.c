/* clock_test.c: times as texts, the calendar, and the texts of errors. */

#include "base/clock.h"

#include "../unit.h"
#include "base/date.h"
#include "base/err.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void
writes_moments_as_iso_8601(void **state)
{
	static const struct {
		int64_t ms;
		const char *iso;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 1, "1970-01-01T00:00:00.001Z" },
		{ 1704067200000, "2024-01-01T00:00:00.000Z" },
		{ 1709210096999, "2024-02-29T12:34:56.999Z" },
		{ 3903090455551, "2093-09-06T15:47:35.551Z" },
	};
	char iso[CLOCK_ISO_LEN];

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		clock_iso(cases[i].ms, iso);
		assert_string_equal(iso, cases[i].iso);
	}
}

/* Compares with the C library: every day of 900 years, and the limits. */
static void
the_calendar_is_the_librarys(void **state)
{
	char iso[CLOCK_ISO_LEN], expected[128];

	(void)state;
	for (int64_t day = -200000; day < 130000; day++) {
		int64_t ms = day * 86400000 + (day * 7919 % 86400000);
		time_t seconds =
			(time_t)((ms - (ms % 1000 + 1000) % 1000) / 1000);
		struct tm tm;

		gmtime_r(&seconds, &tm);
		snprintf(expected, sizeof(expected),
			"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ",
			tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
			tm.tm_hour, tm.tm_min, tm.tm_sec,
			(int)((ms % 1000 + 1000) % 1000));
		clock_iso(ms, iso);
		assert_string_equal(iso, expected);
		assert_int_equal(
			date_ms(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday),
			ms - (ms % 86400000 + 86400000) % 86400000);
	}
	clock_iso(INT64_MAX, iso);
	assert_string_equal(iso, "9999-12-31T23:59:59.999Z");
	clock_iso(INT64_MIN, iso);
	assert_string_equal(iso, "0000-01-01T00:00:00.000Z");
}

static void
every_error_has_words_and_a_status(void **state)
{
	(void)state;
	for (enum err err = OK; err < ERR_N; err++) {
		assert_in_range(err_status(err), 200, 599);
		assert_int_equal(err_status(err) == 200, err == OK);
		assert_true(strlen(err_code(err)) > 0);
		assert_true(strlen(err_title(err)) > 0);
		assert_true(strlen(err_detail(err)) > 0);
		for (enum err other = OK; other < err; other++)
			assert_string_not_equal(err_code(err), err_code(other));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_moments_as_iso_8601),
		cmocka_unit_test(the_calendar_is_the_librarys),
		cmocka_unit_test(every_error_has_words_and_a_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
