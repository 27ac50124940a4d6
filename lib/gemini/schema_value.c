/* Types, values and bounds. */

#include "gemini/schema_private.h"

#include "base/attr.h"

#include <stdint.h>
#include <stdlib.h>

const struct json *
gemini_schema_get(const struct node *node, const char *key)
{
	const struct json *value = NULL;

	for (size_t i = 0; i < node->n && value == NULL; i++)
		value = json_get(node->list[i], key);
	return value;
}

/* ---- the type */

static void
add_type(struct type *type, const struct json *word, const struct json *list)
{
	if (span_is(json_text(word), "null"))
		type->nullable = true;
	else if (type->word.data == NULL)
		type->word = json_text(word);
	else
		type->several = list;
}

/* The type of the values, if no type is given. */
static struct span
type_of_values(const struct json *values)
{
	switch (json_kind(json_at(values, 0))) {
	case JSON_TEXT:
		return span_of("string");
	case JSON_INT:
		return span_of("integer");
	case JSON_DOUBLE:
		return span_of("number");
	case JSON_BOOL:
		return span_of("boolean");
	case JSON_ABSENT:
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return (struct span){ NULL, 0 };
}

struct type
gemini_schema_type(const struct node *node)
{
	const struct json *said = gemini_schema_get(node, "type");
	struct type type = { .nullable = json_boolean(
				     gemini_schema_get(node, "nullable"),
				     false) };

	for (size_t i = 0;
		json_kind(said) == JSON_ARRAY && i < json_length(said); i++)
		add_type(&type, json_at(said, i), said);
	if (json_kind(said) == JSON_TEXT)
		add_type(&type, said, NULL);
	if (type.word.data == NULL && said == NULL) {
		if (json_kind(gemini_schema_get(node, "properties")) ==
			JSON_OBJECT)
			type.word = span_of("object");
		else if (json_kind(gemini_schema_get(node, "items")) >
			JSON_NULL)
			type.word = span_of("array");
		else
			type.word =
				type_of_values(gemini_schema_get(node, "enum"));
	}
	return type;
}

/* ---- values, written as strings */

static void
put_value(struct json_writer *w, const struct json *value)
{
	struct buf text = BUF_INIT;
	struct json_writer inner = json_writer(&text);

	if (json_kind(value) == JSON_TEXT) {
		json_put_text(w, json_text(value));
		return;
	}
	json_put(&inner, value);
	json_put_text(w, buf_span(&text));
	buf_free(&text);
}

static void
put_values(struct json_writer *w, const struct json *values, bool *nullable)
{
	size_t n = 0;

	for (size_t i = 0; i < json_length(values); i++)
		if (json_kind(json_at(values, i)) == JSON_NULL)
			*nullable = true;
		else
			n++;
	if (n == 0)
		return;
	json_key(w, "enum");
	json_open(w, '[');
	for (size_t i = 0; i < json_length(values); i++)
		if (json_kind(json_at(values, i)) != JSON_NULL)
			put_value(w, json_at(values, i));
	json_close(w, ']');
}

/* Writes the type. True if it came from a constant, which is then written,
 * too. */
static bool
put_constant(struct json_writer *w, const struct node *node, struct type *type)
{
	const struct json *value = gemini_schema_get(node, "const");

	if (json_kind(value) <= JSON_NULL || json_kind(value) >= JSON_ARRAY)
		return false;
	if (type->word.data == NULL)
		type->word = span_of(json_kind(value) == JSON_TEXT ? "string"
				: json_kind(value) == JSON_BOOL    ? "boolean"
				: json_kind(value) == JSON_INT     ? "integer"
								   : "number");
	json_key(w, "enum");
	json_open(w, '[');
	put_value(w, value);
	json_close(w, ']');
	return true;
}

/* Only these formats are known; an enum with values other than strings has a
 * format of its own. */
static void
put_format(
	struct json_writer *w, const struct node *node, bool text, bool values)
{
	static const char *const known[] = { "date-time", "enum", "float",
		"double", "int32", "int64" };
	struct span format = json_text(gemini_schema_get(node, "format"));

	if (values && !text) {
		json_member_str(w, "format", "enum");
		return;
	}
	for (size_t i = 0; i < LENGTH(known); i++)
		if ((i < 2) == text && span_is(format, known[i]))
			json_member_text(w, "format", format);
}

void
gemini_schema_put_type(
	struct json_writer *w, const struct node *node, struct type *type)
{
	const struct json *values = gemini_schema_get(node, "enum");
	bool constant = put_constant(w, node, type);

	if (!constant && json_length(values) > 0)
		put_values(w, values, &type->nullable);
	if (type->word.data != NULL)
		json_member_text(w, "type", type->word);
	put_format(w, node,
		type->word.data != NULL && span_is(type->word, "string"),
		constant || json_length(values) > 0);
}

/* ---- bounds */

static void
put_bound(struct json_writer *w, const struct node *node, const char *key,
	const char *exclusive, int step)
{
	const struct json *bound = gemini_schema_get(node, key);
	const struct json *open = gemini_schema_get(node, exclusive);
	bool whole =
		span_is(json_text(gemini_schema_get(node, "type")), "integer");

	if (json_kind(bound) == JSON_INT || json_kind(bound) == JSON_DOUBLE) {
		json_key(w, key);
		json_put(w, bound);
	} else if (json_kind(open) == JSON_INT &&
		llabs(json_int(open, 0)) < INT32_MAX) {
		json_member_int(w, key, json_int(open, 0) + (whole ? step : 0));
	} else if (json_kind(open) == JSON_DOUBLE) {
		json_key(w, key);
		json_put(w, open);
	}
}

void
gemini_schema_put_bounds(struct json_writer *w, const struct node *node)
{
	static const char *const same[] = { "title", "description", "pattern",
		"minLength", "maxLength", "minItems", "maxItems",
		"minProperties", "maxProperties" };
	const struct json *value;

	for (size_t i = 0; i < LENGTH(same); i++) {
		value = gemini_schema_get(node, same[i]);
		if (json_kind(value) != (i < 3 ? JSON_TEXT : JSON_INT))
			continue;
		json_key(w, same[i]);
		json_put(w, value);
	}
	put_bound(w, node, "minimum", "exclusiveMinimum", 1);
	put_bound(w, node, "maximum", "exclusiveMaximum", -1);
}
