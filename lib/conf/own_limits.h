/*
 * own_limits.h: settings of the section [limits] that an operator has changed
 * for one user, as lines "key=value":
 *
 *	chat=user 5/min, user 2 at once
 *	day_tokens=100000
 *
 * The keys are those that bound a user: account, read, write, search, export,
 * chat, follow, stop and tools, with clauses for users only, or off; and
 * day_messages, day_tokens, stored_mb and sessions with a number, where 0 means
 * no limit. Clauses for networks and for everybody remain unchanged.
 */

#ifndef CONF_OWN_LIMITS_H
#define CONF_OWN_LIMITS_H

#include "conf/conf.h"

#include <stdbool.h>

#define OWN_LIMITS_MAX 2000 /* bytes, all lines together */
#define OWN_LIMITS_VALUE_MAX 128

bool own_limits_is_key(const char *key);

/* NULL if the value is valid; otherwise a text that says what *key* takes or
 * which keys exist. */
const char *own_limits_refusal(const char *key, const char *value);

/* Overrides *limits* with the lines of *text*. Skips lines that this release
 * does not know, or that are longer than a key with its value can be. */
void own_limits_apply(const char *text, struct limits_conf *limits);

#endif
