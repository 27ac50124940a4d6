/* rates_test.c: buckets empty and refill, running uses are counted, and a flood
 * of strangers neither grows the table nor gives anybody more. */

#include "auth/rates.h"

#include "../unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#define NOW INT64_C(1000000)

static struct rates *rates;

static int
setup(void **state)
{
	(void)state;
	rates = rates_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	rates_free(rates);
	return 0;
}

static struct rule
rule_of(const char *text)
{
	struct rule rule;

	assert_true(rule_parse(text, &rule));
	return rule;
}

static bool
take_at(const struct rule *rule, uint64_t user, int64_t now_ms,
	struct rates_hold *hold, struct rates_refusal *why)
{
	const struct rates_use use = { LIMIT_CHAT, rule, RULE_USER,
		rates_user(user), now_ms };

	return rates_take(rates, &use, hold, why);
}

static unsigned
take_all(const struct rule *rule, uint64_t user, int64_t now_ms)
{
	struct rates_hold hold = { 0 };
	struct rates_refusal why;
	unsigned n = 0;

	while (n < 10000 && take_at(rule, user, now_ms, &hold, &why))
		n++;
	return n;
}

static void
a_bucket_empties_and_fills_evenly(void **state)
{
	struct rule rule = rule_of("user 30/min");
	struct rates_hold hold = { 0 };
	struct rates_refusal why;

	(void)state;
	assert_int_equal(take_all(&rule, 1, NOW), 30);
	assert_false(take_at(&rule, 1, NOW, &hold, &why));
	assert_int_equal(why.wait_ms, 2000);
	assert_int_equal(why.clause->max, 30);
	assert_false(take_at(&rule, 1, NOW + 1999, &hold, &why));
	assert_int_equal(take_all(&rule, 1, NOW + 2000), 1);
	assert_int_equal(take_all(&rule, 1, NOW + 12000), 5);
	/* After any absence the bucket is full, but not more than full. */
	assert_int_equal(take_all(&rule, 1, NOW + 86400000), 30);
	assert_int_equal(take_all(&rule, 2, NOW), 30);
}

static void
each_limit_and_each_clause_is_a_bucket_of_its_own(void **state)
{
	struct rule rule = rule_of("user 5/s, user 8/min");
	const struct rates_use read = { LIMIT_READ, &rule, RULE_USER,
		rates_user(1), NOW };
	struct rates_hold hold = { 0 };
	struct rates_refusal why;

	(void)state;
	assert_int_equal(take_all(&rule, 1, NOW), 5);
	assert_int_equal(take_all(&rule, 1, NOW + 1000), 3);
	assert_true(rates_take(rates, &read, &hold, &why));
}

static void
all_is_one_bucket(void **state)
{
	struct rule rule = rule_of("all 3/min");
	const struct rates_use chat = { LIMIT_CHAT, &rule, RULE_ALL, { { 0 } },
		NOW };
	struct rates_hold hold = { 0 };
	struct rates_refusal why;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(rates_take(rates, &chat, &hold, &why));
	assert_false(rates_take(rates, &chat, &hold, &why));
	/* Clauses of another scope are ignored. */
	assert_int_equal(take_all(&rule, 1, NOW), 10000);
}

static void
a_running_share_is_given_back(void **state)
{
	struct rule rule = rule_of("user 2 at once");
	struct rates_hold first = { 0 }, second = { 0 }, third = { 0 };
	struct rates_refusal why;

	(void)state;
	assert_true(take_at(&rule, 1, NOW, &first, &why));
	assert_true(take_at(&rule, 1, NOW, &second, &why));
	assert_false(take_at(&rule, 1, NOW, &third, &why));
	assert_int_equal(why.clause->period_s, 0);
	assert_int_equal(why.wait_ms, 0); /* nobody knows */
	assert_int_equal(third.n, 0);
	rates_give_back(&third);
	assert_false(take_at(&rule, 1, NOW, &third, &why));
	rates_give_back(&first);
	rates_give_back(&first);
	assert_true(take_at(&rule, 1, NOW, &third, &why));
	assert_false(take_at(&rule, 1, NOW, &first, &why));
}

