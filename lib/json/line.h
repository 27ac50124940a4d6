/*
 * line.h: a single line that people choose or rely on: a title, a file name.
 * Invisible characters could make it look empty, or like another line, so they
 * are removed.
 */

#ifndef JSON_LINE_H
#define JSON_LINE_H

#include "base/arena.h"
#include "base/span.h"

/*
 * The visible part of valid text: without zero-width characters, direction
 * controls, tags and fillers (Unicode's Default_Ignorable_Code_Point and
 * Bidi_Control); each run of blanks, line ends and control characters becomes
 * one blank, and none remain at the ends. Joiners and selectors after a
 * character stay, because emoji and some scripts need them. In *arena*; empty
 * if nothing is visible.
 */
struct span line_seen(struct arena *arena, struct span text);

/* *line*, cut to so many grapheme clusters and characters; if it is cut, it
 * ends with an ellipsis. In *arena*. */
struct span line_cut(struct arena *arena, struct span line, size_t clusters_max,
	size_t chars_max);

#endif
