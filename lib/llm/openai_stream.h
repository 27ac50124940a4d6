/*
 * openai_stream.h: the body of a streamed OpenAI Chat Completions answer as
 * llm events. It is read tolerantly (openai_chunk.h): an event that holds no
 * choice and no error is skipped, and so is one that is no JSON even after
 * repair (loose.h). A body that is no event stream but JSON is read, too: a
 * whole answer, an error, or a chunk a line. The answer was not understood
 * only when nothing in it was. Where the rules are those of
 * @ai-sdk/openai-compatible 2.x, tests/vectors shows it, and where they are
 * not, DEVIATIONS.json says why. The first error ends the answer.
 *
 * What one stream holds at most:
 *	SSE_EVENT_MAX    an event that is not whole yet (or a body of JSON)
 *	JSON_TREE_MAX    its tree, while it is read: one at a time in a loop
 *	held_max         names, ids, signatures and early arguments of tool calls,
 *	                 reasoning details; each with a cap of its own
 *	THINK_HELD_MAX   the beginning of a tag
 *	SOURCES_MAX      addresses that have been named (openai_sources.h)
 * Texts and arguments are passed on at once; the reply counts them.
 */

#ifndef LLM_OPENAI_STREAM_H
#define LLM_OPENAI_STREAM_H

#include "base/err.h"
#include "base/span.h"
#include "llm/event.h"
#include "llm/failure.h"

#include <stddef.h>

struct openai_stream;

/* Events go to on_event(arg, event), starting with LLM_BEGIN before the first
 * thing that is shown, or at the end. *held_max*: llm.reply_max. */
struct openai_stream *
openai_stream_open(void (*on_event)(void *arg, const struct llm_event *event),
	void *arg, size_t held_max);
void openai_stream_free(struct openai_stream *stream);

/* The next bytes of the body, cut anywhere. Anything but LLM_OK ends the
 * answer: no event follows, and openai_stream_end() gives that fault. */
MUST_USE enum llm_fault
openai_stream_feed(struct openai_stream *stream, const char *bytes, size_t len);

/* The body has ended; *clean* unless the connection broke. Gives the last
 * events (LLM_KEPT, LLM_TOOL_END) and the result. */
struct llm_result openai_stream_end(struct openai_stream *stream, bool clean);

/* After the end: whether the answer was an error in place of any answer, about
 * the request's form. There was no event then, not even LLM_BEGIN. *refusal* is
 * what was said, with the status that it would have had. */
bool openai_stream_refused(
	const struct openai_stream *stream, struct failure *refusal);

/* What the provider said when the fault is its own; an empty one otherwise. */
const struct failure *openai_stream_failure(const struct openai_stream *stream);

#endif
