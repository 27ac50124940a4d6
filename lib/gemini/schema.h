/*
 * schema.h: writes JSON Schema in terms of Gemini's Schema, a subset of
 * OpenAPI's; anything else is refused
 * (https://ai.google.dev/api/caching#Schema). `const` and null are replaced by
 * equivalents, exclusive bounds by the next inclusive ones, allOf is merged,
 * oneOf becomes anyOf, and what has no equivalent is left out.
 */

#ifndef GEMINI_SCHEMA_H
#define GEMINI_SCHEMA_H

#include "json/json.h"
#include "json/write.h"

/* Writes *schema*, which must not contain references, as an object. */
void gemini_put_schema(struct json_writer *w, const struct json *schema);

#endif
