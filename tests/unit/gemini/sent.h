/* sent.h: conversations as requests to a Gemini model. */

#ifndef UNIT_GEMINI_SENT_H
#define UNIT_GEMINI_SENT_H

#include "llm/request.h"

#define MODEL "gemini-test"

/* *options* is llm.options, or NULL. */
struct llm_settings gemini_settings(struct arena *arena, const char *options);

/* *messages*: [{"role", "parts", "other"?: made by another model}]; *takes* as
 * in llm.takes. */
void gemini_request(struct arena *arena, struct llm_ask *ask, const char *takes,
	const char *messages, struct buf *body, struct llm_asked *asked);

/* Parts of messages, and of contents. */
#define USER(parts) "{\"role\":\"user\",\"parts\":[" parts "]}"
#define TEXT(text) "{\"type\":\"text\",\"text\":\"" text "\"}"
#define T(text) "{\"text\":\"" text "\"}"

#endif
