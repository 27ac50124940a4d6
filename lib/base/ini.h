/*
 * ini.h: settings files:
 *
 *	# a comment, as is a line that starts with ;
 *	[section]
 *	key = value
 *
 * Blanks around section, key and value are ignored, and so is one pair of
 * quotation marks around a value ("..." or '...'); a value extends to the end of
 * its line and may contain anything else, = and # included.
 */

#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/arena.h"
#include "base/err.h"

struct ini_entry {
	const char *section; /* "" before the first [section] */
	const char *key, *value;
	int line; /* counted from 1 */
};

/*
 * Calls each(entry, arg) for every key in file order; the texts live in
 * *arena*. If *each* returns an error, stops and returns it. ERR_INVALID for a
 * line in none of the forms above, logged with *path* and the line number.
 */
MUST_USE enum err
ini_each(struct arena *arena, const char *path, struct span text,
	enum err (*each)(const struct ini_entry *entry, void *arg), void *arg);

/*
 * Returns the text with `key = value` set in [section], in *arena*. The new
 * line replaces the line that sets the key; if there is none, a commented-out
 * line of that key; otherwise it is added at the section's end. All other lines
 * stay unchanged. *value* must be a single line (not checked).
 */
struct span ini_set(struct arena *arena, struct span text, const char *section,
	const char *key, const char *value);

#endif
