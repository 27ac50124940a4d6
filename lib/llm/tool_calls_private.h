/*
 * tool_calls_private.h: the parts of tool_calls.h. tool_calls.c keeps the
 * list and its bounds, tool_calls_match.c finds the call of a fragment,
 * tool_calls_track.c turns placed fragments into events, and
 * tool_calls_name.c holds back those whose name is not whole yet.
 */

#ifndef LLM_TOOL_CALLS_PRIVATE_H
#define LLM_TOOL_CALLS_PRIVATE_H

#include "base/attr.h"
#include "base/buf.h"
#include "llm/shape.h"
#include "llm/tool_calls.h"

struct call {
	struct buf first_id, last_id; /* as the provider sent them */
	int64_t first_index, last_index;
	struct buf name;
	struct shape arguments;
	uint64_t hash; /* of the arguments */
	bool empty; /* they are {} so far */
};

/* Fragments of an index whose name has not come yet. */
struct pending {
	int64_t index;
	struct buf id, name, arguments, kept;
	const char *kept_by;
	bool has_id;
	bool forwarded; /* the name is whole */
};

struct tool_calls {
	struct call *calls;
	unsigned n;
	struct pending *pending;
	unsigned n_pending;
	struct buf ids; /* those given out, each with a NUL */
	size_t held, held_max; /* bytes of all of it */
	bool nameless; /* one was dropped */
};

/* Who is told, of what. */
struct tool_out {
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
};

/* The call a fragment continues; or it starts one, or cannot be placed. */
#define CALL_NEW (-1)
#define CALL_AMBIGUOUS (-2)

/* Absent and blank are the same here. */
struct span tool_calls_non_blank(struct span text);

/* Goes on hashing from *hash*, 0 at first. */
uint64_t tool_calls_hash(uint64_t hash, struct span text);

/* The call that *fragment* continues, CALL_NEW or CALL_AMBIGUOUS. */
int tool_calls_match(
	const struct tool_calls *calls, const struct tool_fragment *fragment);

bool tool_call_has_id(const struct call *call, struct span id);

/* Places a fragment, and tells of it. ERR_INVALID for one that starts a call
 * without a name, ERR_TOO_BIG for a call too many. */
MUST_USE enum err tool_calls_track(struct tool_calls *calls,
	struct tool_fragment fragment, const struct tool_out *out);

/* The place of an index; NULL when there are too many. */
struct pending *tool_calls_pending(struct tool_calls *calls, int64_t index);

/* Takes a fragment until the name is whole; then all that was held back is
 * tracked. */
MUST_USE enum err
tool_calls_wait(struct tool_calls *calls, struct pending *pending,
	const struct tool_fragment *fragment, const struct tool_out *out);

/* Tracks what was held back. */
MUST_USE enum err tool_calls_forward(struct tool_calls *calls,
	struct pending *pending, const struct tool_out *out);

#endif
