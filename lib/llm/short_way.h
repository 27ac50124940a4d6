/*
 * short_way.h: reading the commonest event of a stream in one pass and without
 * a tree, for the wires' take_short. Each reader moves on behind what it has
 * taken, or gives false: then the event is of another kind, or not sound, and
 * the long way, which alone judges, has to read it.
 */

#ifndef LLM_SHORT_WAY_H
#define LLM_SHORT_WAY_H

#include "base/attr.h"
#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

struct short_scan {
	const char *at, *end;
	void *out; /* the wire's: what has been read */
};

/* What an object may hold, each at most once, and how its value is read. */
struct short_member {
	struct span key;
	bool (*read)(struct short_scan *scan);
};
#define SHORT_MEMBER(key, read)                  \
	{                                        \
		{ key, sizeof(key) - 1 }, (read) \
	}

/* Nearly always there are none. */
void short_blanks(struct short_scan *scan);

/* One character between values. */
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
/* What stands between the quotes, escapes and all; the same, or null. */
bool short_string(struct short_scan *scan, struct span *out);
bool short_text(struct short_scan *scan, struct span *out);
/* A name or an id, of which nothing is kept; a whole number, not negative; 0. */
bool short_label(struct short_scan *scan);
bool short_number(struct short_scan *scan);
bool short_zero(struct short_scan *scan);
/* What a whole number is worth; false for one of more than nine digits. */
bool short_count(struct short_scan *scan, int64_t *out);

/* Replaces *text* by what it says, in *out* when something was escaped. One
 * such text an event is enough: false when *out* is in use. */
bool short_unescape(struct span *text, struct buf *out);

#endif
