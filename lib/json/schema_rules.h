/*
 * schema_rules.h: the inside of schema.h, for its own files: a schema by its
 * keywords.
 */

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

/* A schema taken apart: what it says under each keyword, or NULL. */
struct rules {
	const struct json *of[KEYWORD_N];
};

/* One lookup a member of the schema, instead of one a keyword. */
struct rules schema_rules(const struct json *schema, unsigned *steps);

#endif
