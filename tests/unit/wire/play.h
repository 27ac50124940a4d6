/* play.h: the body of an answer as the events that a wire makes of it, in
 * words. Needs no cmocka, so fuzz targets use it, too. */

#ifndef UNIT_WIRE_PLAY_H
#define UNIT_WIRE_PLAY_H

#include "base/buf.h"
#include "wire/wire.h"

/* Appends the events of a body in words, and the result, to *words*, and
 * returns that result; the body is cut every *piece* bytes, and at *cut* (0: nowhere). */
struct cutting {
	size_t piece, cut;
};
struct llm_result wire_play(const struct wire *wire, struct span body,
	struct cutting how, struct buf *words);

#endif
