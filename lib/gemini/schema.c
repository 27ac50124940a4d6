#include "gemini/schema_private.h"

#include "base/attr.h"

static struct node
node_of(const struct json *schema)
{
	const struct json *all = json_get(schema, "allOf");
	struct node node = { .list = { schema }, .n = 1 };

	for (size_t i = 0; json_kind(all) == JSON_ARRAY &&
		i < json_length(all) && node.n < NODES_MAX;
		i++)
		node.list[node.n++] = json_at(all, i);
	return node;
}

static bool
is_null_type(const struct json *schema)
{
	return span_is(json_text(json_get(schema, "type")), "null");
}

/* ---- objects and arrays */

static bool
has_property(const struct node *node, struct span name)
{
	const struct json *value;
	struct span key;

	for (size_t i = 0; i < node->n; i++) {
		const struct json *list = json_get(node->list[i], "properties");
		size_t at = 0;

		while (json_next(list, &at, &key, &value))
			if (span_equal(key, name))
				return true;
	}
	return false;
}

/* A property without a description of its own cannot be required. */
static void
put_required(struct json_writer *w, const struct node *node)
{
	bool any = false;

	for (size_t i = 0; i < node->n; i++) {
		const struct json *list = json_get(node->list[i], "required");

		for (size_t j = 0;
			json_kind(list) == JSON_ARRAY && j < json_length(list);
			j++) {
			struct span name = json_text(json_at(list, j));

			if (name.data == NULL || !has_property(node, name))
				continue;
			if (!any) {
				json_key(w, "required");
				json_open(w, '[');
			}
			any = true;
			json_put_text(w, name);
		}
	}
	if (any)
		json_close(w, ']');
}

static void
put_properties(struct json_writer *w, const struct node *node)
{
	const struct json *value;
	struct span key;
	bool any = false;

	for (size_t i = 0; i < node->n; i++) {
		const struct json *list = json_get(node->list[i], "properties");
		const struct node before = { .list = { node->list[0] },
			.n = MIN(i, (size_t)1) };
		size_t at = 0;

		while (json_next(list, &at, &key, &value)) {
			if (has_property(&before, key))
				continue;
			if (!any) {
				json_key(w, "properties");
				json_open(w, '{');
			}
			any = true;
			json_key_span(w, key);
			gemini_put_schema(w, value);
		}
	}
	if (any)
		json_close(w, '}');
	put_required(w, node);
}

/* An array needs the type of its items; the items of a tuple become
 * alternatives. */
static void
put_items(struct json_writer *w, const struct node *node)
{
	const struct json *items = gemini_schema_get(node, "items");
	const struct json *tuple = gemini_schema_get(node, "prefixItems");

	if (json_kind(items) == JSON_ARRAY)
		tuple = items;
	json_key(w, "items");
	if (json_kind(items) == JSON_OBJECT) {
		gemini_put_schema(w, items);
	} else if (json_length(tuple) == 0) {
		json_put_raw(w, span_of("{\"type\":\"string\"}"));
	} else {
		json_open(w, '{');
		json_key(w, "anyOf");
		json_open(w, '[');
		for (size_t i = 0; i < json_length(tuple); i++)
			gemini_put_schema(w, json_at(tuple, i));
		json_close(w, ']');
		json_close(w, '}');
	}
}

/* ---- alternatives */

static const struct json *
choices_of(const struct node *node)
{
	const struct json *list = gemini_schema_get(node, "anyOf");

	if (json_length(list) == 0)
		list = gemini_schema_get(node, "oneOf");
	return json_kind(list) == JSON_ARRAY ? list : NULL;
}

/* Null is not an alternative here, but makes the others nullable. */
static void
put_choices(struct json_writer *w, const struct json *list, bool *nullable)
{
	json_key(w, "anyOf");
	json_open(w, '[');
	for (size_t i = 0; i < json_length(list); i++) {
		if (is_null_type(json_at(list, i)))
			*nullable = true;
		else
			gemini_put_schema(w, json_at(list, i));
	}
	json_close(w, ']');
}

/* Several types become alternatives. */
static void
put_types(struct json_writer *w, const struct json *list)
{
	json_key(w, "anyOf");
	json_open(w, '[');
	for (size_t i = 0; i < json_length(list); i++) {
		struct span word = json_text(json_at(list, i));

		if (word.data == NULL || span_is(word, "null"))
			continue;
		json_open(w, '{');
		json_member_text(w, "type", word);
		if (span_is(word, "array"))
			json_member_raw(
				w, "items", span_of("{\"type\":\"string\"}"));
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* The only non-null choice; sibling keywords apply to it too. */
static const struct json *
only_choice(const struct json *list, bool *nullable)
{
	const struct json *only = NULL;
	size_t n = 0;

	for (size_t i = 0; i < json_length(list); i++)
		if (is_null_type(json_at(list, i)))
			*nullable = true;
		else if (n++ == 0)
			only = json_at(list, i);
	return n == 1 ? only : NULL;
}

/* ---- a schema */

static void
put_typed(struct json_writer *w, const struct node *node, struct type *type)
{
	gemini_schema_put_type(w, node, type);
	if (span_is(type->word, "object"))
		put_properties(w, node);
	else if (span_is(type->word, "array"))
		put_items(w, node);
}

static void
put_node(struct json_writer *w, struct node *node)
{
	const struct json *choices = choices_of(node);
	struct type type = gemini_schema_type(node);
	const struct json *only = only_choice(choices, &type.nullable);

	if (only != NULL && node->n < NODES_MAX) {
		bool nullable = type.nullable;

		node->list[node->n++] = only;
		choices = NULL;
		type = gemini_schema_type(node);
		type.nullable = type.nullable || nullable;
	}
	gemini_schema_put_bounds(w, node);
	if (choices != NULL && type.word.data == NULL)
		put_choices(w, choices, &type.nullable);
	else if (type.several != NULL)
		put_types(w, type.several);
	else
		put_typed(w, node, &type);
	if (type.nullable) {
		json_member_bool(w, "nullable", true);
	}
}

/* `true` is also a schema, which accepts anything. */
void
gemini_put_schema(struct json_writer *w, const struct json *schema)
{
	struct node node = node_of(schema);

	json_open(w, '{');
	if (json_kind(schema) == JSON_OBJECT)
		put_node(w, &node);
	json_close(w, '}');
}