static void
all_clauses_are_given_back(void **state)
{
	struct rule rule = rule_of("user 2 at once, user 3 at once");
	struct rates_hold holds[3] = { 0 };
	struct rates_refusal why;

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_true(take_at(&rule, 1, NOW, &holds[0], &why));
		assert_true(take_at(&rule, 1, NOW, &holds[1], &why));
		assert_false(take_at(&rule, 1, NOW, &holds[2], &why));
		assert_int_equal(why.clause->max, 2);
		for (int n = 0; n < 3; n++)
			rates_give_back(&holds[n]);
	}
}

static void
a_flood_evicts_neither_running_nor_heavy_users(void **state)
{
	struct rule runs = rule_of("user 1 at once"),
		    rate = rule_of("user 100/h");
	struct rates_hold hold = { 0 }, other = { 0 };
	struct rates_refusal why;

	(void)state;
	assert_true(take_at(&runs, 1, NOW, &hold, &why));
	assert_int_equal(take_all(&rate, 2, NOW), 100);
	for (uint64_t user = 1000; user < 500000; user++)
		(void)take_at(&rate, user, NOW, &other, &why);
	assert_false(take_at(&runs, 1, NOW, &other, &why));
	assert_false(take_at(&rate, 2, NOW, &other, &why));
}

/* However many come who have used more of theirs. */
static void
a_flood_does_not_push_out_what_all_share(void **state)
{
	struct rule all = rule_of("all 9/s, all 1/h"),
		    once = rule_of("user 1/day");
	struct rates_hold hold = { 0 };
	struct rates_refusal why;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (unsigned limit = 0; limit < LIMIT_N; limit++) {
			const struct rates_use use = { (enum limit)limit, &all,
				RULE_ALL, { { 0 } }, NOW };

			assert_int_equal(rates_take(rates, &use, &hold, &why),
				round == 0);
		}
		for (uint64_t user = 1; user < 500000; user++)
			(void)take_at(&once, user, NOW, &hold, &why);
	}
}

static void
sums_have_a_bound(void **state)
{
	const struct rates_who who = rates_user(1);
	uint64_t sum = rates_sum(rates, "unread", &who);

	(void)state;
	assert_true(rates_add(rates, sum, 60, 100));
	assert_false(rates_add(rates, sum, 41, 100));
	assert_true(rates_add(rates, sum, 40, 100));
	assert_true(rates_add(rates, sum, -100, 100));
	assert_true(rates_add(rates, sum, -100, 100));
	assert_false(rates_add(rates, sum, 101, 100));
	assert_true(rates_add(rates, sum, 100, 100));
	/* One step beyond the limit, and none. */
	assert_false(rates_add(rates, sum, 1, 100));
	assert_true(rates_add(rates, sum, 0, 50));
}

static void
sums_are_told_apart(void **state)
{
	struct rates_who a = rates_user(1), b = rates_user(2), c = a;
	struct rates *others = rates_new();
	uint64_t sum = rates_sum(rates, "unread", &a);

	(void)state;
	assert_true(rates_sum(rates, "unread", &a) == sum);
	assert_true(rates_sum(rates, "unseen", &a) != sum);
	assert_true(rates_sum(rates, "unread", &b) != sum);
	/* Nobody outside can compute who shares a place with whom. */
	assert_true(rates_sum(others, "unread", &a) != sum);
	/* A name's bytes after the 15th are ignored. */
	assert_true(rates_sum(rates, "fifteen bytes ab and much more", &a) ==
		rates_sum(rates, "fifteen bytes ab, and nothing else", &a));
	assert_true(rates_sum(rates, "fifteen bytes a", &a) !=
		rates_sum(rates, "fifteen bytes b", &a));
	c.bytes[0]++;
	assert_true(rates_sum(rates, "fifteen bytes a", &a) !=
		rates_sum(rates, "fifteen bytes a", &c));
	rates_free(others);
}

static void
many_users_are_counted_each(void **state)
{
	struct rule once = rule_of("user 1/h");
	struct rates_hold hold = { 0 };
	struct rates_refusal why;

	(void)state;
	for (uint64_t user = 1; user <= 10000; user++)
		assert_true(take_at(&once, user, NOW, &hold, &why));
}

#define SETS 4096u
#define WAYS 8u

