/* raw_private.h: a part of raw.c, for tests. */

#ifndef JSON_RAW_PRIVATE_H
#define JSON_RAW_PRIVATE_H

#include "json/json.h"

/* An item of *array*; {NULL, 0} if there is none. json_raw_next() takes all
 * items in one pass. */
struct span json_raw_at(struct span array, size_t index);

#endif
