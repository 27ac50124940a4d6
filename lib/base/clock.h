/*
 * clock.h: the two clocks. The wall clock names moments for people and ids and
 * may jump; the monotonic clock measures intervals and never jumps. Deadlines
 * are always monotonic.
 */

#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

int64_t clock_wall_ms(void); /* since 1970-01-01T00:00:00Z */
int64_t clock_mono_ms(void); /* since some moment before this process began */

/* "2026-01-31T12:00:00.000Z"; the buffer must hold CLOCK_ISO_LEN bytes. */
#define CLOCK_ISO_LEN 32
void clock_iso(int64_t wall_ms, char out[CLOCK_ISO_LEN]);

#endif
