/*
 * gemini_schema_private.h: private to gemini_schema.c (objects, arrays and
 * choices) and gemini_schema_value.c (types, values and bounds).
 */

#ifndef LLM_GEMINI_SCHEMA_PRIVATE_H
#define LLM_GEMINI_SCHEMA_PRIVATE_H

#include "llm/gemini_schema.h"

/* A schema with those of its allOf, the first of which says what counts. */
#define NODES_MAX 9
struct node {
	const struct json *list[NODES_MAX];
	size_t n;
};

/* The first member of that name, or NULL. */
const struct json *gemini_schema_get(const struct node *node, const char *key);

struct type {
	struct span word; /* the one that it has, or absent */
	const struct json *several; /* or more than one besides null */
	bool nullable;
};

struct type gemini_schema_type(const struct node *node);

/* Writes type, enum and format. */
void gemini_schema_put_type(
	struct json_writer *w, const struct node *node, struct type *type);

/* Writes what is said of a value besides, and the words for people. */
void gemini_schema_put_bounds(struct json_writer *w, const struct node *node);

#endif
