/*
 * stream.h: turns the body of a streamed answer into llm events, for every wire
 * (wire.h). Reading is tolerant: an event without content is skipped, and so is
 * one that is not JSON even after repair (loose.h). A body that is JSON instead
 * of an event stream is read, too: a whole answer, an error, or a chunk per
 * line. The answer counts as not understood only if nothing in it was. The
 * first error ends the answer.
 *
 * One stream holds at most:
 *	SSE_EVENT_MAX    an incomplete event (or a body of JSON)
 *	SSE_SKIP_KEPT    thrice, for an event that is too large and skipped
 *	JSON_TREE_MAX    an event's tree while it is read: one per loop
 *	held_max         the wire's state: names, ids and early arguments of
 *	                 tool calls, opaque state; each with its own limit
 *	THINK_HELD_MAX   the beginning of a tag (think.h)
 *	SOURCES_MAX      addresses that have been named (sources.h)
 *
 * Texts and arguments are passed on at once; the reply counts them.
 */

#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include "base/err.h"
#include "base/span.h"
#include "wire/event.h"
#include "wire/failure.h"
#include "wire/plain_body.h"
#include "wire/sse_parser.h"
#include "wire/tool_calls.h"
#include "wire/wire.h"

#include <stddef.h>

/* The members are for wires; other code uses the functions. */
struct llm_stream {
	const struct wire *wire;
	void *own; /* the wire's */
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
	size_t held_max;
	struct plain_body plain; /* a body that is not an event stream */
	struct sse_parser parser;
	/* NULL if there is none; it is large and rare */
	struct failure *failure;

	struct llm_result result;
	/* the fault of a finish reason that means failure */
	enum llm_fault gave_up;
	/* Something has shown progress, even if only that the model is working:
	 * not a comment, a ping or an empty piece. The timeouts use this
	 * (llm/client.c). */
	bool news;
	bool begun;
	bool any; /* there was an event with data */
	bool understood; /* some event was understood */
	bool said; /* something of it was shown */
	bool called; /* or a tool was called */
	bool refused; /* what was shown is a refusal */
	bool done; /* an event has announced the end */
};

/* Sends events to on_event(arg, event), beginning with LLM_BEGIN before the
 * first visible event or at the end. *held_max* is llm.reply_max. */
struct llm_stream *llm_stream_open(const struct wire *wire,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg,
	size_t held_max);
void llm_stream_free(struct llm_stream *stream);

/* Feeds the next bytes of the body, split anywhere. Any result but LLM_OK ends
 * the answer: no event follows, and llm_stream_end() returns that fault. */
MUST_USE enum llm_fault
llm_stream_feed(struct llm_stream *stream, const char *bytes, size_t len);

/* Ends the body; *clean* unless the connection broke. Sends the last events
 * (ends of parts) and returns the result. */
struct llm_result llm_stream_end(struct llm_stream *stream, bool clean);

/* After the end: whether the body was an error in place of an answer, about the
 * form of the request. No event was sent then, not even LLM_BEGIN. *refusal* is
 * the error, with the status that it would have had. */
bool
llm_stream_refused(const struct llm_stream *stream, struct failure *refusal);

/* After the end: whether the body was a temporary error in place of an answer,
 * like a 429, 500 or 529. No event was sent then, not even LLM_BEGIN. *failure*
 * is the error, with that status. */
bool
llm_stream_may_pass(const struct llm_stream *stream, struct failure *failure);

/* The provider's error if the fault is its own; otherwise an empty one. */
const struct failure *llm_stream_failure(const struct llm_stream *stream);

/* ---- for wires: reporting events */

/* Sends an event, after LLM_BEGIN; *arg* is the stream, for use as a callback
 * of tool_calls.h. */
void llm_stream_show(void *arg, const struct llm_event *event);
void llm_stream_emit(struct llm_stream *stream, enum llm_event_type type);

/* Ends reasoning and text, and *calls* unless NULL; returns the error of
 * tool_calls_end(). */
MUST_USE enum err
llm_stream_end_parts(struct llm_stream *stream, struct tool_calls *calls);

/* Sends LLM_TEXT or LLM_REASONING unless it is empty; the second function names
 * its block. */
void llm_stream_say(
	struct llm_stream *stream, enum llm_event_type type, struct span text);
void llm_stream_say_in(struct llm_stream *stream, unsigned block,
	enum llm_event_type type, struct span text);

#endif
