/*
 * failures.h: how often somebody may be wrong. Only failures count, and what
 * is refused for their sake writes nothing. Whom they count against is chosen
 * so that nobody can keep somebody else out:
 *
 *	a log-in with a browser that has logged in before (browser.h) counts
 *	for that browser alone, and one that has not, for the account from its
 *	network, and for the account from everywhere: others' failures never
 *	reach a browser that is known, and one client never all of its network
 *
 *	a password that is asked for again counts for the login that asks
 *
 *	codes of a second factor, which are asked for after the right password,
 *	count as log-ins do, in buckets of their own
 */

#ifndef API_FAILURES_H
#define API_FAILURES_H

#include "auth/token.h"
#include "base/err.h"
#include "http/request.h"
#include "repo/throttle.h"

#include <stdint.h>

#define FAILURES_MAX 2 /* buckets */

struct failures {
	struct throttle buckets[FAILURES_MAX];
	char names[FAILURES_MAX][TOKEN_HASH_LEN];
	unsigned n;
};

/* Of a log-in under a name that may be nobody's (*user_id* 0). */
void failures_of_login(struct failures *failures, struct request *rq,
	const char *username, uint64_t user_id);
/* Of the one who is logged in and enters the password again. */
void failures_of_confirm(struct failures *failures, struct request *rq);
/* Of codes, before (*login_id* 0) or after somebody has logged in. */
void failures_of_code(
	struct failures *failures, struct request *rq, uint64_t user_id);

/* ERR_THROTTLED when there were too many, with *wait_ms* until it is worth
 * another try. */
MUST_USE enum err failures_look(
	const struct failures *failures, struct request *rq, int64_t *wait_ms);

/* One more try, counted before it is known whether it is a failure: so however
 * many come at once, in however many processes, no more are tried than may
 * fail. ERR_THROTTLED: not this one; it is not counted. */
MUST_USE enum err failures_take(
	const struct failures *failures, struct request *rq, int64_t *wait_ms);
/* It was none. */
MUST_USE enum err
failures_give_back(const struct failures *failures, struct request *rq);

/* It was one: whoever filled a bucket with it is named in the log. */
MUST_USE enum err
failures_keep(const struct failures *failures, struct request *rq);

/* One more. */
MUST_USE enum err
failures_count(const struct failures *failures, struct request *rq);

/* There was a success: the first bucket is empty again. */
MUST_USE enum err
failures_forget(const struct failures *failures, struct request *rq);

#endif
