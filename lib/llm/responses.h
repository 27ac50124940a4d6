/*
 * responses.h: OpenAI Responses, and servers that are compatible with it.
 * https://platform.openai.com/docs/api-reference/responses
 */

#ifndef LLM_RESPONSES_H
#define LLM_RESPONSES_H

#include "llm/wire.h"

extern const struct wire wire_responses;

#endif
