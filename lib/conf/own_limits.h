/*
 * own_limits.h: what an operator has given one user of the section [limits] in
 * place of what holds for all, as lines "key=value":
 *
 *	chat=user 5/min, user 2 at once
 *	day_tokens=100000
 *
 * Keys are those that bound a user: account, read, write, search, export,
 * chat, follow, stop and tools with clauses for users alone, or off; and
 * day_messages, day_tokens, stored_mb and sessions with a number, 0 for no
 * bound. Clauses for networks and for all together stay as they are.
 */

#ifndef CONF_OWN_LIMITS_H
#define CONF_OWN_LIMITS_H

#include "conf/conf.h"

#include <stdbool.h>

#define OWN_LIMITS_MAX 2000 /* bytes of all lines */
#define OWN_LIMITS_VALUE_MAX 128

bool own_limits_is_key(const char *key);

/* NULL: it can be set. Else what *key* takes, or which keys there are. */
const char *own_limits_refusal(const char *key, const char *value);

/* Puts what *text* says in place of what holds for all. Lines that this
 * release does not know are skipped. */
void own_limits_apply(const char *text, struct limits_conf *limits);

#endif
