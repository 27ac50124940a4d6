/*
 * rates.h: how much of the rules (conf/rule.h) users and networks have used, in
 * this process only: each program on each host counts separately. One table of
 * fixed size serves all threads. When the table is full it evicts the
 * least-used entry; never one still in use. A random key (SipHash) determines
 * where an entry is stored, so nobody can choose whose entry to evict.
 *
 * A rate is a bucket that holds the clause's number and refills evenly (the
 * generic cell rate algorithm: it stores one moment per bucket).
 */

#ifndef AUTH_RATES_H
#define AUTH_RATES_H

#include "conf/rule.h"

#include <stddef.h>
#include <stdint.h>

struct rates;

/* The subject that a clause counts: a user's id or a network; all zero for
 * everybody together. */
#define RATES_WHO_LEN 16
struct rates_who {
	uint8_t bytes[RATES_WHO_LEN];
};
struct rates_who rates_user(uint64_t user_id);

/*
 * What somebody occupies of "at once" clauses, until it is given back. All zero
 * means nothing. It may be copied, but must be given back once only.
 */
struct rates_hold {
	struct rates *rates;
	uint64_t keys[RULE_CLAUSES_MAX];
	unsigned n;
};

/* The reason of a refusal. */
struct rates_refusal {
	const struct rule_clause *clause; /* a clause of the rule */
	/* Time until there is room; 0, unknown, for "at once". */
	int64_t wait_ms;
};

struct rates *rates_new(void);
void rates_free(struct rates *rates);

/* One use of what *limit* bounds. */
struct rates_use {
	enum limit limit;
	const struct rule *rule;
	enum rule_scope scope; /* only clauses of this scope count */
	struct rates_who who;
	int64_t now_ms; /* monotonic clock */
};

/*
 * Counts the use; adds what runs at once to *hold*. Returns false if a clause
 * refuses; *why* then names it. Even then *hold* may contain what earlier
 * clauses took, and must be given back.
 */
bool rates_take(struct rates *rates, const struct rates_use *use,
	struct rates_hold *hold, struct rates_refusal *why);

/* Gives back everything in *hold* and empties it. */
void rates_give_back(struct rates_hold *hold);

/* Adds *delta*, which may be negative, to a sum kept for somebody, for example
 * of bytes. If the sum would exceed *max*, adds nothing and returns false. */
bool rates_add(struct rates *rates, uint64_t sum, int64_t delta, int64_t max);

/* The key of the sum *what* of *who*. */
uint64_t
rates_sum(struct rates *rates, const char *what, const struct rates_who *who);

#endif
