/*
 * stream.h: the body of a streamed answer as llm events, whatever the wire
 * (wire.h). It is read tolerantly: an event that says nothing is skipped, and
 * so is one that is no JSON even after repair (loose.h). A body that is no
 * event stream but JSON is read, too: a whole answer, an error, or a chunk a
 * line. The answer was not understood only when nothing in it was. The first
 * error ends the answer.
 *
 * What one stream holds at most:
 *	SSE_EVENT_MAX    an event that is not whole yet (or a body of JSON)
 *	SSE_SKIP_KEPT    thrice, of one that is too large and is passed over
 *	JSON_TREE_MAX    its tree, while it is read: one at a time in a loop
 *	held_max         what the wire holds: names, ids and early arguments of
 *	                 tool calls, opaque state; each with a cap of its own
 *	THINK_HELD_MAX   the beginning of a tag (think.h)
 *	SOURCES_MAX      addresses that have been named (sources.h)
 * Texts and arguments are passed on at once; the reply counts them.
 */

#ifndef LLM_STREAM_H
#define LLM_STREAM_H

#include "base/err.h"
#include "base/span.h"
#include "llm/event.h"
#include "llm/failure.h"
#include "llm/plain_body.h"
#include "llm/sse_parser.h"
#include "llm/tool_calls.h"
#include "llm/wire.h"

#include <stddef.h>

/* The members are for wires; others use the functions. */
struct llm_stream {
	const struct wire *wire;
	void *own; /* the wire's */
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
	size_t held_max;
	struct plain_body plain; /* what is no event stream */
	struct sse_parser parser;
	struct failure *failure; /* NULL: none; it is large, and rare */

	struct llm_result result;
	enum llm_fault gave_up; /* a finish reason that is none */
	/* It has said something, if only that it is at work: not a comment, a
	 * ping, or a piece without anything in it. For who waits (client.c). */
	bool news;
	bool begun;
	bool any; /* there was an event with data */
	bool understood; /* and something in one */
	bool said; /* and of that something was shown */
	bool called; /* or a tool was called */
	bool refused; /* what was shown is a refusal */
	bool done; /* the end was announced */
};

/* Events go to on_event(arg, event), starting with LLM_BEGIN before the first
 * thing that is shown, or at the end. *held_max*: llm.reply_max. */
struct llm_stream *llm_stream_open(const struct wire *wire,
	void (*on_event)(void *arg, const struct llm_event *event), void *arg,
	size_t held_max);
void llm_stream_free(struct llm_stream *stream);

/* The next bytes of the body, cut anywhere. Anything but LLM_OK ends the
 * answer: no event follows, and llm_stream_end() gives that fault. */
MUST_USE enum llm_fault
llm_stream_feed(struct llm_stream *stream, const char *bytes, size_t len);

/* The body has ended; *clean* unless the connection broke. Gives the last
 * events (the ends of parts) and the result. */
struct llm_result llm_stream_end(struct llm_stream *stream, bool clean);

/* After the end: whether the answer was an error in place of any answer, about
 * the request's form. There was no event then, not even LLM_BEGIN. *refusal* is
 * what was said, with the status that it would have had. */
bool
llm_stream_refused(const struct llm_stream *stream, struct failure *refusal);

/* After the end: whether the answer was an error in place of any answer that may
 * pass, like a 429, 500 or 529. There was no event then, not even LLM_BEGIN.
 * *failure* is what was said, with that status. */
bool
llm_stream_may_pass(const struct llm_stream *stream, struct failure *failure);

/* What the provider said when the fault is its own; an empty one otherwise. */
const struct failure *llm_stream_failure(const struct llm_stream *stream);

/* ---- for wires: giving events */

/* Gives an event, after LLM_BEGIN; *arg* is the stream, as tool_calls.h calls
 * it. */
void llm_stream_show(void *arg, const struct llm_event *event);
void llm_stream_emit(struct llm_stream *stream, enum llm_event_type type);

/* At the end: whether it was for calling something: it says so, or says nothing
 * else. Some gateways put an empty call beside words. */
bool llm_stream_means_call(const struct llm_stream *stream);

/* The ends of what it thinks and says, and of *calls*, or NULL: with the fault
 * of tool_calls_end(). */
MUST_USE enum err
llm_stream_end_parts(struct llm_stream *stream, struct tool_calls *calls);

/* LLM_TEXT or LLM_REASONING, unless it is empty; and of that block. */
void llm_stream_say(
	struct llm_stream *stream, enum llm_event_type type, struct span text);
void llm_stream_say_in(struct llm_stream *stream, unsigned block,
	enum llm_event_type type, struct span text);

#endif
