/*
 * gemini_answer.h: what a streamed Gemini answer says, event by event
 * (stream.h). An event is a GenerateContentResponse with the next parts:
 *
 *	text             text, or thoughts with "thought": true
 *	functionCall     a whole call; its id is made where there is none
 *	thoughtSignature beside either, or alone: opaque state of the part that it
 *	                 comes with or after (gemini_kept.h)
 *
 * All other kinds of parts are left out: code that ran there, files. Only one
 * candidate is followed. Where the rules are not those of @ai-sdk/google 3.x,
 * tests/wires/DEVIATIONS.md says why.
 */

#ifndef LLM_GEMINI_ANSWER_H
#define LLM_GEMINI_ANSWER_H

#include "base/buf.h"
#include "llm/sources.h"
#include "llm/stream.h"
#include "llm/tool_calls.h"

enum gemini_block { GEMINI_NOTHING, GEMINI_TEXT, GEMINI_THOUGHT };

/* What is held of an answer. */
struct gemini_answer {
	struct sources sources;
	struct tool_calls *calls; /* NULL until the first */
	unsigned n_calls;
	enum gemini_block open; /* what was said last */
	struct buf signature; /* its own, until it ends */
	bool zero_seen; /* a candidate with index 0 */
	bool blocked; /* what was asked: nothing more is shown */
};

/* As wire.h has them. */
void gemini_answer_free(void *own);
bool gemini_take_short(struct llm_stream *stream, struct span data);
bool gemini_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
gemini_take(struct llm_stream *stream, const struct json *event);
void gemini_take_end(struct llm_stream *stream);
MUST_USE enum err gemini_end_parts(struct llm_stream *stream);

/* ---- gemini_part.c: the parts of a candidate */

/* A piece of text or of a thought, with its signature or an absent one. */
MUST_USE enum err gemini_say(struct llm_stream *stream, enum gemini_block block,
	struct span text, struct span signature);

/* Shows what the parts of a content say. ERR_TOO_BIG. */
MUST_USE enum err
gemini_take_content(struct llm_stream *stream, const struct json *content);

/* Ends the open block, with its signature. */
void gemini_end_block(struct llm_stream *stream);

#endif
