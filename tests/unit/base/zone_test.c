/* zone_test.c: compares offsets with the C library's, by files and by rules,
 * and tries invalid files. */

#include "base/zone.h"
#include "base/zone_private.h"

#include "../unit.h"
#include "base/attr.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *const zones[] = { "UTC", "Europe/Berlin", "Europe/Dublin",
	"America/New_York", "America/St_Johns", "America/Sao_Paulo",
	"Asia/Kolkata", "Asia/Kathmandu", "Asia/Tokyo", "Asia/Gaza",
	"Australia/Lord_Howe", "Australia/Sydney", "Africa/Casablanca",
	"Pacific/Apia", "Pacific/Chatham", "Etc/GMT+12", "America/Scoresbysund",
	"America/Argentina/Buenos_Aires" };

static int32_t
expected_offset(time_t at)
{
	struct tm tm;

	assert_non_null(localtime_r(&at, &tm));
	return (int32_t)tm.tm_gmtoff;
}

static void
use_zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

/* About every 5 hours from 1985 to 2060, beyond the transitions listed in
 * files. */
static void
test_offsets_by_file_are_those_of_libc(void **state)
{
	int32_t offset;

	(void)state;
	for (size_t i = 0; i < LENGTH(zones); i++) {
		use_zone(zones[i]);
		for (time_t at = 473385600; at < 2840140800; at += 864017) {
			assert_int_equal(
				zone_offset(zones[i], at, &offset), OK);
			if (offset != expected_offset(at))
				fail_msg("%s at %lld: %d, not %d", zones[i],
					(long long)at, offset,
					expected_offset(at));
		}
	}
}

static const char *const rules[] = { "UTC0", "CET-1CEST,M3.5.0,M10.5.0/3",
	"EST5EDT,M3.2.0,M11.1.0", "<+0330>-3:30", "IST-1GMT0,M10.5.0,M3.5.0/1",
	"AEST-10AEDT,M10.1.0,M4.1.0/3", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
	"<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
	"EET-2EEST,M3.4.4/50,M10.4.4/50",
	"NST3:30NDT,M3.2.0/0:01,M11.1.0/0:01" };

/* Every hour of three years. */
static void
test_offsets_by_rule_are_those_of_libc(void **state)
{
	int32_t offset;

	(void)state;
	for (size_t i = 0; i < LENGTH(rules); i++) {
		use_zone(rules[i]);
		for (time_t at = 1703980800; at < 1798761600; at += 3599) {
			assert_int_equal(
				zone_rule(span_of(rules[i]), at, &offset), OK);
			if (offset != expected_offset(at))
				fail_msg("%s at %lld: %d, not %d", rules[i],
					(long long)at, offset,
					expected_offset(at));
		}
	}
}

static void
test_bad_rules_are_refused(void **state)
{
	static const char *const bad[] = { "", "C", "CET", "CET-", "CET-200",
		"<CET-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,J60,J300",
		"CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0",
		"CET-1CEST,M3.6.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0",
		"CET-1CEST,M3.5.0,M10.5.0/", "CET-1CEST,M3.5.0,M10.5.0 ",
		"CET-1:", "CET-1:60" };
	int32_t offset;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (zone_rule(span_of(bad[i]), 0, &offset) != ERR_INVALID)
			fail_msg("\"%s\" is taken", bad[i]);
}

static void
test_bad_names_are_not_found(void **state)
{
	static const char *const bad[] = {
		"", "/", "Nowhere/City", "../UTC", "Europe/../UTC",
		"/etc/passwd", "Europe/", "Europe//Berlin", "Europe",
		"zone.tab", "tzdata.zi", "UTC ", "Europe/Ber\nlin",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	};
	int32_t offset;

	(void)state;
	for (size_t i = 0; i < LENGTH(bad); i++)
		if (zone_offset(bad[i], 0, &offset) != ERR_NOT_FOUND)
			fail_msg("\"%s\" is taken", bad[i]);
}

/* A truncated file is refused, and never read beyond its end. */
static void
test_cut_files_are_refused(void **state)
{
	static const char file[] =
		"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\4"
		"\0\0\0\0\0\0UTC\0"
		"TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0\4"
		"\0\0\0\0\x7f\0\0\0"
		"\0"
		"\0\0\x0e\x10\0\0UTC\0"
		"\nXXX-2\n";
	const size_t len = sizeof(file) - 1;
	int32_t offset;

	(void)state;
	assert_int_equal(zone_read((struct span){ file, len }, 0, &offset), OK);
	assert_int_equal(offset, 3600);
	assert_int_equal(
		zone_read((struct span){ file, len }, 0x7f000000, &offset), OK);
	assert_int_equal(offset, 7200);
	for (size_t cut = 0; cut < len; cut++) {
		char *copy = malloc(cut + 1);

		memcpy(copy, file, cut);
		assert_int_equal(
			zone_read((struct span){ copy, cut }, 0, &offset),
			ERR_INVALID);
		free(copy);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets_by_file_are_those_of_libc),
		cmocka_unit_test(test_offsets_by_rule_are_those_of_libc),
		cmocka_unit_test(test_bad_rules_are_refused),
		cmocka_unit_test(test_bad_names_are_not_found),
		cmocka_unit_test(test_cut_files_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
