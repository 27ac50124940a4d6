/*
 * openai.h: the wire of OpenAI Chat Completions, for all compatible servers.
 * https://platform.openai.com/docs/api-reference/chat
 */

#ifndef LLM_OPENAI_H
#define LLM_OPENAI_H

#include "llm/wire.h"

extern const struct wire wire_openai;

#endif
