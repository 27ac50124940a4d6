/*
 * gemini_functions.h: declares the functions that a model may call in Gemini's
 * form. Their parameters are a Schema (gemini_schema.h), or, if they contain
 * references, unchanged JSON Schema: parametersJsonSchema.
 */

#ifndef LLM_GEMINI_FUNCTIONS_H
#define LLM_GEMINI_FUNCTIONS_H

#include "json/json.h"
#include "json/write.h"

/* Writes the value of "functionDeclarations"; *tools* is an array in OpenAI's
 * form (settings.h). */
void gemini_put_functions(struct json_writer *w, const struct json *tools);

#endif
