/*
 * zone.h: the time of day in a named time zone, for any thread at any time (the
 * C library supports one zone per process). Zones are the files below
 * /usr/share/zoneinfo: TZif, RFC 8536, ending with a POSIX.1-2017 rule (8.3,
 * TZ) for the time after the last listed transition.
 */

#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

/* Seconds east of UTC at the moment *at_s* (since 1970) in the zone *name*
 * ("Europe/Berlin"). ERR_NOT_FOUND if there is no such zone. */
MUST_USE enum err zone_offset(const char *name, int64_t at_s, int32_t *out);

#endif
