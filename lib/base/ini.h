/*
 * ini.h: settings files:
 *
 *	# a comment, as is a line that starts with ;
 *	[section]
 *	key = value
 *
 * Blanks around section, key and value do not count; a value ends with its
 * line and may hold anything else, = and # included.
 */

#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/arena.h"
#include "base/err.h"

struct ini_entry {
	const char *section; /* "" before the first [section] */
	const char *key, *value;
	int line; /* from 1 */
};

/*
 * Calls each(entry, arg) for every key in turn; the texts live in *arena*. An
 * error of *each* ends it and is returned. ERR_INVALID for a line of none of
 * the forms above, logged with *path* and its number.
 */
MUST_USE enum err
ini_each(struct arena *arena, const char *path, struct span text,
	enum err (*each)(const struct ini_entry *entry, void *arg), void *arg);

/*
 * The text with `key = value` in [section], in *arena*: in place of the line that
 * sets it, else of one that would if its # were not there, else at the section's
 * end. All other lines stay as they are. The value is one line (not checked).
 */
struct span ini_set(struct arena *arena, struct span text, const char *section,
	const char *key, const char *value);

#endif
