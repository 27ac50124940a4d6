/*
 * chunk.h: reads an event of a streamed OpenAI Chat Completions answer
 * in every form that servers use. Unused members are not examined, and unusable
 * values are ignored, so nothing here fails.
 */

#ifndef OPENAI_CHUNK_H
#define OPENAI_CHUNK_H

#include "base/buf.h"
#include "wire/event.h"
#include "json/json.h"

#include <stdbool.h>

/*
 * The choice to follow, or NULL: the one with index 0, or without an index.
 * Another index is accepted only while *zero_seen* is false, because some
 * servers count from 1. `choices` may be an object: the choice itself, or
 * choices by number.
 */
const struct json *openai_choice(const struct json *chunk, bool *zero_seen);

/* The choice's `delta`, otherwise its `message`; NULL if it has neither. */
const struct json *openai_delta_of(const struct json *choice);

/* Appends the text of a content: a string, a number, an object with one, or a
 * list of those. *thoughts* selects either only the thoughts or everything but
 * them. */
void
openai_put_content(struct buf *out, const struct json *content, bool thoughts);

/* The first member of *delta* that contains reasoning; NULL if there is
 * none. */
const struct json *openai_reasoning(const struct json *delta);

/* Takes a finish reason; "" and "null" are none. */
void openai_take_finish(
	enum llm_finish *finish, enum llm_fault *fault, struct span word);

/* The index of a tool call, given as a number or a string; -1 if there is
 * none. */
int64_t openai_index(const struct json *call);

/* Gemini's thought signature of a tool call, or absent. */
struct span openai_signature(const struct json *call);

#endif
