/*
 * tool_calls_private.h: shared by the parts of tool_calls.h. tool_calls.c keeps
 * the list and its limits, tool_calls_match.c finds the call of a fragment,
 * tool_calls_track.c turns placed fragments into events, and tool_calls_name.c
 * holds fragments back until their name is complete.
 */

#ifndef WIRE_TOOL_CALLS_PRIVATE_H
#define WIRE_TOOL_CALLS_PRIVATE_H

#include "base/attr.h"
#include "base/buf.h"
#include "wire/shape.h"
#include "wire/tool_calls.h"

struct call {
	struct buf first_id, last_id; /* as sent by the provider */
	int64_t first_index, last_index;
	struct buf name;
	struct shape arguments;
	uint64_t hash; /* of the arguments: span_hash_more() from 0 */
	bool empty; /* the arguments are {} so far */
};

/* The fragments of an index whose name is not complete yet. */
struct pending {
	int64_t index;
	struct buf id, name, arguments, kept;
	const char *kept_by;
	bool has_id;
	bool forwarded; /* the name is complete */
};

struct tool_calls {
	struct call *calls;
	unsigned n;
	struct pending *pending;
	unsigned n_pending;
	struct buf ids; /* ids already used, each followed by a NUL */
	size_t held, held_max; /* total bytes */
	bool nameless; /* a call without a name was dropped */
};

/* The receiver of events. */
struct tool_out {
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
};

/* No existing call matches the fragment, or it cannot be placed. */
#define CALL_NEW (-1)
#define CALL_AMBIGUOUS (-2)

/* Blank counts as absent here. */
struct span tool_calls_non_blank(struct span text);

/* The call that *fragment* continues, CALL_NEW or CALL_AMBIGUOUS. */
int tool_calls_match(
	const struct tool_calls *calls, const struct tool_fragment *fragment);

/* Whether the fragment only says again the id, name and index of a call, as
 * some servers do with each piece. */
bool tool_calls_repeats(
	const struct tool_calls *calls, const struct tool_fragment *fragment);

bool tool_call_has_id(const struct call *call, struct span id);

/* Places a fragment and reports it. ERR_INVALID if it starts a call without a
 * name; ERR_TOO_BIG for a call too many. */
MUST_USE enum err tool_calls_track(struct tool_calls *calls,
	struct tool_fragment fragment, const struct tool_out *out);

/* Finds or makes the entry of an index; NULL if there are too many. */
struct pending *tool_calls_pending(struct tool_calls *calls, int64_t index);

/* Collects fragments until the name is complete; then tracks all of them. */
MUST_USE enum err
tool_calls_wait(struct tool_calls *calls, struct pending *pending,
	const struct tool_fragment *fragment, const struct tool_out *out);

/* Tracks the fragments that were held back. */
MUST_USE enum err tool_calls_forward(struct tool_calls *calls,
	struct pending *pending, const struct tool_out *out);

#endif
