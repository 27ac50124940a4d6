/* branch_test.c: which path of a tree is shown, compared with a plain
 * search. */

#include "repo/branch.h"

#include "../unit.h"
#include "testdb.h"

#include <stdlib.h>

#define NOW INT64_C(1750000000123)
#define N 60

/* A session's messages: node i is a child of parent[i] < i; -1: a first
 * message. */
struct tree {
	struct testdb *t;
	uint64_t session_id;
	uint64_t ids[N];
	int parents[N];
};

static struct tree
make_tree(struct testdb *t, unsigned seed)
{
	struct tree tree = { .t = t, .session_id = testdb_id() };

	srand(seed);
	for (int i = 0; i < N; i++) {
		struct message message = { .id = testdb_id(),
			.is_user = true,
			.active = rand() % 2 == 0, /* any previous state */
			.status = "complete",
			.parts = span_of("[]"),
			.create_ms = NOW };

		tree.ids[i] = message.id;
		tree.parents[i] = rand() % (i + 1) - 1;
		if (tree.parents[i] >= 0)
			message.parent_id = tree.ids[tree.parents[i]];
		assert_int_equal(
			message_insert(t->db, tree.session_id, &message), OK);
	}
	return tree;
}

static bool
is_below(const struct tree *tree, int node, int top)
{
	for (; node >= 0; node = tree->parents[node])
		if (node == top)
			return true;
	return false;
}

static bool
is_active(const struct tree *tree, int node)
{
	struct message message;

	assert_int_equal(message_find_id(tree->t->db, &tree->t->arena,
				 tree->session_id, tree->ids[node], &message),
		OK);
	return message.active;
}

/* Asserts that exactly the path to *leaf* is shown; -1: nothing. */
static void
assert_shown(const struct tree *tree, int leaf)
{
	for (int i = 0; i < N; i++)
		assert_int_equal(is_active(tree, i), is_below(tree, leaf, i));
}

static void
a_switch_goes_down_to_the_newest(void **state)
{
	for (unsigned seed = 1; seed <= 3; seed++) {
		struct tree tree = make_tree(*state, seed);

		for (int through = 0; through < N; through += 5) {
			int newest = N - 1;

			while (!is_below(&tree, newest, through))
				newest--;
			assert_int_equal(
				branch_switch(tree.t->db, &tree.t->arena,
					tree.session_id, tree.ids[through]),
				OK);
			assert_shown(&tree, newest);
		}
	}
}

static void
a_path_ends_where_it_is_told_to(void **state)
{
	struct tree tree = make_tree(*state, 4);
	struct message_head none = { 0 };

	assert_int_equal(branch_switch(tree.t->db, &tree.t->arena,
				 tree.session_id, tree.ids[0]),
		OK);
	for (int leaf = 0; leaf < N; leaf += 7) {
		struct message_head head = { .id = tree.ids[leaf],
			.active = is_active(&tree, leaf) };

		assert_int_equal(branch_show(tree.t->db, &tree.t->arena,
					 tree.session_id, &head),
			OK);
		assert_shown(&tree, leaf);
	}
	assert_int_equal(
		branch_show(tree.t->db, &tree.t->arena, tree.session_id, &none),
		OK);
	assert_shown(&tree, -1);
}

static void
another_sessions_message_is_not_there(void **state)
{
	struct tree tree = make_tree(*state, 5), other = make_tree(*state, 6);

	assert_int_equal(branch_switch(tree.t->db, &tree.t->arena,
				 tree.session_id, tree.ids[N - 1]),
		OK);
	assert_int_equal(branch_switch(tree.t->db, &tree.t->arena,
				 tree.session_id, other.ids[3]),
		ERR_NOT_FOUND);
	assert_shown(&tree, N - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_switch_goes_down_to_the_newest),
		cmocka_unit_test(a_path_ends_where_it_is_told_to),
		cmocka_unit_test(another_sessions_message_is_not_there),
	};

	return cmocka_run_group_tests(tests, testdb_open, testdb_close);
}
