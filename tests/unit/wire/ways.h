/*
 * ways.h: the two ways of a wire, the short one (take_short of wire/wire.h) and
 * the long one, which must give the same result for any event that the short
 * one takes. Unit tests (waystest.h) and fuzz targets ask here.
 */

#ifndef UNIT_WIRE_WAYS_H
#define UNIT_WIRE_WAYS_H

#include "play.h"

#include <stdbool.h>

/* Whether the event, one line of data, goes the short way. */
bool ways_is_short(const struct wire *wire, struct span event);

/* Plays the event by both ways, and *after* it, which is SSE. False if the
 * results differ; *words* then has them and the event. */
bool ways_agree(const struct wire *wire, struct span event, const char *after,
	struct buf *words);

#endif
