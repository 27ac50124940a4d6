/*
 * think.h: finds thoughts that a server without a parser for its model leaves
 * in the content, between <think> and </think> at its beginning. In whatever
 * pieces the content arrives, the text between the tags is reasoning and the
 * text after them is the answer; blanks at both ends of either are removed.
 *
 * Only the very beginning counts: a later tag is text about tags. A </think>
 * without an opening tag remains text, too. Templates that put the opening tag
 * into the prompt produce it, but by then everything before it has been shown
 * as text and is in the journal; holding all text back until then would be the
 * end of streaming.
 */

#ifndef WIRE_THINK_H
#define WIRE_THINK_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

enum think_state {
	THINK_BEGIN, /* only blanks so far, or part of a tag */
	THINK_LEAD, /* inside, with only blanks so far */
	THINK_INSIDE,
	THINK_TRAIL, /* after it, with only blanks so far */
	THINK_OVER,
};

/* Initialize it with zeros; call think_free() at the end. */
struct think {
	enum think_state state;
	unsigned tag; /* index of the opening tag */
	size_t carried; /* how much of the examined text was held until now */
	struct buf held; /* blanks or part of a tag: THINK_HELD_MAX at most */
};

#define THINK_HELD_MAX 256

struct think_out {
	void (*put)(void *arg, bool reasoning, struct span text);
	void *arg;
};

/* Feeds the next piece of content. */
void
think_feed(struct think *think, struct span text, const struct think_out *out);

/* Passes on what is held, when the content is over or something else comes. */
void think_flush(struct think *think, const struct think_out *out);

void think_free(struct think *think);

#endif
