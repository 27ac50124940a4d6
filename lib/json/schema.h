/*
 * schema.h: validates the arguments of tool calls against a JSON Schema. It
 * supports a subset: a keyword missing from the list below is ignored, as the
 * specification allows for unknown keywords.
 *
 *	type (also a list; integer: a number without fraction), enum, const,
 *	properties, required, additionalProperties, minProperties,
 *	maxProperties, items, prefixItems, minItems, maxItems, uniqueItems,
 *	minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf,
 *	minLength, maxLength (in characters), anyOf, oneOf, allOf, not,
 *	$ref into #/$defs and #/definitions, true, false, nullable
 *
 * Not supported: pattern, format, if/then/else, dependent*, remote $ref.
 */

#ifndef JSON_SCHEMA_H
#define JSON_SCHEMA_H

#include "base/buf.h"
#include "json/json.h"

/* Even a small value and a small schema can require an endless check (two
 * recursive forms of $ref). The check therefore visits only so many values and
 * keywords, in about 2 ms; a value that needs more is invalid. */
#define JSON_SCHEMA_STEPS 20000

/*
 * ERR_INVALID after appending one reason to *why* ("city is required", "days
 * must be an integer"). An absent schema accepts every value.
 */
MUST_USE enum err json_schema_check(
	const struct json *schema, const struct json *value, struct buf *why);

#endif
