/*
 * think.h: thoughts that a server leaves in the content, between <think> and
 * </think> at its beginning, because it has no parser for its model. In
 * whatever pieces the content comes, what is between is reasoning and what
 * follows is text; blanks at both ends of either go.
 *
 * Only the very beginning counts: a later tag is something that the model says
 * about tags. A </think> that nothing opened stays text, too: templates that
 * put the opening tag into the prompt leave it there, but what came before has
 * been shown as text by then and stands in the journal, and to hold all text
 * back until it is known whether one comes would be the end of streaming.
 */

#ifndef LLM_THINK_H
#define LLM_THINK_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

enum think_state {
	THINK_BEGIN, /* only blanks so far, or a piece of a tag */
	THINK_LEAD, /* inside, only blanks so far */
	THINK_INSIDE,
	THINK_TRAIL, /* behind it, only blanks so far */
	THINK_OVER,
};

/* Begins all zero; think_free() at the end. */
struct think {
	enum think_state state;
	unsigned tag; /* which one has been opened */
	size_t carried; /* of what is looked at: held until now */
	struct buf
		held; /* blanks or a piece of a tag: THINK_HELD_MAX at most */
};

#define THINK_HELD_MAX 256

struct think_out {
	void (*put)(void *arg, bool reasoning, struct span text);
	void *arg;
};

/* The next piece of content. */
void
think_feed(struct think *think, struct span text, const struct think_out *out);

/* Gives what is held back: the content is over, or something else comes. */
void think_flush(struct think *think, const struct think_out *out);

void think_free(struct think *think);

#endif
