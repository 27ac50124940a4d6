/*
 * wire.h: the wire of OpenAI Chat Completions, for all compatible servers.
 * https://platform.openai.com/docs/api-reference/chat
 */

#ifndef OPENAI_WIRE_H
#define OPENAI_WIRE_H

#include "wire/wire.h"

extern const struct wire wire_openai;

#endif
