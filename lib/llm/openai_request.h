/*
 * openai_request.h: the body of an OpenAI Chat Completions request.
 */

#ifndef LLM_OPENAI_REQUEST_H
#define LLM_OPENAI_REQUEST_H

#include "llm/wire.h"

/* Implements the function of wire.h. */
void openai_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked);

#endif
