#include "json/schema.h"

#include "json/utf8.h"

#include <math.h>
#include <stdio.h>

/* $ref may go round in circles; so deep no schema of a tool goes. */
#define REF_MAX 64

struct check {
	const struct json *root; /* for $ref */
	struct buf *why; /* NULL: the reason does not matter */
	struct span path; /* the member that is looked at; empty: all */
	unsigned refs_left;
};

static enum err check_value(const struct check *c, const struct json *schema,
	const struct json *value);

/* "city must be a string" */
static enum err
fail(const struct check *c, const char *what)
{
	if (c->why == NULL)
		return ERR_INVALID;
	if (c->path.len > 0)
		buf_put_span(c->why, c->path);
	else
		buf_puts(c->why, "the value");
	buf_putc(c->why, ' ');
	buf_puts(c->why, what);
	return ERR_INVALID;
}

/* Whether it holds, without a reason. */
static bool
holds(const struct check *c, const struct json *schema,
	const struct json *value)
{
	struct check quiet = *c;

	quiet.why = NULL;
	return check_value(&quiet, schema, value) == OK;
}

static bool
is_number(const struct json *json)
{
	return json_kind(json) == JSON_INT || json_kind(json) == JSON_DOUBLE;
}

static bool
is_whole(const struct json *json)
{
	double value = json_double(json, 0.5);

	return is_number(json) && floor(value) == value;
}

/* Deep equality as JSON Schema has it: numbers by value, members in any
 * order. */
static bool
equal(const struct json *a, const struct json *b)
{
	const struct json *value;
	struct span key;
	size_t at = 0;

	if (is_number(a) || is_number(b))
		return is_number(a) && is_number(b) &&
			json_double(a, 0) == json_double(b, 0);
	if (json_kind(a) != json_kind(b) || json_length(a) != json_length(b))
		return false;
	if (json_kind(a) == JSON_TEXT)
		return span_equal(json_text(a), json_text(b));
	if (json_kind(a) == JSON_BOOL)
		return json_boolean(a, false) == json_boolean(b, false);
	if (json_kind(a) == JSON_ARRAY)
		for (size_t i = 0; i < json_length(a); i++)
			if (!equal(json_at(a, i), json_at(b, i)))
				return false;
	while (json_next(a, &at, &key, &value))
		if (!equal(value, json_get(b, key.data)))
			return false;
	return true;
}

/* ---- type */

static bool
is_type(const struct json *value, struct span type)
{
	switch (json_kind(value)) {
	case JSON_ABSENT:
		return false;
	case JSON_NULL:
		return span_is(type, "null");
	case JSON_BOOL:
		return span_is(type, "boolean");
	case JSON_INT:
	case JSON_DOUBLE:
		return span_is(type, "number") ||
			(span_is(type, "integer") && is_whole(value));
	case JSON_TEXT:
		return span_is(type, "string");
	case JSON_ARRAY:
		return span_is(type, "array");
	case JSON_OBJECT:
		return span_is(type, "object");
	}
	return false;
}

static enum err
check_type(const struct check *c, const struct json *schema,
	const struct json *value)
{
	const struct json *type = json_get(schema, "type");
	char what[64] = "is of the wrong type";
	struct span word = json_text(type);

	if (type == NULL || is_type(value, word))
		return OK;
	for (size_t i = 0; i < json_length(type); i++)
		if (is_type(value, json_text(json_at(type, i))))
			return OK;
	if (word.data != NULL)
		snprintf(what, sizeof(what), "must be of type %.*s",
			(int)MIN(word.len, 20), word.data);
	return fail(c, what);
}

/* ---- any type */

static enum err
check_enum(const struct check *c, const struct json *schema,
	const struct json *value)
{
	const struct json *list = json_get(schema, "enum");
	const struct json *only = json_get(schema, "const");

	if (only != NULL && !equal(only, value))
		return fail(c, "is not the one value it may have");
	if (json_kind(list) != JSON_ARRAY)
		return OK;
	for (size_t i = 0; i < json_length(list); i++)
		if (equal(json_at(list, i), value))
			return OK;
	return fail(c, "is not one of the values it may have");
}

static size_t
count_holding(const struct check *c, const struct json *list,
	const struct json *value)
{
	size_t n = 0;

	for (size_t i = 0; i < json_length(list); i++)
		n += holds(c, json_at(list, i), value);
	return n;
}

static enum err
check_combined(const struct check *c, const struct json *schema,
	const struct json *value)
{
	const struct json *all = json_get(schema, "allOf");
	const struct json *any = json_get(schema, "anyOf");
	const struct json *one = json_get(schema, "oneOf");
	const struct json *not = json_get(schema, "not");

	for (size_t i = 0; i < json_length(all); i++)
		TRY(check_value(c, json_at(all, i), value));
	if (json_kind(any) == JSON_ARRAY && count_holding(c, any, value) == 0)
		return fail(c, "has none of the forms it may have");
	if (json_kind(one) == JSON_ARRAY && count_holding(c, one, value) != 1)
		return fail(c, "has not exactly one of the forms it may have");
	if (not != NULL && holds(c, not, value))
		return fail(c, "has a form it may not have");
	return OK;
}

/* ---- numbers, texts */

