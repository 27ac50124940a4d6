/*
 * openai.h: OpenAI Chat Completions, and all servers that are compatible with
 * it. https://platform.openai.com/docs/api-reference/chat
 */

#ifndef LLM_OPENAI_H
#define LLM_OPENAI_H

#include "llm/wire.h"

extern const struct wire wire_openai;

#endif
