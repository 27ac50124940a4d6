/*
 * date.h: the calendar (proleptic Gregorian, UTC, without leap seconds) by
 * plain arithmetic: the C library needs a microsecond per date, and a list of
 * sessions contains forty.
 */

#ifndef BASE_DATE_H
#define BASE_DATE_H

#include <stdint.h>

/* Midnight of a date, in ms since 1970. */
int64_t date_ms(int year, int month, int day);

/* Writes "2026-01-31T12:00:00.000Z", DATE_ISO_TEXT characters; the buffer must
 * hold DATE_ISO_LEN bytes. Years range from 0000 to 9999. */
#define DATE_ISO_TEXT 24
#define DATE_ISO_LEN 32
void date_iso(int64_t wall_ms, char out[DATE_ISO_LEN]);

#endif
