/*
 * wire.h: the wire of OpenAI Responses, for all compatible servers.
 * https://platform.openai.com/docs/api-reference/responses
 */

#ifndef RESPONSES_WIRE_H
#define RESPONSES_WIRE_H

#include "wire/wire.h"

extern const struct wire wire_responses;

#endif