static enum err
check_bounds(const struct check *c, const struct json *schema, double value,
	const char *min_key, const char *max_key)
{
	const struct json *min = json_get(schema, min_key);
	const struct json *max = json_get(schema, max_key);

	if (is_number(min) && value < json_double(min, 0))
		return fail(c, "is too small or too short");
	if (is_number(max) && value > json_double(max, 0))
		return fail(c, "is too large or too long");
	return OK;
}

static enum err
check_number(const struct check *c, const struct json *schema,
	const struct json *json)
{
	const struct json *above = json_get(schema, "exclusiveMinimum");
	const struct json *below = json_get(schema, "exclusiveMaximum");
	double step = json_double(json_get(schema, "multipleOf"), 0);
	double value = json_double(json, 0);

	TRY(check_bounds(c, schema, value, "minimum", "maximum"));
	if (is_number(above) && value <= json_double(above, 0))
		return fail(c, "is too small");
	if (is_number(below) && value >= json_double(below, 0))
		return fail(c, "is too large");
	if (step > 0 && fabs(value / step - round(value / step)) > 1e-9)
		return fail(c, "is not a multiple of what it must be");
	return OK;
}

/* ---- arrays */

static bool
has_repeats(const struct json *array)
{
	for (size_t i = 1; i < json_length(array); i++)
		for (size_t j = 0; j < i; j++)
			if (equal(json_at(array, i), json_at(array, j)))
				return true;
	return false;
}

static enum err
check_array(const struct check *c, const struct json *schema,
	const struct json *value)
{
	const struct json *items = json_get(schema, "items");
	const struct json *first = json_get(schema, "prefixItems");
	size_t n = json_length(value);

	TRY(check_bounds(c, schema, (double)n, "minItems", "maxItems"));
	for (size_t i = 0; i < n; i++)
		TRY(check_value(c,
			i < json_length(first) ? json_at(first, i) : items,
			json_at(value, i)));
	if (json_boolean(json_get(schema, "uniqueItems"), false) &&
		has_repeats(value))
		return fail(c, "has an item twice");
	return OK;
}

/* ---- objects */

static struct check
below(const struct check *c, struct span key)
{
	struct check member = *c;

	member.path = key;
	return member;
}

static enum err
check_object(const struct check *c, const struct json *schema,
	const struct json *value)
{
	const struct json *known = json_get(schema, "properties"), *member;
	const struct json *more = json_get(schema, "additionalProperties");
	const struct json *required = json_get(schema, "required");
	struct check inner;
	struct span key;
	size_t at = 0;

	TRY(check_bounds(c, schema, (double)json_length(value), "minProperties",
		"maxProperties"));
	for (size_t i = 0; i < json_length(required); i++) {
		key = json_text(json_at(required, i));
		inner = below(c, key);
		if (key.data != NULL && json_get(value, key.data) == NULL)
			return fail(&inner, "is missing");
	}
	while (json_next(value, &at, &key, &member)) {
		const struct json *own = json_get(known, key.data);

		inner = below(c, key);
		if (own == NULL && !json_boolean(more, true))
			return fail(&inner, "is not a known member");
		TRY(check_value(&inner, own != NULL ? own : more, member));
	}
	return OK;
}

/* ---- the whole */

/* "#", "#/$defs/x", "#/definitions/x"; anything else takes everything. */
static const struct json *
resolve(const struct json *root, struct span ref)
{
	static const char *const homes[] = { "$defs", "definitions" };
	char prefix[32];
	size_t len;

	if (span_is(ref, "#"))
		return root;
	for (size_t i = 0; i < LENGTH(homes); i++) {
		len = (size_t)snprintf(
			prefix, sizeof(prefix), "#/%s/", homes[i]);
		if (ref.len > len && memcmp(ref.data, prefix, len) == 0)
			return json_get(
				json_get(root, homes[i]), ref.data + len);
	}
	return NULL;
}

static enum err
check_ref(const struct check *c, const struct json *schema,
	const struct json *value)
{
	struct span ref = json_text(json_get(schema, "$ref"));
	struct check inner = *c;

	if (ref.data == NULL)
		return OK;
	if (inner.refs_left-- == 0)
		return fail(c, "cannot be checked");
	return check_value(&inner, resolve(c->root, ref), value);
}

static enum err
check_value(const struct check *c, const struct json *schema,
	const struct json *value)
{
	if (json_kind(schema) == JSON_BOOL && !json_boolean(schema, true))
		return fail(c, "is not allowed");
	if (json_kind(schema) != JSON_OBJECT)
		return OK;
	if (json_kind(value) == JSON_NULL &&
		json_boolean(json_get(schema, "nullable"), false))
		return OK;
	TRY(check_ref(c, schema, value));
	TRY(check_type(c, schema, value));
	TRY(check_enum(c, schema, value));
	TRY(check_combined(c, schema, value));
	if (is_number(value))
		return check_number(c, schema, value);
	if (json_kind(value) == JSON_TEXT)
		return check_bounds(c, schema,
			(double)utf8_length(json_text(value)), "minLength",
			"maxLength");
	if (json_kind(value) == JSON_ARRAY)
		return check_array(c, schema, value);
	if (json_kind(value) == JSON_OBJECT)
		return check_object(c, schema, value);
	return OK;
}

enum err
json_schema_check(
	const struct json *schema, const struct json *value, struct buf *why)
{
	struct check c = { .root = schema, .why = why, .refs_left = REF_MAX };

	return check_value(&c, schema, value);
}
