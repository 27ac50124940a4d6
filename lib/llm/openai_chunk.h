/*
 * openai_chunk.h: what an event of a streamed OpenAI Chat Completions answer
 * says, in every form in which it is sent. What is not used is not looked at,
 * and what cannot be used is as if it were not there: nothing here fails.
 */

#ifndef LLM_OPENAI_CHUNK_H
#define LLM_OPENAI_CHUNK_H

#include "base/buf.h"
#include "llm/event.h"
#include "json/json.h"

#include <stdbool.h>

/*
 * The choice that is followed, or NULL: index 0, or without an index. One with
 * another index only as long as *zero_seen* is false: some count from 1.
 * `choices` may be an object: the choice itself, or choices by number.
 */
const struct json *openai_choice(const struct json *chunk, bool *zero_seen);

/* Its `delta`, or `message` where that is not there; NULL for neither. */
const struct json *openai_delta_of(const struct json *choice);

/* Appends the text of a content: a text, a number, an object with one, a list
 * of those; thoughts in it are left out, or are all that is taken. */
void
openai_put_content(struct buf *out, const struct json *content, bool thoughts);

/* The first member of *delta* that has thoughts in it, or NULL. */
const struct json *openai_reasoning(const struct json *delta);

/* Whether an error is reported, in the chunk or in its choice. `error` counts
 * only when it says something: not null, "", {}, false, nor {"code":0}. */
bool openai_has_error(const struct json *chunk);

/* Whether it looks like an error, but may be a mere note: {"message":...}. */
bool openai_may_be_error(const struct json *chunk);

/* Takes over what is usable; what is not there stays as it was. */
void openai_take_usage(struct llm_usage *usage, const struct json *chunk);

/* Takes over a finish reason; "" and "null" are none. */
void openai_take_finish(
	enum llm_finish *finish, enum llm_fault *fault, struct span word);

/* The index of a tool call, a number or a text; -1 for none. */
int64_t openai_index(const struct json *call);

/* Gemini's thought signature of a tool call, or absent. */
struct span openai_signature(const struct json *call);

#endif
