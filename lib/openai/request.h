/*
 * request.h: the body of an OpenAI Chat Completions request.
 */

#ifndef OPENAI_REQUEST_H
#define OPENAI_REQUEST_H

#include "wire/wire.h"

/* Implements the function of wire/wire.h. */
void openai_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked);

#endif
