/*
 * gemini_kept.h: what is kept of a Gemini answer (kept.h), as the AI SDK has it,
 * under "google":
 *
 *	"thoughtSignature"  of a text, a reasoning or a call: sent back with it
 *	"id"                of a call that has one of the model's own
 */

#ifndef LLM_GEMINI_KEPT_H
#define LLM_GEMINI_KEPT_H

#include "llm/kept.h"

#define GEMINI_KIND "gemini"
#define KEPT_CALL_ID "id"

/* A signature that the model takes for any call that it did not make, or not in
 * this way: https://ai.google.dev/gemini-api/docs/thought-signatures */
#define GEMINI_NO_SIGNATURE "skip_thought_signature_validator"

#endif
