/*
 * answer.h: interprets a streamed Anthropic Messages answer event by event
 * (wire/stream.h). A message consists of blocks: texts and thoughts are shown
 * as they arrive; a tool call is identified by the index of its block; blocks
 * of all other kinds are opaque, and kept for the next request. Unknown events
 * and deltas are ignored. Where the rules differ from @ai-sdk/anthropic 3.x,
 * tests/wires/DEVIATIONS.md gives the reason.
 */

#ifndef ANTHROPIC_ANSWER_H
#define ANTHROPIC_ANSWER_H

#include "wire/sources.h"
#include "wire/stream.h"

/* The number of blocks that may be open at once. */
#define ANTHROPIC_OPEN_MAX 64u

enum anthropic_kind {
	ANTHROPIC_NONE, /* nothing of it is shown or kept */
	ANTHROPIC_TEXT,
	ANTHROPIC_THINKING,
	ANTHROPIC_REDACTED,
	ANTHROPIC_CALL,
	ANTHROPIC_OPAQUE,
};

/* An open block. */
struct anthropic_block {
	enum anthropic_kind kind;
	int64_t index;
	unsigned number; /* the event's block number */
	unsigned call; /* the call number, if it is a call */
	bool args; /* for a call: some arguments have arrived */
	/* an opaque block, or the input in a call's start event */
	struct buf raw;
	struct buf pieces; /* the input of an opaque block, from its deltas */
	struct buf signature; /* of a thought, or the data of a redacted one */
};

/* The state of an answer. */
struct anthropic_answer {
	struct anthropic_block *open; /* in the order in which they began */
	unsigned n_open;
	unsigned n_blocks, n_calls; /* so far */
	struct buf blocks; /* opaque, for the next part: items of an array */
	struct buf ids; /* of the calls, each followed by a NUL */
	struct sources sources;
	bool begun; /* an event has arrived */
	int64_t input; /* tokens outside any cache; -1 if not known */
};

/* The functions that wire/wire.h describes. */
void anthropic_answer_free(void *own);
bool anthropic_take_short(struct llm_stream *stream, struct span data);
bool anthropic_is_error(const struct json *event, bool *maybe);
MUST_USE enum err
anthropic_take(struct llm_stream *stream, const struct json *event);
void anthropic_take_end(struct llm_stream *stream);
MUST_USE enum err anthropic_end_parts(struct llm_stream *stream);

/* ---- block.c: blocks from start to end */

/* Begins a block. ERR_INVALID for a call without a name; ERR_TOO_BIG. */
MUST_USE enum err anthropic_begin_block(
	struct llm_stream *stream, int64_t index, const struct json *block);
void anthropic_take_delta(
	struct llm_stream *stream, int64_t index, const struct json *delta);
/* Adds a piece of a text or of a thought. */
void anthropic_say(struct llm_stream *stream, int64_t index,
	enum llm_event_type type, struct span text);
/* End the block with that index (or the only open one), or all blocks. */
void anthropic_stop_block(struct llm_stream *stream, int64_t index);
void anthropic_stop_all(struct llm_stream *stream);
void anthropic_free_open(struct anthropic_answer *own);
/* The number of bytes held. */
size_t anthropic_held(const struct anthropic_answer *own);
/* Puts the remaining opaque blocks into a part of their own. */
void anthropic_end_blocks(struct llm_stream *stream, bool paused);

/* ---- call.c */

/* Begins a call. ERR_INVALID if it has no name; ERR_TOO_BIG if it is one too
 * many. */
MUST_USE enum err anthropic_begin_call(struct llm_stream *stream,
	struct anthropic_block *block, const struct json *json);
/* Shows a piece of the call's arguments. */
void anthropic_show_args(struct llm_stream *stream,
	struct anthropic_block *block, struct span text);

#endif
