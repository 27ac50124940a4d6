/*
 * wire_cases.h: the bodies of answers in a folder of tests/wires, played whole
 * and cut, which must not change the result.
 */

#ifndef UNIT_WIRE_WIRE_CASES_H
#define UNIT_WIRE_WIRE_CASES_H

#include "play.h"

/* The body of that name. */
struct span
wire_case(struct arena *arena, const char *folder, const char *name);

/* Checks that every body of the folder gives the same result however it is cut.
 * Returns their number. */
size_t wire_cut_all(const struct wire *wire, const char *folder);

#endif
