#include "base/date.h"

#include "base/attr.h"

#include <string.h>

/* The years 0000 and 9999, which is what four digits say. */
#define DATE_MIN_MS INT64_C(-62167219200000)
#define DATE_MAX_MS INT64_C(253402300799999)

/* ---- the calendar (proleptic Gregorian): years that begin in March end with
 * the leap day, so months have lengths without exceptions. */

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
put_digits(char *out, int64_t value, int n)
{
	while (n-- > 0) {
		out[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* The date of a day since 1970 as "YYYY-MM-DD". */
static void
put_date(char *out, int64_t day)
{
	int64_t days = day + DAYS_TO_1970;
	int64_t of_era =
		days - floor_div(days, DAYS_OF_400_YEARS) * DAYS_OF_400_YEARS;
	int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 -
				      of_era / (DAYS_OF_400_YEARS - 1)) /
		365;
	int64_t of_year = of_era -
		(year_of_era * 365 + year_of_era / 4 - year_of_era / 100);
	int64_t from_march = (of_year * 5 + 2) / 153;
	int64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
	int64_t year = floor_div(days, DAYS_OF_400_YEARS) * 400 + year_of_era +
		(month <= 2);

	put_digits(out, year, 4);
	put_digits(out + 5, month, 2);
	put_digits(out + 8, of_year - (from_march * 153 + 2) / 5 + 1, 2);
}

/* A list has forty of them, and strftime() takes a microsecond. */
void
date_iso(int64_t wall_ms, char out[DATE_ISO_LEN])
{
	int64_t day, ms;

	wall_ms = MIN(MAX(wall_ms, DATE_MIN_MS), DATE_MAX_MS);
	day = floor_div(wall_ms, DAY_MS);
	ms = wall_ms - day * DAY_MS;
	memcpy(out, "YYYY-MM-DDTHH:MM:SS.000Z", DATE_ISO_TEXT + 1);
	put_date(out, day);
	put_digits(out + 11, ms / 3600000, 2);
	put_digits(out + 14, ms / 60000 % 60, 2);
	put_digits(out + 17, ms / 1000 % 60, 2);
	put_digits(out + 20, ms % 1000, 3);
}
