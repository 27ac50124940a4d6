/*
 * loose.h: JSON as programs write it that do not know JSON, made sound:
 * NaN, Infinity and other words become null, True and False what they mean,
 * numbers like 1. or .5 or 01 null, commas before a closing bracket go, and
 * control characters inside of texts are escaped, and so is a backslash that
 * escapes nothing. What follows the first value
 * is dropped. It is looked at only when a strict reader has refused a text;
 * the result is checked by it again.
 */

#ifndef LLM_LOOSE_H
#define LLM_LOOSE_H

#include "base/buf.h"
#include "base/span.h"

/* Appends the repaired text. */
void loose_repair(struct buf *out, struct span text);

#endif
