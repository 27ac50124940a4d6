/*
 * guard.h: who is asking. Access tokens are ours (signed with the key in
 * auth.secret_file, tied to a row of `login`) or a site's own (auth.site_*,
 * tied to a `user` by its subject). One guard serves all threads.
 *
 * A log-out reaches every process within half a second: that long, and no
 * longer, a process believes what it last read of a login. The same holds for
 * a user who is disabled or deleted, and for the end of a site's own user
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

/* Makes the signing key when there is none yet. ERR_INVALID (logged): a key
 * cannot be read or is too short, or site tokens would be taken whatever they
 * are for. *conf* must outlive the guard. */
MUST_USE enum err guard_open(const struct auth_conf *conf, struct guard **out);
void guard_close(struct guard *guard);

/*
 * Sets rq->user_id and rq->login_id from the Authorization header (RFC 6750).
 * ERR_DENIED when there is no token or it does not hold.
 *
 * A site's user is known by the claim auth.site_claim, a text or a whole
 * number of up to 18 digits. One who comes for the first time gets a `user`
 * row in a program that makes ids; in one that only reads, user_id stays 0,
 * which owns nothing. Who was deleted is refused (repo/ended.h).
 *
 * rq->enrolling: auth.second_factor demands one, and the login has shown none.
 */
MUST_USE enum err guard_user(struct guard *guard, struct request *rq);

/* The same for who administers the site (user.role), by what the database says
 * at this moment. ERR_FORBIDDEN (admin_only): somebody else. */
MUST_USE enum err guard_admin(struct guard *guard, struct request *rq);

/* Whether the request comes with a token that is signed and in date, which is
 * all that can be checked without the database: OK | ERR_DENIED. */
MUST_USE enum err guard_signed(struct guard *guard, struct request *rq);

/* A new access token for a login, in the request's arena. */
MUST_USE enum err guard_token(struct guard *guard, struct request *rq,
	uint64_t user_id, uint64_t login_id, const char **out);

/* The keys that tokens are signed with now, for what else is made of them. */
const struct secret_ring *guard_secrets(struct guard *guard);
/* Why the file with them could not be read again; or NULL (auth/keyring.h). */
const char *guard_secrets_refused(struct guard *guard);

/* Forgets what is known of a login, so that this process refuses it at once. */
void guard_forget(struct guard *guard, uint64_t login_id);

#endif
