/*
 * answer.h: interprets a streamed OpenAI Chat Completions answer event
 * by event (wire/stream.h), tolerantly (chunk.h). tests/vectors shows where
 * the rules are those of @ai-sdk/openai-compatible 2.x; DEVIATIONS.json gives
 * the reasons for differences.
 */

#ifndef OPENAI_ANSWER_H
#define OPENAI_ANSWER_H

#include "wire/details.h"
#include "wire/sources.h"
#include "wire/stream.h"
#include "wire/think.h"
#include "wire/tool_calls.h"

/* The state of an answer. */
struct openai_answer {
	struct think think;
	struct details details;
	struct sources sources;
	struct tool_calls *calls; /* NULL before the first call */
	bool zero_seen; /* a choice with index 0 has appeared */
	bool by_deltas; /* something was shown, and it came in deltas */
};

/* The functions that wire/wire.h describes. */
void openai_answer_free(void *own);
bool openai_take_short(struct llm_stream *stream, struct span data);
bool openai_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
openai_take(struct llm_stream *stream, const struct json *chunk);
void openai_take_end(struct llm_stream *stream);
MUST_USE enum err openai_end_parts(struct llm_stream *stream);

#endif
