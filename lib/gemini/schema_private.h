/*
 * schema_private.h: shared by schema.c (objects, arrays and
 * alternatives) and schema_value.c (types, values and bounds).
 */

#ifndef GEMINI_SCHEMA_PRIVATE_H
#define GEMINI_SCHEMA_PRIVATE_H

#include "gemini/schema.h"

/* A schema and the schemas of its allOf; the first one with a member counts. */
#define NODES_MAX 9
struct node {
	const struct json *list[NODES_MAX];
	size_t n;
};

/* The first member of that name; NULL if there is none. */
const struct json *gemini_schema_get(const struct node *node, const char *key);

struct type {
	struct span word; /* the only type, or absent */
	/* several types besides null; otherwise NULL */
	const struct json *several;
	bool nullable;
};

struct type gemini_schema_type(const struct node *node);

/* Writes type, enum and format. */
void gemini_schema_put_type(
	struct json_writer *w, const struct node *node, struct type *type);

/* Writes all other constraints of a value, and the texts for people. */
void gemini_schema_put_bounds(struct json_writer *w, const struct node *node);

#endif
