/*
 * tool_calls.h: finds the call that a fragment of tool calls in an OpenAI
 * stream belongs to. Providers number calls, name them by id, do both, or
 * neither, and repeat or omit all of it in later fragments; the rules are those
 * of StreamingToolCallTracker in @ai-sdk/provider-utils 4.x, with some
 * liberties:
 *
 *	- a call is identified by its first and its latest id and index
 *	- a name may come in pieces, or grow, until the first argument comes:
 *	  a numbered call begins with its second fragment or first argument
 *	- a repetition with the same id, name and whole arguments is ignored
 *	- a call without name and arguments is dropped, unless it is the whole
 *	  answer: then its name is TOOL_NO_NAME
 *	- a name that is too long is cut, and matches no tool, which the model
 *	  is informed of, as of any unknown name; an id that is too long is
 *	  ignored
 *
 * Memory is limited: calls beyond TOOL_CALLS_MAX, a longer signature, and more
 * than held_max bytes in total are ERR_TOO_BIG.
 */

#ifndef WIRE_TOOL_CALLS_H
#define WIRE_TOOL_CALLS_H

#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"
#include "wire/event.h"
#include "json/json.h"

#define TOOL_CALLS_MAX 256
#define TOOL_INDEX_NONE INT64_MIN
#define TOOL_NAME_MAX 256u
#define TOOL_NO_NAME "(no name)" /* no tool has this name */
#define TOOL_ID_MAX 16384u /* some gateways put signatures into ids */
#define TOOL_KEPT_MAX 262144u

struct tool_calls;

/* One fragment; a span is absent if the provider sent nothing or null. */
struct tool_fragment {
	int64_t index; /* TOOL_INDEX_NONE if it has none */
	struct span id, name, arguments;
	struct span kept; /* opaque state, as in an event */
	const char *kept_by;
};

/* The name up to its limit, in whole characters; the id, or absent if it is too
 * long. */
struct span tool_name_bounded(struct span name);
struct span tool_id_bounded(struct span id);

/* The arguments, which some providers send as an object and not as a string;
 * *out* is for that. Absent if there are none. */
struct span tool_arguments(const struct json *arguments, struct buf *out);

struct tool_calls *tool_calls_open(size_t held_max);
void tool_calls_free(struct tool_calls *calls);

/* Sends LLM_TOOL_START and LLM_TOOL_ARGS events. ERR_INVALID if a fragment
 * starts a call without a name. */
MUST_USE enum err
tool_calls_add(struct tool_calls *calls, const struct tool_fragment *fragment,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg);

/* Ends the stream: sends LLM_TOOL_END for all calls, by index if every call has
 * one. *meant*: the answer was meant to call a tool. ERR_INVALID if a call
 * never got a name. */
MUST_USE enum err tool_calls_end(struct tool_calls *calls, bool meant,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg);

#endif
