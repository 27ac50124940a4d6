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

/* Of blocks that are open at once. */
#define ANTHROPIC_OPEN_MAX 64u

enum anthropic_kind {
	ANTHROPIC_NONE, /* of which nothing is shown or kept */
	ANTHROPIC_TEXT,
	ANTHROPIC_THINKING,
	ANTHROPIC_REDACTED,
	ANTHROPIC_CALL,
	ANTHROPIC_OPAQUE,
};

/* A block that is open. */
struct anthropic_block {
	enum anthropic_kind kind;
	int64_t index;
	unsigned number; /* as of an event */
	unsigned call; /* when it is a call */
	bool args; /* of a call: some have come */
	struct buf raw; /* an opaque one, or the input that a call's brought */
	struct buf pieces; /* of an opaque one's input */
	struct buf signature; /* of a thought, or its redacted data */
};

/* What is held of an answer. */
struct anthropic_answer {
	struct anthropic_block *open; /* in the order in which they began */
	unsigned n_open;
	unsigned n_blocks, n_calls; /* so far */
	struct buf
		blocks; /* opaque ones for the next part: items of an array */
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
/* A piece of a text or of a thought. */
void anthropic_say(struct llm_stream *stream, int64_t index,
	enum llm_event_type type, struct span text);
/* The block of that index, or the only one that is open; and all of them. */
void anthropic_stop_block(struct llm_stream *stream, int64_t index);
void anthropic_stop_all(struct llm_stream *stream);
void anthropic_free_open(struct anthropic_answer *own);
/* Bytes that are held. */
size_t anthropic_held(const struct anthropic_answer *own);
/* What opaque blocks are left, in a part of their own. */
void anthropic_end_blocks(struct llm_stream *stream, bool paused);

/* ---- anthropic_call.c */

/* ERR_INVALID for one without a name; ERR_TOO_BIG for one too many. */
MUST_USE enum err anthropic_begin_call(struct llm_stream *stream,
	struct anthropic_block *block, const struct json *json);
/* A piece of its arguments. */
void anthropic_show_args(struct llm_stream *stream,
	struct anthropic_block *block, struct span text);

#endif
