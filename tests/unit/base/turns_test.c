/* turns_test.c: who is next in a fair queue. */

#include "base/turns.h"

#include "../unit.h"
#include "base/attr.h"

#include <stdlib.h>

#define NETWORKS 50
#define CLIENTS 20

struct item {
	struct turn turn;
	char name;
	uint64_t network, who;
};

static struct turns *queue;
static struct item items[20000];
static size_t n_items;

static int
open_queue(void **state)
{
	(void)state;
	queue = turns_open();
	n_items = 0;
	return 0;
}

static int
close_queue(void **state)
{
	(void)state;
	turns_close(queue);
	return 0;
}

static void
add(char name, uint64_t network, uint64_t who)
{
	const uint64_t askers[] = { network, who };
	struct item *item = &items[n_items++];

	item->name = name;
	item->network = network;
	item->who = who;
	turns_add(queue, &item->turn, askers, LENGTH(askers));
}

/* The names of the next *n*; '-' if there is none. */
static void
assert_next(const char *names)
{
	for (; *names != '\0'; names++) {
		struct turn *turn = turns_next(queue);
		char name = turn == NULL
			? '-'
			: CONTAINER_OF(turn, struct item, turn)->name;

		assert_int_equal(name, *names);
	}
}

static void
test_items_of_one_asker_keep_their_order(void **state)
{
	(void)state;
	assert_next("-");
	for (const char *name = "abcde"; *name != '\0'; name++)
		add(*name, 1, 1);
	assert_int_equal(turns_waiting(queue), 5);
	assert_next("abcde--");
	assert_int_equal(turns_waiting(queue), 0);
}

static void
test_networks_take_turns(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		add('a', 1, 1);
	add('b', 2, 2);
	add('b', 2, 3);
	assert_int_equal(turns_waiting_for(queue, 1), 4);
	assert_int_equal(turns_waiting_for(queue, 2), 2);
	assert_int_equal(turns_waiting_for(queue, 3), 0);
	assert_next("ab");
	add('c', 3, 1);
	assert_next("abcaa-");
}

static void
test_clients_of_a_network_take_turns(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		add('a', 1, 1);
	add('b', 1, 2);
	add('b', 1, 2);
	for (int i = 0; i < 5; i++)
		add('z', 2, 1);
	assert_next("azbzazbzaz-");
}

/* The same client in two networks is two askers. */
static void
test_a_client_belongs_to_its_network(void **state)
{
	(void)state;
	add('a', 1, 7);
	add('b', 2, 7);
	assert_next("ab-");
	assert_int_equal(turns_waiting_for(queue, 1), 0);
}

static void
test_an_asker_who_returns_waits_behind_the_others(void **state)
{
	(void)state;
	add('a', 1, 1);
	add('b', 2, 1);
	add('c', 3, 1);
	assert_next("a");
	add('a', 1, 1);
	assert_next("bca-");
}

/* Whatever comes and goes: nothing is lost, nothing is doubled, and each
 * asker's items stay in order. */
static void
test_many_at_random(void **state)
{
	static struct item *last[NETWORKS][CLIENTS];
	struct turn *turn;
	size_t taken = 0;
	unsigned seed = 1;

	(void)state;
	while (n_items < LENGTH(items) || turns_waiting(queue) > 0) {
		unsigned draw = (unsigned)rand_r(&seed);
		struct item *item;

		if (n_items < LENGTH(items) && draw % 5 < 3) {
			add('x', draw / 5 % NETWORKS, draw / 256 % CLIENTS);
			continue;
		}
		turn = turns_next(queue);
		if (turn == NULL)
			continue;
		item = CONTAINER_OF(turn, struct item, turn);
		assert_true(item > last[item->network][item->who]);
		last[item->network][item->who] = item;
		taken++;
	}
	assert_int_equal(taken, LENGTH(items));
	assert_null(turns_next(queue));
}

static void
test_names_give_keys(void **state)
{
	struct turns *other = turns_open();
	uint64_t a = turns_key(queue, 0, "a", 1);

	(void)state;
	assert_true(a == turns_key(queue, 0, "a", 1));
	assert_true(a != turns_key(queue, 0, "b", 1));
	assert_true(a != turns_key(queue, a, "a", 1));
	assert_true(a != turns_key(other, 0, "a", 1)); /* it is secret */
	turns_close(other);
}

#define TURNS(name) \
	cmocka_unit_test_setup_teardown(name, open_queue, close_queue)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TURNS(test_items_of_one_asker_keep_their_order),
		TURNS(test_networks_take_turns),
		TURNS(test_clients_of_a_network_take_turns),
		TURNS(test_a_client_belongs_to_its_network),
		TURNS(test_an_asker_who_returns_waits_behind_the_others),
		TURNS(test_many_at_random),
		TURNS(test_names_give_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
