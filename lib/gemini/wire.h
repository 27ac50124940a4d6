/*
 * wire.h: the wire of Google's Gemini API, streamGenerateContent as
 * server-sent events (https://ai.google.dev/api/generate-content).
 */

#ifndef GEMINI_WIRE_H
#define GEMINI_WIRE_H

#include "wire/wire.h"

extern const struct wire wire_gemini;

#endif
