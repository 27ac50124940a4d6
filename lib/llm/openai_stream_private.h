/*
 * openai_stream_private.h: the parts of openai_stream.h. openai_stream.c reads
 * events and knows the end; openai_take.c says what is in a chunk.
 */

#ifndef LLM_OPENAI_STREAM_PRIVATE_H
#define LLM_OPENAI_STREAM_PRIVATE_H

#include "base/attr.h"
#include "llm/details.h"
#include "llm/openai_sources.h"
#include "llm/openai_stream.h"
#include "llm/plain_body.h"
#include "llm/sse_parser.h"
#include "llm/think.h"
#include "llm/tool_calls.h"
#include "json/json.h"

struct openai_stream {
	void (*on_event)(void *arg, const struct llm_event *event);
	void *arg;
	size_t held_max;
	struct plain_body plain; /* what is no event stream */
	struct sse_parser parser;
	struct think think;
	struct details details;
	struct openai_sources sources;
	struct tool_calls *calls; /* NULL until the first */
	struct llm_result result;
	struct failure *failure; /* NULL: none; it is large, and rare */
	enum llm_fault gave_up; /* a finish reason that is none */
	bool begun;
	bool zero_seen; /* a choice with index 0 */
	bool any; /* there was an event with data */
	bool understood; /* and something in one */
	bool said; /* and of that something was shown */
	bool by_deltas; /* and it came in deltas */
	bool refused; /* what was shown is a refusal */
	bool done; /* [DONE] was seen */
};

/* Tells that the model has accepted the request; once. */
void openai_stream_begin(struct openai_stream *stream);

/* Gives an event, *arg* being the stream: as tool_calls.h calls it. */
void openai_stream_show(void *arg, const struct llm_event *event);
void openai_stream_emit(struct openai_stream *stream, enum llm_event_type type);

/* What one chunk says, NULL for what is no object. ERR_TOO_BIG, or
 * ERR_INVALID for a tool call without a name. */
MUST_USE enum err
openai_take_chunk(struct openai_stream *stream, const struct json *chunk);

/* The same for the commonest chunks, without a tree. False: this is none. */
bool openai_take_short(struct openai_stream *stream, struct span data);

/* Text that was held back, because it could be the beginning of a tag. */
void openai_take_rest(struct openai_stream *stream);

#endif
