/*
 * delta.h: the short way through the commonest chunk of a streamed
 * OpenAI Chat Completions answer, of which there is one per token: one choice
 * with a piece of text or reasoning, and nothing else that counts. It is read
 * in one pass and without a tree. Anything else, and anything invalid, is left
 * to the long way (chunk.h), which alone judges.
 */

#ifndef OPENAI_DELTA_H
#define OPENAI_DELTA_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct openai_delta {
	struct span content, reasoning; /* absent if missing or null */
};

/* False if the event must go the long way. The texts lie in *data*, or, if they
 * had escapes, in *unescaped*, which the caller owns and passes empty. */
bool openai_delta_read(
	struct span data, struct buf *unescaped, struct openai_delta *out);

#endif
