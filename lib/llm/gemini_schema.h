/*
 * gemini_schema.h: JSON Schema in the words of Gemini's Schema, a part of
 * OpenAPI's: whatever else is in one is refused
 * (https://ai.google.dev/api/caching#Schema). `const` and null are written as
 * what means the same, bounds that are exclusive as the next ones, allOf joined,
 * oneOf as anyOf, and what cannot be said is left out.
 */

#ifndef LLM_GEMINI_SCHEMA_H
#define LLM_GEMINI_SCHEMA_H

#include "json/json.h"
#include "json/write.h"

/* Writes *schema*, without references, as an object. */
void gemini_put_schema(struct json_writer *w, const struct json *schema);

#endif
