/*
 * openai_delta.h: the short way through the commonest chunk of a streamed
 * OpenAI Chat Completions answer, of which there is one a token: one choice
 * with a piece of text or reasoning, and nothing else that counts. It is read
 * in one pass and without a tree. Whatever is not exactly of that kind, or not
 * sound, is left to the long way (openai_chunk.h), which alone judges.
 */

#ifndef LLM_OPENAI_DELTA_H
#define LLM_OPENAI_DELTA_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct openai_delta {
	struct span content, reasoning; /* absent when not there or null */
};

/* False: go the long way. The texts lie in *data* or, when they had escapes,
 * in *unescaped*, which is the caller's, and empty. */
bool openai_delta_read(
	struct span data, struct buf *unescaped, struct openai_delta *out);

#endif
