/*
 * openai_answer.h: interprets a streamed OpenAI Chat Completions answer event
 * by event (stream.h), tolerantly (openai_chunk.h). tests/vectors shows where
 * the rules are those of @ai-sdk/openai-compatible 2.x; DEVIATIONS.json gives
 * the reasons for differences.
 */

#ifndef LLM_OPENAI_ANSWER_H
#define LLM_OPENAI_ANSWER_H

#include "llm/details.h"
#include "llm/sources.h"
#include "llm/stream.h"
#include "llm/think.h"
#include "llm/tool_calls.h"

/* The state of an answer. */
struct openai_answer {
	struct think think;
	struct details details;
	struct sources sources;
	struct tool_calls *calls; /* NULL before the first call */
	bool zero_seen; /* a choice with index 0 has appeared */
	bool by_deltas; /* something was shown, and it came in deltas */
};

/* The functions that wire.h describes. */
void openai_answer_free(void *own);
bool openai_take_short(struct llm_stream *stream, struct span data);
bool openai_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
openai_take(struct llm_stream *stream, const struct json *chunk);
void openai_take_end(struct llm_stream *stream);
MUST_USE enum err openai_end_parts(struct llm_stream *stream);

#endif
