/*
 * piece.h: a piece of an item of a streamed OpenAI Responses answer.
 */

#ifndef RESPONSES_PIECE_H
#define RESPONSES_PIECE_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum responses_kind {
	RESPONSES_MESSAGE,
	RESPONSES_REASONING,
	RESPONSES_CALL,
	RESPONSES_OTHER,
};

struct responses_piece {
	enum responses_kind kind;
	struct span id; /* the item's id; may be absent */
	int64_t index; /* output_index; -1 if absent */
	int64_t part; /* content_index or summary_index; 0 if absent */
	bool content; /* for reasoning: a piece of its content */
	struct span text;
};

#endif
