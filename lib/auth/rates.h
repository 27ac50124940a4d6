/*
 * rates.h: what users and networks have used of the rules (base/rule.h), in
 * this process alone: each program, on each host, counts by itself. One table
 * of a fixed size serves all threads. What nobody uses is forgotten; when more
 * come than it holds, who has used the least of a rule is forgotten first,
 * and what runs never. Where somebody's place is depends on a random key
 * (SipHash), so nobody can choose whom they push out.
 *
 * A rate is a bucket that holds the clause's number and is filled evenly
 * (the generic cell rate algorithm: one moment a bucket is all that is kept).
 */

#ifndef AUTH_RATES_H
#define AUTH_RATES_H

#include "conf/rule.h"

#include <stddef.h>
#include <stdint.h>

struct rates;

/* Whom a clause counts: a user's id, a network; all zero for everybody. */
#define RATES_WHO_LEN 16
struct rates_who {
	uint8_t bytes[RATES_WHO_LEN];
};
struct rates_who rates_user(uint64_t user_id);

/*
 * What somebody holds of clauses "at once", until it is given back. All zero:
 * nothing. Copied freely, but given back once.
 */
struct rates_hold {
	struct rates *rates;
	uint64_t keys[RULE_CLAUSES_MAX];
	unsigned n;
};

/* Why not. */
struct rates_refusal {
	const struct rule_clause *clause; /* the rule's */
	int64_t wait_ms; /* until there is room; of "at once" unknown: 0 */
};

struct rates *rates_new(void);
void rates_free(struct rates *rates);

/* One use of what *limit* bounds. */
struct rates_use {
	enum limit limit;
	const struct rule *rule;
	enum rule_scope scope; /* of the clauses that count it */
	struct rates_who who;
	int64_t now_ms; /* monotonic */
};

/*
 * Counts it; what runs at once is added to *hold*. False: a clause refuses, and
 * *why* says which; *hold* has what was taken before, to be given back as ever.
 */
bool rates_take(struct rates *rates, const struct rates_use *use,
	struct rates_hold *hold, struct rates_refusal *why);

/* Gives back what *hold* has, and empties it. */
void rates_give_back(struct rates_hold *hold);

/* A sum of *who*'s, as of bytes: adds *delta*, which may be negative. False,
 * and nothing is added: it would be above *max*. */
bool rates_add(struct rates *rates, uint64_t sum, int64_t delta, int64_t max);

/* The name of a sum. */
uint64_t
rates_sum(struct rates *rates, const char *what, const struct rates_who *who);

#endif
