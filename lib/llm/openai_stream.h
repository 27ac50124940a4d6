/*
 * openai_stream.h: the body of a streamed OpenAI Chat Completions answer as
 * llm events. The rules are those of @ai-sdk/openai-compatible 2.x
 * (tests/vectors), with one difference: the first error ends the answer.
 */

#ifndef LLM_OPENAI_STREAM_H
#define LLM_OPENAI_STREAM_H

#include "base/err.h"
#include "base/span.h"
#include "llm/event.h"

struct openai_stream;

/* Events go to on_event(arg, event), starting with LLM_BEGIN at the first
 * feed or end. */
struct openai_stream *openai_stream_open(
	void (*on_event)(void *arg, const struct llm_event *event), void *arg);
void openai_stream_free(struct openai_stream *stream);

/* The next bytes of the body, cut anywhere. Anything but LLM_OK ends the
 * answer: no event follows, and openai_stream_end() gives that fault. */
MUST_USE enum llm_fault
openai_stream_feed(struct openai_stream *stream, const char *bytes, size_t len);

/* The body has ended; *clean* unless the connection broke. Gives the last
 * events (LLM_TOOL_END) and the result. */
struct llm_result openai_stream_end(struct openai_stream *stream, bool clean);

#endif
