/*
 * common.h: passwords that are tried first. The list is zxcvbn's (MIT), of
 * what people chose in known leaks: common_passwords.inc.
 */

#ifndef AUTH_COMMON_H
#define AUTH_COMMON_H

#include "base/span.h"

#include <stdbool.h>

/* Whether it is one of some 11,600 common ones of 8 characters and more, case
 * does not matter; or has 20 at most, and fewer than 4 different ones. */
bool common_password(struct span password);

/* Whether little more than *name* is in it: fewer than 4 characters are left
 * without it, case does not matter. A name of fewer than 3 is never. */
bool common_name(struct span password, const char *name);

#endif
