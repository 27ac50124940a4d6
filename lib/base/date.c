#include "base/date.h"

#include "base/attr.h"
#include "base/buf.h"

#include <string.h>

/* The years 0000 and 9999: four digits express no others. */
#define DATE_MIN_MS INT64_C(-62167219200000)
#define DATE_MAX_MS INT64_C(253402300799999)

/* ---- the calendar (proleptic Gregorian): a year that begins in March ends
 * with the leap day, so month lengths need no exceptions. */

#define DAY_MS INT64_C(86400000)
#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 */

static int64_t
floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int64_t
date_ms(int year, int month, int day)
{
	int64_t from_march = month > 2 ? month - 3 : month + 9;
	int64_t y = year - (month <= 2);
	int64_t days = y * 365 + floor_div(y, 4) - floor_div(y, 100) +
		floor_div(y, 400) + (from_march * 153 + 2) / 5 + day - 1;

	return (days - DAYS_TO_1970) * DAY_MS;
}

static void
put_pair(char *out, uint32_t value)
{
	memcpy(out, DIGIT_PAIRS + (size_t)value * 2, 2);
}

/* Writes the date of a day since 1970 as "YYYY-MM-DD". It counts in unsigned
 * 32-bit numbers, which divide fastest, from 400 years before the year 0. */
static void
put_date(char *out, int64_t day)
{
	uint32_t days = (uint32_t)(day + DAYS_TO_1970 + DAYS_OF_400_YEARS);
	uint32_t era = days / DAYS_OF_400_YEARS;
	uint32_t of_era = days - era * DAYS_OF_400_YEARS;
	uint32_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 -
				       of_era / (DAYS_OF_400_YEARS - 1)) /
		365;
	uint32_t of_year = of_era -
		(year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
	uint32_t from_march = (of_year * 5 + 2) / 153;
	uint32_t month = from_march < 10 ? from_march + 3 : from_march - 9;
	uint32_t year = era * 400 + year_of_era + (month <= 2) - 400;

	put_pair(out, year / 100);
	put_pair(out + 2, year % 100);
	put_pair(out + 5, month);
	put_pair(out + 8, of_year - (from_march * 153 + 2) / 5 + 1);
}

/* Not strftime(): it takes a microsecond, and a list of sessions needs
 * forty. */
void
date_iso(int64_t wall_ms, char out[DATE_ISO_LEN])
{
	int64_t day;
	uint32_t ms;

	wall_ms = MIN(MAX(wall_ms, DATE_MIN_MS), DATE_MAX_MS);
	day = floor_div(wall_ms, DAY_MS);
	ms = (uint32_t)(wall_ms - day * DAY_MS);
	memcpy(out, "YYYY-MM-DDTHH:MM:SS.000Z", DATE_ISO_TEXT + 1);
	put_date(out, day);
	put_pair(out + 11, ms / 3600000);
	put_pair(out + 14, ms / 60000 % 60);
	put_pair(out + 17, ms / 1000 % 60);
	out[20] = (char)('0' + ms / 100 % 10);
	put_pair(out + 21, ms % 100);
}
