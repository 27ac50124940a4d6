/*
 * responses.h: the wire of OpenAI Responses, for all compatible servers.
 * https://platform.openai.com/docs/api-reference/responses
 */

#ifndef LLM_RESPONSES_H
#define LLM_RESPONSES_H

#include "llm/wire.h"

extern const struct wire wire_responses;

#endif
