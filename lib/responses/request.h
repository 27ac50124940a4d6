/*
 * request.h: the body of an OpenAI Responses request.
 */

#ifndef RESPONSES_REQUEST_H
#define RESPONSES_REQUEST_H

#include "wire/wire.h"

/* Implements the function of wire/wire.h. */
void responses_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked);

#endif
