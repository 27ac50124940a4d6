/* Arranges imported messages as the tree that our tables store. */

#include "base/mem.h"
#include "lamplight/import.h"

#include <stdlib.h>
#include <string.h>

static int
by_key(const void *a, const void *b)
{
	const struct import_node *const *x = a, *const *y = b;

	return span_compare((*x)->key, (*y)->key);
}

static int
to_key(const void *key, const void *item)
{
	const struct import_node *const *node = item;

	return span_compare(*(const struct span *)key, (*node)->key);
}

/* Finds each node's parent by the program's ids. */
static void
find_parents(struct import_chat *chat, struct import_node **index)
{
	for (size_t i = 0; i < chat->n; i++)
		index[i] = &chat->nodes[i];
	qsort(index, chat->n, sizeof(*index), by_key);
	for (size_t i = 0; i < chat->n; i++) {
		struct import_node *node = &chat->nodes[i], **found = NULL;

		if (node->parent.len > 0)
			found = bsearch(&node->parent, index, chat->n,
				sizeof(*index), to_key);
		node->up = found != NULL && *found != node ? *found : NULL;
	}
}

static bool
is_shown(const struct import_node *node)
{
	return !node->hidden && node->parts.len > 0;
}

/* A file may contain a message that is its own ancestor; the circle is cut
 * there. Each node is visited once; *id* holds the number of the walk. */
static void
cut_circles(struct import_chat *chat)
{
	for (size_t i = 0; i < chat->n; i++) {
		struct import_node *node = &chat->nodes[i];

		while (node != NULL && node->id == 0) {
			node->id = i + 1;
			if (node->up != NULL && node->up->id == i + 1)
				node->up = NULL;
			node = node->up;
		}
	}
}

/* Finds the nearest shown ancestor, or the root; redirects all nodes on the way
 * to it, so that a long chain of hidden nodes is walked only once. */
static void
pass_hidden(struct import_node *node)
{
	struct import_node *above = node->up;

	while (above != NULL && !is_shown(above))
		above = above->up;
	for (struct import_node *at = node, *next; at != above; at = next) {
		next = at->up;
		at->up = above;
	}
}

static void
hang(struct import_node *above, struct import_node *node)
{
	if (above->last != NULL)
		above->last->next = node;
	else
		above->first = node;
	above->last = node;
}

struct import_node *
import_walk(struct import_node *node, const struct import_node *root)
{
	if (node->first != NULL)
		return node->first;
	while (node != root && node->next == NULL)
		node = node->up;
	return node == root ? NULL : node->next;
}

/* Some programs split one reply into several messages: joins a reply with its
 * only child as long as that continues it. Parents go first, in whatever order
 * a file has them, so that each text is copied once. */
static void
join(struct import_chat *chat, struct import_node *node)
{
	struct import_node *child;
	struct buf parts = BUF_INIT;

	if (node->is_user)
		return;
	buf_put_span(&parts, node->parts);
	for (; (child = node->first) != NULL && child->next == NULL &&
		!child->is_user &&
		parts.len + child->parts.len < IMPORT_PARTS_MAX;) {
		buf_putc(&parts, ',');
		buf_put_span(&parts, child->parts);
		node->first = child->first;
		node->last = child->last;
		for (struct import_node *one = child->first; one != NULL;
			one = one->next)
			one->up = node;
		child->up = node;
		child->hidden = true; /* now part of another node */
	}
	if (parts.len > node->parts.len)
		node->parts = arena_span(&chat->arena, buf_span(&parts));
	buf_free(&parts);
}

/* The shown path: up from the node that the program names, or from the last
 * one. */
static void
mark_path(struct import_chat *chat, struct import_node **index,
	const struct import_node *root)
{
	struct import_node *leaf = NULL, **found = NULL;

	if (chat->current.len > 0)
		found = bsearch(
			&chat->current, index, chat->n, sizeof(*index), to_key);
	if (found != NULL)
		leaf = *found;
	for (size_t i = chat->n; i > 0 && leaf == NULL; i--)
		if (is_shown(&chat->nodes[i - 1]))
			leaf = &chat->nodes[i - 1];
	while (leaf != NULL && leaf != root && !is_shown(leaf))
		leaf = leaf->up;
	if (leaf == NULL)
		leaf = root->last;
	/* The nodes below it are shown, too. */
	while (leaf != NULL && leaf != root && leaf->last != NULL)
		leaf = leaf->last;
	for (; leaf != NULL && leaf != root; leaf = leaf->up)
		leaf->active = true;
}

bool
import_arrange(struct import_chat *chat, struct import_node *root)
{
	struct import_node **index =
		mem_alloc((chat->n + 1) * sizeof(struct import_node *));
	bool asked = false;

	*root = (struct import_node){ .is_user = true };
	find_parents(chat, index);
	cut_circles(chat);
	for (size_t i = 0; i < chat->n; i++)
		pass_hidden(&chat->nodes[i]);
	for (size_t i = 0; i < chat->n; i++) {
		struct import_node *node = &chat->nodes[i];

		if (!is_shown(node))
			continue;
		asked |= node->is_user;
		if (node->up == NULL)
			node->up = root;
		hang(node->up, node);
	}
	for (struct import_node *node = root->first; node != NULL;
		node = import_walk(node, root))
		join(chat, node);
	mark_path(chat, index, root);
	free(index);
	return asked;
}
