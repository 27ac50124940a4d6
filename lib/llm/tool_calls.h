/*
 * tool_calls.h: which call a fragment of tool calls in an OpenAI stream
 * belongs to. Providers number calls, name them by id, do both, or neither,
 * and repeat or omit all of it in later fragments; the rules are those of
 * StreamingToolCallTracker in @ai-sdk/provider-utils 4.x. Some liberties:
 *
 *	- a call is known by its first and its latest id and index
 *	- a name may come in pieces, or grow, as long as no argument has come:
 *	  a numbered call begins with its second fragment, or its first argument
 *	- the same call again, id, name and whole arguments, is no other call
 *	- a call without a name is dropped when it has no arguments either,
 *	  unless it is all that there is: then it has TOOL_NO_NAME for one
 *	- of a longer name the beginning counts, which is no tool's: the model
 *	  is told so, as of any name that there is not; a longer id is none
 *
 * What is held is counted: calls beyond TOOL_CALLS_MAX, a longer signature, and
 * more than held_max bytes in all are ERR_TOO_BIG.
 */

#ifndef LLM_TOOL_CALLS_H
#define LLM_TOOL_CALLS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "llm/event.h"
#include "json/json.h"

#define TOOL_CALLS_MAX 256
#define TOOL_INDEX_NONE INT64_MIN
#define TOOL_NAME_MAX 256u
#define TOOL_NO_NAME "(no name)" /* as no tool is called */
#define TOOL_ID_MAX 16384u /* gateways put signatures into them */
#define TOOL_KEPT_MAX 262144u

struct tool_calls;

/* One fragment; absent spans where the provider sent nothing or null. */
struct tool_fragment {
	int64_t index; /* TOOL_INDEX_NONE when it has none */
	struct span id, name, arguments;
	struct span kept; /* as of an event */
	const char *kept_by;
};

/* A name as far as it counts, a whole number of characters; and an id, absent
 * where it is too long. */
struct span tool_name_bounded(struct span name);
struct span tool_id_bounded(struct span id);

/* Arguments, which some write as what they are and not as a text: *out* is for
 * that. Absent for none. */
struct span tool_arguments(const struct json *arguments, struct buf *out);

struct tool_calls *tool_calls_open(size_t held_max);
void tool_calls_free(struct tool_calls *calls);

/* Gives LLM_TOOL_START and LLM_TOOL_ARGS events. ERR_INVALID for a fragment
 * that starts a call without a name. */
MUST_USE enum err
tool_calls_add(struct tool_calls *calls, const struct tool_fragment *fragment,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg);

/* The stream has ended: gives LLM_TOOL_END for all, by index when every call
 * has one. *meant*: the answer was for calling something. ERR_INVALID when a call
 * never got a name. */
MUST_USE enum err tool_calls_end(struct tool_calls *calls, bool meant,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg);

#endif
