/*
 * delta.h: the short way (wire/short_way.h) through the commonest event of
 * a streamed Anthropic answer: a piece of a text or of a thought.
 */

#ifndef ANTHROPIC_DELTA_H
#define ANTHROPIC_DELTA_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct anthropic_delta {
	int64_t index; /* of its block; 0 if absent */
	struct span text, thinking; /* at most one of them is present */
};

/* False if the event must go the long way. The text lies in *data*, or, if it
 * had escapes, in *unescaped*, which the caller owns and passes empty. */
bool anthropic_delta_read(
	struct span data, struct buf *unescaped, struct anthropic_delta *out);

#endif
