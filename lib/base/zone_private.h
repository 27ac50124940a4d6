/* zone_private.h: the parts of zone.c, for tests. */

#ifndef BASE_ZONE_PRIVATE_H
#define BASE_ZONE_PRIVATE_H

#include "base/zone.h"

/* Like zone_offset(), from the content of a zone file. ERR_INVALID. */
MUST_USE enum err zone_read(struct span file, int64_t at_s, int32_t *out);

/* The offset according to a rule like "CET-1CEST,M3.5.0,M10.5.0/3".
 * ERR_INVALID. */
MUST_USE enum err zone_rule(struct span rule, int64_t at_s, int32_t *out);

#endif
