/*
 * anthropic_delta.h: the short way (short_way.h) through the commonest event
 * of a streamed Anthropic answer: a piece of a text, or of a thought.
 */

#ifndef LLM_ANTHROPIC_DELTA_H
#define LLM_ANTHROPIC_DELTA_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct anthropic_delta {
	int64_t index; /* of its block; 0 where it is not said */
	struct span text, thinking; /* one of them is there */
};

/* False: go the long way. The text lies in *data* or, when it had escapes, in
 * *unescaped*, which is the caller's, and empty. */
bool anthropic_delta_read(
	struct span data, struct buf *unescaped, struct anthropic_delta *out);

#endif
