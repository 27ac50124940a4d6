/*
 * answer.h: interprets a streamed Gemini answer event by event
 * (wire/stream.h). An event is a GenerateContentResponse with the next parts:
 *
 *	text             text, or a thought with "thought": true
 *	functionCall     a whole call; we make its id if it has none
 *	thoughtSignature beside either, or alone: opaque state of the part
 *	                 that it comes with or after (kept.h)
 *
 * All other kinds of parts, such as files and code that ran there, are ignored.
 * Only one candidate is followed. Where the rules differ from @ai-sdk/google
 * 3.x, tests/wires/DEVIATIONS.md gives the reason.
 */

#ifndef GEMINI_ANSWER_H
#define GEMINI_ANSWER_H

#include "base/buf.h"
#include "wire/sources.h"
#include "wire/stream.h"
#include "wire/tool_calls.h"

enum gemini_block { GEMINI_NOTHING, GEMINI_TEXT, GEMINI_THOUGHT };

/* The state of an answer. */
struct gemini_answer {
	struct sources sources;
	struct tool_calls *calls; /* NULL before the first call */
	unsigned n_calls;
	enum gemini_block open; /* the kind of the open block, if any */
	struct buf signature; /* of the open block, until it ends */
	bool zero_seen; /* a candidate with index 0 has appeared */
	bool blocked; /* the prompt was refused; nothing more is shown */
};

/* The functions that wire/wire.h describes. */
void gemini_answer_free(void *own);
bool gemini_take_short(struct llm_stream *stream, struct span data);
bool gemini_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
gemini_take(struct llm_stream *stream, const struct json *event);
void gemini_take_end(struct llm_stream *stream);
MUST_USE enum err gemini_end_parts(struct llm_stream *stream);

/* ---- part.c: the parts of a candidate */

/* Adds a piece of text or of a thought; *signature* may be absent. */
MUST_USE enum err gemini_say(struct llm_stream *stream, enum gemini_block block,
	struct span text, struct span signature);

/* Shows the parts of a content. ERR_TOO_BIG. */
MUST_USE enum err
gemini_take_content(struct llm_stream *stream, const struct json *content);

/* Ends the open block with its signature. */
void gemini_end_block(struct llm_stream *stream);

#endif
