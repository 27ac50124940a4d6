/*
 * openai_chunk.h: whether a JSON value is a chunk of a streamed OpenAI Chat
 * Completions answer: what is read of it has the type that it should have, or
 * is null or absent; what is not read may be anything.
 */

#ifndef LLM_OPENAI_CHUNK_H
#define LLM_OPENAI_CHUNK_H

#include "json/json.h"

#include <stdbool.h>

bool openai_is_chunk(const struct json *chunk);

/* Whether it reports an error, of any form; it need not be a chunk then. */
bool openai_has_error(const struct json *chunk);

/* Gemini's thought signature of a tool call, or absent. */
struct span openai_signature(const struct json *call);

#endif
