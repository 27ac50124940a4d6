/*
 * anthropic.h: Anthropic Messages, and all servers that are compatible with
 * it. https://docs.anthropic.com/en/api/messages
 */

#ifndef LLM_ANTHROPIC_H
#define LLM_ANTHROPIC_H

#include "llm/wire.h"

extern const struct wire wire_anthropic;

#endif
