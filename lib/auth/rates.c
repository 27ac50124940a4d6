#include "auth/rates.h"

#include "base/attr.h"
#include "base/mem.h"

#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define SETS 4096 /* a power of two */
#define WAYS 8
/* Cells that count everybody together are never evicted. */
#define N_ALL ((size_t)LIMIT_N * RULE_CLAUSES_MAX)
#define FIRST_KEY 0x10000u /* lower keys are indexes of all[] */

struct cell {
	uint64_t key; /* 0: free */
	int64_t full_us; /* when the bucket will be full again */
	int64_t held; /* number of running uses, or a sum */
};

struct rates {
	pthread_mutex_t lock;
	unsigned char secret[crypto_shorthash_KEYBYTES];
	struct cell all[N_ALL];
	struct cell cells[SETS][WAYS];
};

struct subject {
	uint8_t what[16];
	struct rates_who who;
};

struct rates *
rates_new(void)
{
	struct rates *rates = mem_zalloc(sizeof(*rates));

	if (sodium_init() < 0)
		abort();
	pthread_mutex_init(&rates->lock, NULL);
	crypto_shorthash_keygen(rates->secret);
	return rates;
}

void
rates_free(struct rates *rates)
{
	if (rates == NULL)
		return;
	pthread_mutex_destroy(&rates->lock);
	free(rates);
}

struct rates_who
rates_user(uint64_t user_id)
{
	struct rates_who who = { { 'u' } };

	memcpy(who.bytes + RATES_WHO_LEN - sizeof(user_id), &user_id,
		sizeof(user_id));
	return who;
}

static uint64_t
hash(const struct rates *rates, const struct subject *subject)
{
	uint64_t key;

	_Static_assert(sizeof(key) == crypto_shorthash_BYTES, "SipHash-2-4");
	crypto_shorthash((unsigned char *)&key, (const unsigned char *)subject,
		sizeof(*subject), rates->secret);
	return key < FIRST_KEY ? key + FIRST_KEY : key;
}

uint64_t
rates_sum(struct rates *rates, const char *what, const struct rates_who *who)
{
	struct subject subject = { .who = *who };

	subject.what[0] = 's';
	memcpy(subject.what + 1, what,
		MIN(strlen(what), sizeof(subject.what) - 1));
	return hash(rates, &subject);
}

static uint64_t
key_of(const struct rates *rates, const struct rates_use *use, unsigned clause)
{
	struct subject subject = { .who = use->who };

	if (use->rule->clauses[clause].scope == RULE_ALL)
		return (uint64_t)use->limit * RULE_CLAUSES_MAX + clause;
	subject.what[0] = 'r';
	subject.what[1] = (uint8_t)use->limit;
	subject.what[2] = (uint8_t)clause;
	return hash(rates, &subject);
}

/* The cell of a set to evict: a free one, or the one that is full again
 * soonest. Never evicts a cell that is held. */
static struct cell *
least(struct cell set[WAYS])
{
	struct cell *found = NULL;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == 0)
			return &set[i];
		if (set[i].held == 0 &&
			(found == NULL || set[i].full_us < found->full_us))
			found = &set[i];
	}
	return found;
}

/* NULL if every cell of the set is held. */
static struct cell *
find(struct rates *rates, uint64_t key)
{
	struct cell *set, *cell;

	if (key < N_ALL)
		return &rates->all[key];
	set = rates->cells[key & (SETS - 1)];
	for (size_t i = 0; i < WAYS; i++)
		if (set[i].key == key)
			return &set[i];
	cell = least(set);
	if (cell != NULL)
		*cell = (struct cell){ .key = key };
	return cell;
}

static bool
take_rate(struct cell *cell, const struct rule_clause *clause, int64_t now_us,
	int64_t *wait_ms)
{
	int64_t period_us = (int64_t)clause->period_s * 1000000;
	int64_t full_us = MAX(cell->full_us, now_us) + period_us / clause->max;

	if (full_us - now_us > period_us) {
		*wait_ms = (full_us - now_us - period_us + 999) / 1000;
		return false;
	}
	cell->full_us = full_us;
	return true;
}

static bool
take_clause(struct rates *rates, uint64_t key, const struct rule_clause *clause,
	int64_t now_ms, struct rates_hold *hold, int64_t *wait_ms)
{
	struct cell *cell = find(rates, key);

	*wait_ms = 0;
	/* If other subjects occupy the whole set, this one must not be locked
	 * out; the clauses for `all` still count it. */
	if (cell == NULL)
		return true;
	if (clause->period_s != 0)
		return take_rate(cell, clause, now_ms * 1000, wait_ms);
	if (cell->held >= (int64_t)clause->max || hold->n == RULE_CLAUSES_MAX)
		return false;
	cell->held++;
	hold->rates = rates;
	hold->keys[hold->n++] = key;
	return true;
}

bool
rates_take(struct rates *rates, const struct rates_use *use,
	struct rates_hold *hold, struct rates_refusal *why)
{
	bool taken = true;

	for (unsigned i = 0; i < use->rule->n && taken; i++) {
		const struct rule_clause *clause = &use->rule->clauses[i];

		if (clause->scope != use->scope)
			continue;
		pthread_mutex_lock(&rates->lock);
		taken = take_clause(rates, key_of(rates, use, i), clause,
			use->now_ms, hold, &why->wait_ms);
		pthread_mutex_unlock(&rates->lock);
		why->clause = clause;
	}
	return taken;
}

void
rates_give_back(struct rates_hold *hold)
{
	struct cell *cell;

	for (unsigned i = 0; i < hold->n; i++) {
		pthread_mutex_lock(&hold->rates->lock);
		cell = find(hold->rates, hold->keys[i]);
		if (cell != NULL && cell->held > 0)
			cell->held--;
		pthread_mutex_unlock(&hold->rates->lock);
	}
	hold->n = 0;
}

bool
rates_add(struct rates *rates, uint64_t sum, int64_t delta, int64_t max)
{
	struct cell *cell;
	bool fits = true;

	pthread_mutex_lock(&rates->lock);
	cell = find(rates, sum);
	if (cell != NULL) {
		fits = delta <= 0 || cell->held + delta <= max;
		if (fits)
			cell->held = MAX(cell->held + delta, 0);
	}
	pthread_mutex_unlock(&rates->lock);
	return fits;
}
