/*
 * scan.h: the inside of json.h, for its own files: reading JSON from left to
 * right.
 */

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
	bool nul; /* the last text holds one */
	size_t tree_left; /* bytes that the values may still take as a tree */
	struct keys *keys; /* of the open objects; NULL: not looked at */
};

static inline void
scan_blanks(struct scan *s)
{
	while (s->at < s->end &&
		(*s->at == ' ' || *s->at == '\t' || *s->at == '\n' ||
			*s->at == '\r'))
		s->at++;
}

/* Goes on behind *c* when it is next. */
static inline bool
scan_take(struct scan *s, char c)
{
	if (s->at == s->end || *s->at != c)
		return false;
	s->at++;
	return true;
}

/* The value at the cursor. ERR_INVALID | ERR_TOO_BIG. */
MUST_USE enum err scan_bare(struct scan *s);

/* The value of four hex digits. */
unsigned scan_hex4(const char *at);

/* Appends what the inside of a quoted, checked text spells, as WTF-8. */
void scan_unescape(struct span inner, struct buf *out);

/* json_check() with a cap on the tree and, with *once*, on equal keys. */
MUST_USE enum err json_check_tree(struct span text, size_t tree_max, bool once);

/* What checked text would take as a tree. */
size_t json_tree_size(struct span text);

#endif
