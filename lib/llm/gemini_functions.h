/*
 * gemini_functions.h: the functions that a model may call, as Gemini wants them
 * declared. Their parameters are a Schema (gemini_schema.h), or, where there are
 * references in them, JSON Schema as it is: parametersJsonSchema.
 */

#ifndef LLM_GEMINI_FUNCTIONS_H
#define LLM_GEMINI_FUNCTIONS_H

#include "json/json.h"
#include "json/write.h"

/* The value of "functionDeclarations": *tools* is an array in OpenAI's form
 * (settings.h). */
void gemini_put_functions(struct json_writer *w, const struct json *tools);

#endif
