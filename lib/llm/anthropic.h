/*
 * anthropic.h: the wire of Anthropic Messages, for all compatible servers.
 * https://docs.anthropic.com/en/api/messages
 */

#ifndef LLM_ANTHROPIC_H
#define LLM_ANTHROPIC_H

#include "llm/wire.h"

extern const struct wire wire_anthropic;

#endif
