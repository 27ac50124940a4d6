/*
 * schema.h: whether a value fits a JSON Schema, for the arguments of tool
 * calls. A subset, honest about it: a keyword that is not in the list below
 * is ignored, as the specification allows for unknown ones.
 *
 *	type (also a list; integer: a number without fraction), enum, const,
 *	properties, required, additionalProperties, minProperties,
 *	maxProperties, items, prefixItems, minItems, maxItems, uniqueItems,
 *	minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf,
 *	minLength, maxLength (in characters), anyOf, oneOf, allOf, not,
 *	$ref into #/$defs and #/definitions, true, false, nullable
 *
 * Not: pattern, format, if/then/else, dependent*, remote $ref.
 */

#ifndef JSON_SCHEMA_H
#define JSON_SCHEMA_H

#include "base/buf.h"
#include "json/json.h"

/* A value and a schema can be small and their check endless ($ref in two
 * forms, each of them recursive): so many values and keywords are looked at,
 * in about 2 ms; what needs more does not fit. */
#define JSON_SCHEMA_STEPS 20000

/*
 * ERR_INVALID after appending one reason to *why* ("city is required",
 * "days must be an integer"). A schema that is absent takes everything.
 */
MUST_USE enum err json_schema_check(
	const struct json *schema, const struct json *value, struct buf *why);

#endif
