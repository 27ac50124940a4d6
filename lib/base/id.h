/*
 * id.h: how ids are written: "1" to "18446744073709551615" in decimal without
 * sign, blanks or leading zeros.
 */

#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

/* The only parser of ids; anything else is ERR_INVALID. */
MUST_USE enum err id_parse(struct span text, uint64_t *out);

#endif
