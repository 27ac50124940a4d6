/*
 * recent.h: remembers recently checked tokens and their users: signature,
 * dates, login and user were checked, and the result is reused for RECENT_MS.
 * So an ended login or a disabled user is refused within that time, whichever
 * process ended it. It is a map of fixed size, indexed by a keyed hash of the
 * token; a displaced entry is merely checked again. Thread-safe.
 */

#ifndef API_RECENT_H
#define API_RECENT_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

#define RECENT_MS 500 /* how long a check is reused */

struct secret_ring;
struct recent;

struct recent_user {
	uint64_t user_id;
	uint64_t login_id; /* 0 for a site token */
	int64_t end_s; /* of the token, in seconds since 1970 */
	const struct secret_ring *ring; /* the keys used for the check */
	const char *limits; /* the user's own (conf/own_limits.h), or NULL */
};

struct recent *recent_new(void);
void recent_free(struct recent *recent);

/* Whether *token* was found valid less than RECENT_MS before *now_ms*
 * (clock_mono_ms()). The caller must check its end and the keys; limits are
 * copied to *arena*. */
bool recent_get(struct recent *recent, struct arena *arena, struct span token,
	int64_t now_ms, struct recent_user *out);

/* *asked_ms* is the time before the database was queried. Copies the limits. */
void recent_put(struct recent *recent, struct span token, int64_t asked_ms,
	const struct recent_user *user);

/* Forgets all tokens of a login. */
void recent_drop(struct recent *recent, uint64_t login_id);

#endif
