/* schema_rules.h: internal to schema.h: a schema by its keywords. */

#ifndef JSON_SCHEMA_RULES_H
#define JSON_SCHEMA_RULES_H

#include "json/json.h"

enum keyword {
	ADDITIONAL_PROPERTIES,
	ALL_OF,
	ANY_OF,
	CONST,
	ENUM,
	EXCLUSIVE_MAXIMUM,
	EXCLUSIVE_MINIMUM,
	ITEMS,
	MAX_ITEMS,
	MAX_LENGTH,
	MAX_PROPERTIES,
	MAXIMUM,
	MIN_ITEMS,
	MIN_LENGTH,
	MIN_PROPERTIES,
	MINIMUM,
	MULTIPLE_OF,
	NOT,
	NULLABLE,
	ONE_OF,
	PREFIX_ITEMS,
	PROPERTIES,
	REF,
	REQUIRED,
	TYPE,
	UNIQUE_ITEMS,
	KEYWORD_N,
};

/* A schema taken apart: the value of each keyword, or NULL. */
struct rules {
	const struct json *of[KEYWORD_N];
};

/* Looks up each member of the schema once, instead of each keyword. */
struct rules schema_rules(const struct json *schema, unsigned *steps);

#endif
