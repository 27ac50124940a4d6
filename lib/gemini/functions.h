/*
 * functions.h: declares the functions that a model may call in Gemini's
 * form. Their parameters are a Schema (schema.h), or, if they contain
 * references, unchanged JSON Schema: parametersJsonSchema.
 */

#ifndef GEMINI_FUNCTIONS_H
#define GEMINI_FUNCTIONS_H

#include "json/json.h"
#include "json/write.h"

/* Writes the value of "functionDeclarations"; *tools* is an array in OpenAI's
 * form (wire/settings.h). */
void gemini_put_functions(struct json_writer *w, const struct json *tools);

#endif
