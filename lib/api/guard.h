/*
 * guard.h: authenticates requests. Access tokens are ours (signed with the key
 * in auth.secret_file, tied to a row of `login`) or site tokens, which another
 * site signs (auth.site_*, tied to a `user` by its subject). One guard serves
 * all threads.
 *
 * A log-out takes effect in every process within half a second: for that long a
 * process relies on what it last read about a login. The same holds when a user
 * is disabled or deleted, and when a user's site tokens are revoked
 * (user_set_valid_from()).
 */

#ifndef API_GUARD_H
#define API_GUARD_H

#include "auth/secret.h"
#include "base/err.h"
#include "conf/conf.h"
#include "http/request.h"

#include <stdint.h>

struct guard;

/* Creates the signing key if there is none. ERR_INVALID (logged): a key cannot
 * be read or is too short, or site tokens would be accepted whatever their
 * audience. *conf* must outlive the guard. */
MUST_USE enum err guard_open(const struct auth_conf *conf, struct guard **out);
void guard_close(struct guard *guard);

/*
 * Sets rq->user_id and rq->login_id from the Authorization header (RFC 6750).
 * ERR_DENIED if there is no token or it is not valid.
 *
 * The claim auth.site_claim identifies the user of a site token: a text or a
 * whole number of up to 18 digits. A program that generates ids creates a
 * `user` row for a new one; in a program that only reads, user_id stays 0,
 * which owns nothing. Deleted users are refused (repo/ended.h).
 *
 * Sets rq->enrolling if auth.second_factor requires a second factor that the
 * login has not shown.
 */
MUST_USE enum err guard_user(struct guard *guard, struct request *rq);

/* Like guard_user(), for administrators of the site (user.role) according to
 * the database at this moment. ERR_FORBIDDEN (admin_only): the user is not
 * one. */
MUST_USE enum err guard_admin(struct guard *guard, struct request *rq);

/* Whether the request has a token that is signed and not expired, which is all
 * that can be checked without the database: OK | ERR_DENIED. */
MUST_USE enum err guard_signed(struct guard *guard, struct request *rq);

/* A new access token for a login, in the request's arena. */
MUST_USE enum err guard_token(struct guard *guard, struct request *rq,
	uint64_t user_id, uint64_t login_id, const char **out);

/* The current signing keys, from which other secrets are derived. */
const struct secret_ring *guard_secrets(struct guard *guard);
/* Why the key file could not be read again, or NULL (auth/keyring.h). */
const char *guard_secrets_refused(struct guard *guard);

/* Forgets what is known about a login, so that this process refuses it at
 * once. */
void guard_forget(struct guard *guard, uint64_t login_id);

#endif
