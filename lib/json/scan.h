/* scan.h: internal to json.h: reads JSON from left to right. */

#ifndef JSON_SCAN_H
#define JSON_SCAN_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct keys;

struct scan {
	const char *at;
	const char *end;
	unsigned depth_left;
	bool nul; /* the last text contains a NUL */
	size_t tree_left; /* tree memory left for further values, in bytes */
	struct keys *keys; /* keys of the open objects; NULL: not checked */
};

static inline void
scan_blanks(struct scan *s)
{
	while (s->at < s->end &&
		(*s->at == ' ' || *s->at == '\t' || *s->at == '\n' ||
			*s->at == '\r'))
		s->at++;
}

/* Consumes *c* if it is the next character. */
static inline bool
scan_take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* Scans the value at the cursor. ERR_INVALID | ERR_TOO_BIG. */
MUST_USE enum err scan_bare(struct scan *s);

/* The value of four hex digits. */
unsigned scan_hex4(const char *at);

/* Appends the text that the inside of a quoted, checked text spells, as
 * WTF-8. */
void scan_unescape(struct span inner, struct buf *out);

/* json_check() with a memory limit for the tree; *once* also refuses duplicate
 * keys. */
MUST_USE enum err json_check_tree(struct span text, size_t tree_max, bool once);

/* The memory that checked text would take as a tree, in bytes. */
size_t json_tree_size(struct span text);

#endif
