/*
 * request.h: the body of a streamGenerateContent request, as described in
 * wire/wire.h. Settings become members of generationConfig and override those
 * of llm.options; the tools of llm.options (googleSearch) follow ours.
 */

#ifndef GEMINI_REQUEST_H
#define GEMINI_REQUEST_H

#include "wire/wire.h"

void gemini_write(struct arena *arena, const struct llm_ask *ask,
	const struct wire_messages *told, struct json_writer *w,
	struct llm_asked *asked);

#endif
