/* record_private.h: a part of record.c, for tests. */

#ifndef HTTP_RECORD_PRIVATE_H
#define HTTP_RECORD_PRIVATE_H

#include "http/record.h"

/* Whether the pairs are safe for libfcgi, which makes "NAME=VALUE" texts of
 * them. ERR_INVALID: a length is wrong, a name is empty or contains '=', or
 * there is a NUL. ERR_TOO_BIG: more than RECORD_PAIRS_MAX. */
MUST_USE enum err record_pairs_check(struct span pairs);

#endif
