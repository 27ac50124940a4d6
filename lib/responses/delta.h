/*
 * delta.h: the short way (wire/short_way.h) through the commonest events
 * of a streamed OpenAI Responses answer, of which there is one per token: a
 * piece of text, or of reasoning.
 */

#ifndef RESPONSES_DELTA_H
#define RESPONSES_DELTA_H

#include "base/buf.h"
#include "responses/piece.h"

/* False if the event must go the long way. The text lies in *data*, or, if it
 * had escapes, in *unescaped*, which the caller owns and passes empty. */
bool responses_delta_read(
	struct span data, struct buf *unescaped, struct responses_piece *out);

#endif
