/*
 * kept.h: the opaque state of a Gemini answer (wire/kept.h), in the form of
 * the AI SDK, under "google":
 *
 *	"thoughtSignature"  of a text, a reasoning part or a call; sent back
 *	                    with it
 *	"id"                of a call, if the model gave it one
 */

#ifndef GEMINI_KEPT_H
#define GEMINI_KEPT_H

#include "wire/kept.h"

#define GEMINI_KIND "gemini"
#define KEPT_CALL_ID "id"

/* A signature that the model accepts for a call that it did not make, or not in
 * this form: https://ai.google.dev/gemini-api/docs/thought-signatures */
#define GEMINI_NO_SIGNATURE "skip_thought_signature_validator"

#endif
