/*
 * wire_cases.h: the bodies of answers in a folder of tests/wires, played whole
 * and cut, which must not change the result.
 */

#ifndef UNIT_WIRE_WIRE_CASES_H
#define UNIT_WIRE_WIRE_CASES_H

#include "base/buf.h"
#include "wire/wire.h"

/* Appends the events of a body in words, and the result, to *words*; the body
 * is cut every *piece* bytes, and at *cut* (0: nowhere). */
struct cutting {
	size_t piece, cut;
};
void wire_play(const struct wire *wire, struct span body, struct cutting how,
	struct buf *words);

/* The body of that name. */
struct span
wire_case(struct arena *arena, const char *folder, const char *name);

/* Checks that every body of the folder gives the same result however it is cut.
 * Returns their number. */
size_t wire_cut_all(const struct wire *wire, const char *folder);

#endif
