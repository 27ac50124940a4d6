/*
 * responses_delta.h: the short way through the commonest events of a streamed
 * OpenAI Responses answer, of which there is one a token: a piece of text, or
 * of reasoning (short_way.h).
 */

#ifndef LLM_RESPONSES_DELTA_H
#define LLM_RESPONSES_DELTA_H

#include "base/buf.h"
#include "llm/responses_piece.h"

/* False: go the long way. The text lies in *data* or, when it had escapes, in
 * *unescaped*, which is the caller's, and empty. */
bool responses_delta_read(
	struct span data, struct buf *unescaped, struct responses_piece *out);

#endif
