/*
 * common.h: recognises passwords that attackers try first. common_passwords.inc
 * is zxcvbn's list (MIT) of passwords found in leaks.
 */

#ifndef AUTH_COMMON_H
#define AUTH_COMMON_H

#include "base/span.h"

#include <stdbool.h>

/* Whether the password is one of about 11,600 common ones of 8 or more
 * characters, ignoring case; or has at most 20 characters, fewer than 4 of them
 * different. */
bool common_password(struct span password);

/* Whether the password is little more than *name*: without it, fewer than 4
 * characters are left, ignoring case. Always false for a name of fewer than 3
 * characters. */
bool common_name(struct span password, const char *name);

#endif
