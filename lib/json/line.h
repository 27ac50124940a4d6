/*
 * line.h: one line that people choose or judge by: titles, names of files. What
 * cannot be seen could make it look empty, or like another: it goes.
 */

#ifndef JSON_LINE_H
#define JSON_LINE_H

#include "base/arena.h"
#include "base/span.h"

/*
 * What is seen of valid text: without zero-width characters, controls of
 * direction, tags and fillers (Unicode's Default_Ignorable_Code_Point and
 * Bidi_Control), and with every run of blanks, line ends and controls as one
 * blank, none at the ends. Joiners and selectors behind a character stay:
 * emoji and some scripts need them. In *arena*; empty when nothing is seen.
 */
struct span line_seen(struct arena *arena, struct span text);

/* *line* cut behind so many grapheme clusters, and so many characters, with an
 * ellipsis then. In *arena*. */
struct span line_cut(struct arena *arena, struct span line, size_t clusters_max,
	size_t chars_max);

#endif
