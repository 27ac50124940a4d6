/*
 * id.h: the text form of ids: "1" to "18446744073709551615", decimal, without
 * sign, blanks or leading zeros.
 */

#ifndef BASE_ID_H
#define BASE_ID_H

#include "base/err.h"
#include "base/span.h"

#include <stdint.h>

/* The only parser of ids; any other text is ERR_INVALID. */
MUST_USE enum err id_parse(struct span text, uint64_t *out);

#endif
