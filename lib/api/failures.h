/*
 * failures.h: limits failed attempts. Only failures count, and a refusal
 * because of them writes nothing. They are counted in such a way that nobody
 * can lock somebody else out:
 *
 *	a log-in from a browser that has logged in before (browser.h) counts
 *	only for that browser; from any other browser it counts for the account
 *	and network, and for the account everywhere: failures of others never
 *	affect a known browser, and one client never locks out its network
 *
 *	a password that is requested again counts for the requesting login
 *
 *	second-factor codes, which are requested after the right password,
 *	count like log-ins, in buckets of their own
 */

#ifndef API_FAILURES_H
#define API_FAILURES_H

#include "auth/token.h"
#include "base/err.h"
#include "http/request.h"
#include "repo/throttle.h"

#include <stdint.h>

#define FAILURES_MAX 2 /* buckets in which one attempt counts */

struct failures {
	struct throttle buckets[FAILURES_MAX];
	char names[FAILURES_MAX][TOKEN_HASH_LEN];
	unsigned n;
};

/* For a log-in with a name that may belong to nobody (*user_id* 0). */
void failures_of_login(struct failures *failures, struct request *rq,
	const char *username, uint64_t user_id);
/* For the logged-in user, who enters the password again. */
void failures_of_confirm(struct failures *failures, struct request *rq);
/* For codes, before (rq->login_id 0) or after logging in. */
void failures_of_code(
	struct failures *failures, struct request *rq, uint64_t user_id);

/* ERR_THROTTLED after too many failures; *wait_ms* is then the time until
 * another attempt may succeed. */
MUST_USE enum err failures_look(
	const struct failures *failures, struct request *rq, int64_t *wait_ms);

/* Counts an attempt before its result is known: however many arrive at once, in
 * any number of processes, no more are made than may fail. ERR_THROTTLED: not
 * allowed, and not counted. */
MUST_USE enum err failures_take(
	const struct failures *failures, struct request *rq, int64_t *wait_ms);
/* The attempt succeeded: uncounts it. */
MUST_USE enum err
failures_give_back(const struct failures *failures, struct request *rq);

/* The attempt failed: keeps the count, and logs it if it filled a bucket. */
MUST_USE enum err
failures_keep(const struct failures *failures, struct request *rq);

/* Counts a failure. */
MUST_USE enum err
failures_count(const struct failures *failures, struct request *rq);

/* After a success: empties the first bucket. */
MUST_USE enum err
failures_forget(const struct failures *failures, struct request *rq);

#endif
