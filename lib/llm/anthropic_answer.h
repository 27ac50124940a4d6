/*
 * anthropic_answer.h: what a streamed Anthropic Messages answer says, event by
 * event (stream.h). A message is made of blocks, one after another: texts and
 * thoughts are shown as they come; a call of a tool is known by its block's
 * index; all blocks of kinds that are not shown are opaque, and kept for the
 * next request. Unknown events and deltas say nothing. Where the rules are not
 * those of @ai-sdk/anthropic 3.x, tests/wires/DEVIATIONS.md says why.
 */

#ifndef LLM_ANTHROPIC_ANSWER_H
#define LLM_ANTHROPIC_ANSWER_H

#include "llm/sources.h"
#include "llm/stream.h"

enum anthropic_kind {
	ANTHROPIC_NONE, /* no block is open */
	ANTHROPIC_TEXT,
	ANTHROPIC_THINKING,
	ANTHROPIC_REDACTED,
	ANTHROPIC_CALL,
	ANTHROPIC_OPAQUE,
};

/* A call of a tool. */
struct anthropic_call {
	int64_t index; /* of its block */
	bool args; /* some have come */
	bool over;
};

/* What is held of an answer. */
struct anthropic_answer {
	enum anthropic_kind kind; /* of the open block */
	int64_t index;
	unsigned call; /* when it is a call */
	struct buf
		raw; /* an opaque block, or the input that a call's brought */
	struct buf args; /* of an opaque block, in pieces */
	struct buf signature; /* of a thought, or its redacted data */
	struct buf
		blocks; /* opaque ones for the next part: items of an array */
	struct anthropic_call *calls;
	unsigned n_calls;
	struct buf ids; /* of the calls, each with a NUL */
	struct sources sources;
	bool begun; /* an event has come */
	int64_t input; /* tokens beside those of a cache; -1 not known */
};

/* As wire.h has them. */
void anthropic_answer_free(void *own);
bool anthropic_take_short(struct llm_stream *stream, struct span data);
bool anthropic_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
anthropic_take(struct llm_stream *stream, const struct json *event);
void anthropic_take_end(struct llm_stream *stream);
MUST_USE enum err anthropic_end_parts(struct llm_stream *stream);

/* ---- anthropic_block.c: blocks, from their start to their end */

/* ERR_INVALID for a call without a name; ERR_TOO_BIG. */
MUST_USE enum err anthropic_begin_block(
	struct llm_stream *stream, int64_t index, const struct json *block);
void anthropic_take_delta(
	struct llm_stream *stream, int64_t index, const struct json *delta);
/* Nothing when none is open. *paused*: only at the end. */
void anthropic_end_block(struct llm_stream *stream);
/* What opaque blocks are left, in a part of their own. */
void anthropic_end_blocks(struct llm_stream *stream, bool paused);

#endif
