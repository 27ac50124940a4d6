#include "json/schema.h"

#include "json/equal.h"
#include "json/schema_rules.h"
#include "json/utf8.h"

#include <math.h>
#include <stdio.h>

/* $ref may be circular; no schema of a tool nests deeper than this. */
#define REF_MAX 64
#define BYTES_A_STEP 256

struct check {
	const struct json *root; /* the target of $ref */
	struct buf *why; /* NULL: no reason is wanted */
	struct span path; /* the current member; empty: the whole value */
	unsigned refs_left;
	unsigned *steps_left; /* shared by the whole check */
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

/* Whether the value is valid, without a reason. */
static bool
holds(const struct check *c, const struct json *schema,
	const struct json *value)
{
	struct check quiet = *c;

	quiet.why = NULL;
	return check_value(&quiet, schema, value) == OK;
}

static bool
is_whole(const struct json *json)
{
	double value = json_double(json, 0.5);

	return json_is_number(json) && floor(value) == value;
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
check_type(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	const struct json *type = rules->of[TYPE];
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
check_enum(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	const struct json *list = rules->of[ENUM];
	const struct json *only = rules->of[CONST];

	if (only != NULL && !json_equal(only, value, c->steps_left))
		return fail(c, "is not the required value");
	if (json_kind(list) != JSON_ARRAY)
		return OK;
	for (size_t i = 0; i < json_length(list); i++)
		if (json_equal(json_at(list, i), value, c->steps_left))
			return OK;
	return fail(c, "is not one of the allowed values");
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
check_combined(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	const struct json *all = rules->of[ALL_OF];
	const struct json *any = rules->of[ANY_OF];
	const struct json *one = rules->of[ONE_OF];
	const struct json *not = rules->of[NOT];

	for (size_t i = 0; i < json_length(all); i++)
		TRY(check_value(c, json_at(all, i), value));
	if (json_kind(any) == JSON_ARRAY && count_holding(c, any, value) == 0)
		return fail(c, "matches none of the allowed forms");
	if (json_kind(one) == JSON_ARRAY && count_holding(c, one, value) != 1)
		return fail(c, "must match exactly one of the allowed forms");
	if (not != NULL && holds(c, not, value))
		return fail(c, "matches a form that is not allowed");
	return OK;
}

/* ---- numbers, texts */

static enum err
check_bounds(const struct check *c, const struct rules *rules, double value,
	enum keyword min_key, enum keyword max_key)
{
	const struct json *min = rules->of[min_key];
	const struct json *max = rules->of[max_key];

	if (json_is_number(min) && value < json_double(min, 0))
		return fail(c, "is too small or too short");
	if (json_is_number(max) && value > json_double(max, 0))
		return fail(c, "is too large or too long");
	return OK;
}

static enum err
check_number(const struct check *c, const struct rules *rules,
	const struct json *json)
{
	const struct json *above = rules->of[EXCLUSIVE_MINIMUM];
	const struct json *below = rules->of[EXCLUSIVE_MAXIMUM];
	double step = json_double(rules->of[MULTIPLE_OF], 0);
	double value = json_double(json, 0);

	TRY(check_bounds(c, rules, value, MINIMUM, MAXIMUM));
	if (json_is_number(above) && value <= json_double(above, 0))
		return fail(c, "is too small");
	if (json_is_number(below) && value >= json_double(below, 0))
		return fail(c, "is too large");
	if (step > 0 && fabs(value / step - round(value / step)) > 1e-9)
		return fail(c, "is not a multiple of the required number");
	return OK;
}

/* ---- arrays */

static enum err
check_array(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	const struct json *items = rules->of[ITEMS];
	const struct json *first = rules->of[PREFIX_ITEMS];
	size_t n = json_length(value);

	TRY(check_bounds(c, rules, (double)n, MIN_ITEMS, MAX_ITEMS));
	for (size_t i = 0; i < n; i++)
		TRY(check_value(c,
			i < json_length(first) ? json_at(first, i) : items,
			json_at(value, i)));
	if (json_boolean(rules->of[UNIQUE_ITEMS], false) &&
		json_has_repeats(value, c->steps_left))
		return fail(c, "has a duplicate item");
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
check_object(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	const struct json *known = rules->of[PROPERTIES], *member;
	const struct json *more = rules->of[ADDITIONAL_PROPERTIES];
	const struct json *required = rules->of[REQUIRED];
	struct check inner;
	struct span key;
	size_t at = 0;

	TRY(check_bounds(c, rules, (double)json_length(value), MIN_PROPERTIES,
		MAX_PROPERTIES));
	for (size_t i = 0; i < json_length(required); i++) {
		if (!json_spend(c->steps_left, 1))
			break;
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

/* ---- the whole check */

/* "#", "#/$defs/x", "#/definitions/x"; any other reference accepts
 * everything. */
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
check_ref(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	struct span ref = json_text(rules->of[REF]);
	struct check inner = *c;

	if (ref.data == NULL)
		return OK;
	if (inner.refs_left-- == 0)
		return fail(c, "cannot be checked");
	return check_value(&inner, resolve(c->root, ref), value);
}

static enum err
check_length(const struct check *c, const struct rules *rules, struct span text)
{
	if (rules->of[MIN_LENGTH] == NULL && rules->of[MAX_LENGTH] == NULL)
		return OK;
	if (!json_spend(c->steps_left, text.len / BYTES_A_STEP))
		return OK;
	return check_bounds(
		c, rules, (double)utf8_length(text), MIN_LENGTH, MAX_LENGTH);
}

static enum err
check_rules(const struct check *c, const struct rules *rules,
	const struct json *value)
{
	TRY(check_ref(c, rules, value));
	TRY(check_type(c, rules, value));
	TRY(check_enum(c, rules, value));
	TRY(check_combined(c, rules, value));
	if (json_is_number(value))
		return check_number(c, rules, value);
	if (json_kind(value) == JSON_TEXT)
		return check_length(c, rules, json_text(value));
	if (json_kind(value) == JSON_ARRAY)
		return check_array(c, rules, value);
	if (json_kind(value) == JSON_OBJECT)
		return check_object(c, rules, value);
	return OK;
}

/* Without steps every check fails, and so does the whole in the end. */
static enum err
check_value(const struct check *c, const struct json *schema,
	const struct json *value)
{
	struct rules rules;

	if (!json_spend(c->steps_left, 1))
		return ERR_INVALID;
	if (json_kind(schema) == JSON_BOOL && !json_boolean(schema, true))
		return fail(c, "is not allowed");
	if (json_kind(schema) != JSON_OBJECT)
		return OK;
	rules = schema_rules(schema, c->steps_left);
	if (json_kind(value) == JSON_NULL &&
		json_boolean(rules.of[NULLABLE], false))
		return OK;
	return check_rules(c, &rules, value);
}

enum err
json_schema_check(
	const struct json *schema, const struct json *value, struct buf *why)
{
	unsigned steps = JSON_SCHEMA_STEPS;
	struct check c = { .root = schema,
		.why = why,
		.refs_left = REF_MAX,
		.steps_left = &steps };
	enum err err = check_value(&c, schema, value);

	if (steps > 0)
		return err;
	buf_clear(why);
	c.path = (struct span){ NULL, 0 };
	return fail(&c, "is too complex to be checked");
}
