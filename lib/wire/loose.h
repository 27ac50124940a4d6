/*
 * loose.h: repairs JSON from programs that write it incorrectly. NaN, Infinity
 * and other words become null; True and False become true and false; numbers
 * such as 1. or .5 or 01 become null; commas before a closing bracket are
 * removed; in strings, control characters and invalid backslashes are escaped.
 * Text after the first value is dropped. It is used only after a strict parser
 * has refused a text, and the strict parser checks the result.
 */

#ifndef WIRE_LOOSE_H
#define WIRE_LOOSE_H

#include "base/buf.h"
#include "base/span.h"

/* Appends the repaired text. */
void loose_repair(struct buf *out, struct span text);

#endif
