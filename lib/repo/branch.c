#include "repo/branch.h"

/* The most messages that one statement changes. */
#define BATCH 16
#define BATCH_MARKS "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?"

static const char TREE[] = "SELECT id, parent_id, active FROM message"
			   " WHERE session_id = ? ORDER BY id";

static const char HIDE_ABOVE[] = "UPDATE message SET active = FALSE"
				 " WHERE session_id = ? AND id > ? AND active";

static const char MARK[] = "UPDATE message SET active = ?"
			   " WHERE session_id = ? AND id IN (" BATCH_MARKS ")";

struct node {
	uint64_t id, parent_id;
	bool active;
	bool marked;
};

/* A session's messages, by ascending id. */
struct tree {
	struct arena *arena;
	struct node *nodes;
	size_t n, cap;
};

static enum err
add_node(struct row *row, void *arg)
{
	struct tree *tree = arg;
	struct node *nodes;

	if (tree->n == tree->cap) {
		tree->cap = tree->cap * 2 + 64;
		nodes = arena_alloc(tree->arena, tree->cap * sizeof(*nodes));
		if (tree->n > 0)
			memcpy(nodes, tree->nodes, tree->n * sizeof(*nodes));
		tree->nodes = nodes;
	}
	tree->nodes[tree->n].id = row_u64(row);
	tree->nodes[tree->n].parent_id = row_u64(row);
	tree->nodes[tree->n].active = row_u64(row) != 0;
	tree->n++;
	return OK;
}

static enum err
read_tree(struct db *db, struct arena *arena, uint64_t session_id,
	struct tree *out)
{
	*out = (struct tree){ .arena = arena };
	return db_each(db, arena, TREE, PARAMS(U64(session_id)), add_node, out);
}

static struct node *
find_node(const struct tree *tree, uint64_t id)
{
	size_t from = 0, to = tree->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (tree->nodes[middle].id < id)
			from = middle + 1;
		else
			to = middle;
	}
	return from < tree->n && tree->nodes[from].id == id ? &tree->nodes[from]
							    : NULL;
}

/* The newest message below *top*, or *top* itself. Parents come before their
 * children, so one pass marks everything below. */
static struct node *
newest_below(struct tree *tree, struct node *top)
{
	struct node *newest = top, *parent;

	top->marked = true;
	for (struct node *node = top + 1; node < tree->nodes + tree->n;
		node++) {
		parent = find_node(tree, node->parent_id);
		node->marked = parent != NULL && parent->marked;
		if (node->marked)
			newest = node;
	}
	return newest;
}

static void
mark_path(struct tree *tree, struct node *leaf)
{
	for (size_t i = 0; i < tree->n; i++)
		tree->nodes[i].marked = false;
	for (; leaf != NULL; leaf = find_node(tree, leaf->parent_id))
		leaf->marked = true;
}

static enum err
write_batch(struct db *db, uint64_t session_id, bool active,
	const uint64_t ids[], unsigned n)
{
	struct param params[2 + BATCH] = { U64(active), U64(session_id) };

	/* Unused marks repeat the last id. */
	for (unsigned i = 0; i < BATCH; i++)
		params[2 + i] = U64(ids[MIN(i, n - 1)]);
	return db_exec(db, MARK, (struct params){ params, 2 + BATCH });
}

/* Writes *active* for the marked or unmarked messages that have another
 * value. */
static enum err
write_marks(struct db *db, uint64_t session_id, const struct tree *tree,
	bool active)
{
	uint64_t ids[BATCH];
	unsigned n = 0;

	for (size_t i = 0; i < tree->n; i++) {
		const struct node *node = &tree->nodes[i];

		if (node->marked != active || node->active == active)
			continue;
		ids[n++] = node->id;
		if (n < BATCH)
			continue;
		TRY(write_batch(db, session_id, active, ids, n));
		n = 0;
	}
	return n > 0 ? write_batch(db, session_id, active, ids, n) : OK;
}

static enum err
show_path(struct db *db, uint64_t session_id, struct tree *tree,
	struct node *leaf)
{
	mark_path(tree, leaf);
	TRY(write_marks(db, session_id, tree, false));
	return write_marks(db, session_id, tree, true);
}

/* If the leaf is shown already, only the messages after it need to be
 * hidden. */
enum err
branch_show(struct db *db, struct arena *arena, uint64_t session_id,
	const struct message_head *leaf)
{
	struct tree tree;

	if (leaf->active || leaf->id == 0)
		return db_exec(
			db, HIDE_ABOVE, PARAMS(U64(session_id), U64(leaf->id)));
	TRY(read_tree(db, arena, session_id, &tree));
	return show_path(db, session_id, &tree, find_node(&tree, leaf->id));
}

enum err
branch_switch(
	struct db *db, struct arena *arena, uint64_t session_id, uint64_t id)
{
	struct tree tree;
	struct node *through;

	TRY(read_tree(db, arena, session_id, &tree));
	through = find_node(&tree, id);
	if (through == NULL)
		return ERR_NOT_FOUND;
	return show_path(db, session_id, &tree, newest_below(&tree, through));
}
