/*
 * short_way.h: reads the commonest event of a stream in one pass and without a
 * tree, for the wires' take_short. Each reader advances past what it has taken,
 * or returns false if the event is of another kind, or invalid; the long way
 * then reads it, and alone judges it.
 */

#ifndef WIRE_SHORT_WAY_H
#define WIRE_SHORT_WAY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct short_scan {
	const char *at, *end;
	void *out; /* the wire's: what has been read so far */
};

/* A member that an object may have, at most once, and how its value is read. */
struct short_member {
	struct span key;
	bool (*read)(struct short_scan *scan);
};
#define SHORT_MEMBER(key, read)                  \
	{                                        \
		{ key, sizeof(key) - 1 }, (read) \
	}

/* There are hardly ever any. */
void short_blanks(struct short_scan *scan);

/* Takes one character between values. */
static inline bool
short_take(struct short_scan *scan, char c)
{
	if (scan->at < scan->end && *scan->at <= ' ')
		short_blanks(scan);
	if (scan->at == scan->end || *scan->at != c)
		return false;
	scan->at++;
	return true;
}

/* At most 32 members. */
bool short_object(
	struct short_scan *scan, const struct short_member *members, size_t n);

bool short_null(struct short_scan *scan);
/* Take a string with its escapes, or a string or null. */
bool short_string(struct short_scan *scan, struct span *out);
bool short_text(struct short_scan *scan, struct span *out);
/* Skip a name or an id; a whole, non-negative number; a 0. */
bool short_label(struct short_scan *scan);
bool short_number(struct short_scan *scan);
bool short_zero(struct short_scan *scan);
/* Takes a whole number and its value; false if it has more than nine digits. */
bool short_count(struct short_scan *scan, int64_t *out);

/* Unescapes *text*, into *out* if it has escapes. There may be one such text
 * per event: false if *out* is in use. */
bool short_unescape(struct span *text, struct buf *out);

#endif
