/*
 * openai_part.h: one UI message of a conversation as messages of an OpenAI
 * request. Inside of openai_request.c.
 */

#ifndef LLM_OPENAI_PART_H
#define LLM_OPENAI_PART_H

#include "json/json.h"
#include "json/write.h"

#include <stdbool.h>

/* Each gets the parsed `parts` array. */
void openai_put_system(struct json_writer *w, const struct json *parts);
void openai_put_user(struct json_writer *w, const struct json *parts);
void openai_put_assistant(struct json_writer *w, const struct json *parts);

/* A text member of a part, or absent; whether the part has that type. */
struct span openai_part_text(const struct json *part, const char *key);
bool openai_part_is(const struct json *part, const char *type);

/* Members that a client asked to be passed on (cache_control and the like):
 * metadata.openaiCompatible, but never those that we write ourselves. */
void openai_put_passed_on(struct json_writer *w, const struct json *metadata);

#endif
