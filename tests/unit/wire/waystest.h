/*
 * waystest.h: the tests of a wire's short way (ways.h), on real events, on these
 * with a few bytes changed, and on their beginnings.
 */

#ifndef UNIT_WIRE_WAYSTEST_H
#define UNIT_WIRE_WAYSTEST_H

#include "ways.h"

struct way {
	const char *event;
	bool is_short;
};

struct ways {
	const struct wire *wire;
	const char *after; /* played after each event */
	const struct way *events;
	size_t n;
};

/* The main() of such a test. */
int ways_test(struct ways *ways);

#endif
