/*
 * gemini.h: the wire of Google's Gemini API, streamGenerateContent as
 * server-sent events (https://ai.google.dev/api/generate-content).
 */

#ifndef LLM_GEMINI_H
#define LLM_GEMINI_H

#include "llm/wire.h"

extern const struct wire wire_gemini;

#endif
