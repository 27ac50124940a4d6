/*
 * recent.h: tokens that were good a moment ago, and whose they are: signature,
 * dates, login and user have been checked, all of which is believed for
 * RECENT_MS. So an ended login or a disabled user is refused within that time,
 * in whatever process it was ended. A map of fixed size by a keyed hash of the
 * token; an entry that another one displaces is only checked again.
 * Thread-safe.
 */

#ifndef API_RECENT_H
#define API_RECENT_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define RECENT_MS 500 /* how long a check is believed */

struct secret_ring;
struct recent;

struct recent_user {
	uint64_t user_id;
	uint64_t login_id; /* 0 for a site's own token */
	int64_t end_s; /* of the token, since 1970 */
	const struct secret_ring *ring; /* the keys that it was checked with */
	const char *limits; /* of the user alone (conf/own_limits.h), or NULL */
};

struct recent *recent_new(void);
void recent_free(struct recent *recent);

/* Whether *token* was found good less than RECENT_MS before *now_ms*
 * (clock_mono_ms()). The end and the keys are for the caller to look at;
 * limits are copied to *arena*. */
bool recent_get(struct recent *recent, struct arena *arena, struct span token,
	int64_t now_ms, struct recent_user *out);

/* *asked_ms* is the moment before the database was asked. Copies limits. */
void recent_put(struct recent *recent, struct span token, int64_t asked_ms,
	const struct recent_user *user);

/* Forgets all tokens of a login. */
void recent_drop(struct recent *recent, uint64_t login_id);

#endif