/* Where half of the table is taken, hardly anybody is forgotten. */
static void
the_table_is_used_evenly(void **state)
{
	struct rule once = rule_of("user 1/h");
	struct rates_hold hold = { 0 };
	struct rates_refusal why;
	unsigned forgotten = 0;

	(void)state;
	for (uint64_t user = 1; user <= SETS * WAYS / 2; user++)
		assert_true(take_at(&once, user, NOW, &hold, &why));
	for (uint64_t user = 1; user <= SETS * WAYS / 2; user++)
		forgotten += take_at(&once, user, NOW, &hold, &why);
	assert_in_range(forgotten, 0, SETS * WAYS / 32);
}

/* A copy that is given back, too, makes no more room than there is. */
static void
one_at_once_is_given_back(void **state)
{
	struct rule rule = rule_of("user 1 at once");
	struct rates_hold hold = { 0 }, copy;
	struct rates_refusal why;

	(void)state;
	for (int i = 0; i < 3; i++) {
		assert_true(take_at(&rule, 1, NOW, &hold, &why));
		copy = hold;
		assert_false(take_at(&rule, 1, NOW, &copy, &why));
		rates_give_back(&hold);
		rates_give_back(&copy);
	}
}

/* A place counts at most eight subjects; a ninth is admitted, but not
 * counted. */
static void
a_place_that_is_full_of_holders_counts_no_more(void **state)
{
	struct rule rule = rule_of("user 1 at once");
	struct rates_hold hold = { 0 }, other = { 0 };
	struct rates_refusal why;
	uint64_t key;

	(void)state;
	assert_true(take_at(&rule, 1, NOW, &hold, &why));
	key = hold.keys[0];
	rates_give_back(&hold);
	for (uint64_t i = 1; i <= WAYS; i++) {
		uint64_t sum = (key + i * SETS * SETS) | UINT64_C(1) << 40;

		assert_true(rates_add(rates, sum, 1, 1));
		assert_false(rates_add(rates, sum, 1, 1));
	}
	assert_true(take_at(&rule, 1, NOW, &hold, &why));
	assert_true(take_at(&rule, 1, NOW, &other, &why));
	assert_int_equal(hold.n, 0);
	assert_true(rates_add(rates, key, 5, 1));
}

static void
in_six_threads(void *(*run)(void *), void *arg)
{
	pthread_t threads[6];

	for (int i = 0; i < 6; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, run, arg), 0);
	for (int i = 0; i < 6; i++)
		pthread_join(threads[i], NULL);
}

static void *
take_and_give(void *arg)
{
	struct rule rule = rule_of("user 3 at once");
	atomic_int *running = arg;
	struct rates_refusal why;

	for (int i = 0; i < 20000; i++) {
		struct rates_hold hold = { 0 };

		if (!take_at(&rule, 9, NOW, &hold, &why))
			continue;
		assert_in_range(atomic_fetch_add(running, 1), 0, 2);
		atomic_fetch_sub(running, 1);
		rates_give_back(&hold);
	}
	return NULL;
}

static void
threads_together_stay_below_it(void **state)
{
	atomic_int running = 0;

	(void)state;
	in_six_threads(take_and_give, &running);
}

static void *
add_ones(void *arg)
{
	for (int i = 0; i < 1000000; i++)
		assert_true(rates_add(rates, *(uint64_t *)arg, 1, INT64_MAX));
	return NULL;
}

static void
threads_together_lose_nothing_of_a_sum(void **state)
{
	const struct rates_who who = rates_user(1);
	uint64_t sum = rates_sum(rates, "unread", &who);

	(void)state;
	in_six_threads(add_ones, &sum);
	assert_false(rates_add(rates, sum, 1, 6000000));
	assert_true(rates_add(rates, sum, 1, 6000001));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_bucket_empties_and_fills_evenly),
		TEST(each_limit_and_each_clause_is_a_bucket_of_its_own),
		TEST(all_is_one_bucket),
		TEST(a_running_share_is_given_back),
		TEST(a_flood_evicts_neither_running_nor_heavy_users),
		TEST(all_clauses_are_given_back),
		TEST(a_flood_does_not_push_out_what_all_share),
		TEST(the_table_is_used_evenly),
		TEST(sums_have_a_bound),
		TEST(sums_are_told_apart),
		TEST(many_users_are_counted_each),
		TEST(one_at_once_is_given_back),
		TEST(a_place_that_is_full_of_holders_counts_no_more),
		TEST(threads_together_stay_below_it),
		TEST(threads_together_lose_nothing_of_a_sum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
