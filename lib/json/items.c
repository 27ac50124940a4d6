/* Limits an array to the items that fit into a tree. */

#include "json/json.h"

#include "base/buf.h"
#include "json/scan.h"

/* The cost of an item without the bytes of its text. */
static size_t
structure_size(struct span item)
{
	size_t size = json_tree_size(item);

	return size > item.len ? size - item.len : 0;
}

static struct span *
list_items(struct arena *arena, struct span array, size_t n)
{
	struct span *items = arena_alloc(arena, n * sizeof(*items));
	struct span item = { NULL, 0 };

	for (size_t i = 0; i < n && json_raw_next(array, &item); i++)
		items[i] = item;
	return items;
}

/* Writes the array without the items that do not fit. */
static void
put_fitting(struct buf *out, struct span *items, size_t n)
{
	size_t left = JSON_TREE_MAX, size;

	for (size_t i = n; i-- > 0;) {
		size = structure_size(items[i]);
		if (size > left)
			items[i] = (struct span){ NULL, 0 };
		else
			left -= size;
	}
	buf_putc(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (items[i].data == NULL)
			continue;
		if (out->len > 1)
			buf_putc(out, ',');
		buf_put_span(out, items[i]);
	}
	buf_putc(out, ']');
}

static enum err
parse_fitting(struct arena *arena, struct span array, const struct json **out)
{
	size_t n = json_raw_length(array);
	struct buf fitting = BUF_INIT;
	enum err err;

	put_fitting(&fitting, list_items(arena, array, n), n);
	err = json_parse_within(arena, buf_span(&fitting),
		2 * JSON_TREE_MAX + fitting.len, out);
	buf_free(&fitting);
	return err;
}

enum err
json_parse_items(
	struct arena *arena, struct span array, const struct json **out)
{
	TRY(json_check(array, JSON_DEPTH_MAX));
	while (strchr(" \t\r\n", *array.data) != NULL) {
		array.data++;
		array.len--;
	}
	if (json_raw_kind(array) != JSON_ARRAY)
		return ERR_INVALID;
	if (structure_size(array) > JSON_TREE_MAX)
		return parse_fitting(arena, array, out);
	return json_parse_within(arena, array, SIZE_MAX, out);
}
