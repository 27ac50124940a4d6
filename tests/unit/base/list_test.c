/* list_test.c: items are added, moved and removed. */

#include "../unit.h"
#include "base/list.h"

struct item {
	int n;
	struct list place;
};

/* The items' numbers as the digits of one number. */
static int
numbers(const struct list *list)
{
	int all = 0;

	for (const struct item *item = LIST_FIRST(list, struct item, place);
		item != NULL; item = LIST_NEXT(list, item, struct item, place))
		all = all * 10 + item->n;
	return all;
}

static void
test_items_come_and_go(void **state)
{
	struct item items[3] = { { .n = 1 }, { .n = 2 }, { .n = 3 } };
	struct list list, other;

	(void)state;
	list_open(&list);
	list_open(&other);
	assert_true(list_empty(&list));
	assert_null(LIST_FIRST(&list, struct item, place));
	list_remove(&items[0].place); /* is in no list */
	for (int i = 0; i < 3; i++)
		list_add(&list, &items[i].place);
	assert_int_equal(numbers(&list), 123);
	list_add(&list, &items[0].place); /* moves to the end */
	assert_int_equal(numbers(&list), 231);
	list_remove(&items[2].place);
	list_remove(&items[2].place);
	assert_int_equal(numbers(&list), 21);
	list_add(&other, &items[1].place);
	assert_int_equal(numbers(&list), 1);
	assert_int_equal(numbers(&other), 2);
	list_remove(&items[0].place);
	assert_true(list_empty(&list));
	assert_false(list_empty(&other));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_items_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
