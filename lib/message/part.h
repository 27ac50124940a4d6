/*
 * part.h: the inside of parts.h, for its own files: one part of an assistant
 * message, and the list of them.
 *
 * A part that came from a stored message keeps its source text (PART_RAW) and
 * is written back as it was, until something changes it.
 */

#ifndef MESSAGE_PART_H
#define MESSAGE_PART_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "message/chunk.h"

#include <stdbool.h>

enum part_kind {
	PART_STEP,
	PART_TEXT,
	PART_REASONING,
	PART_TOOL,
	PART_OTHER, /* files, sources, data: PART_RAW is all of it */
};

enum part_state {
	PART_NO_STATE,
	PART_STREAMING,
	PART_DONE,
	PART_INPUT_STREAMING,
	PART_INPUT_AVAILABLE,
	PART_APPROVAL_REQUESTED,
	PART_APPROVAL_RESPONDED,
	PART_OUTPUT_AVAILABLE,
	PART_OUTPUT_ERROR,
	PART_OUTPUT_DENIED,
	PART_STATE_N,
};

/* Owned copies. Those marked raw hold JSON text. */
enum part_field {
	PART_ID, /* of the block, the tool call, the data part */
	PART_NAME, /* the tool's; of PART_OTHER the part's type */
	PART_TITLE,
	PART_INPUT, /* raw */
	PART_RAW_INPUT, /* raw: what was no input (clients of ai 5 and 6) */
	PART_OUTPUT, /* raw */
	PART_ERROR_TEXT,
	PART_PRELIMINARY, /* raw */
	PART_PROVIDER_EXECUTED, /* raw */
	PART_APPROVAL, /* raw */
	PART_METADATA, /* raw: providerMetadata */
	PART_CALL_METADATA, /* raw: callProviderMetadata */
	PART_RESULT_METADATA, /* raw: resultProviderMetadata */
	PART_TOOL_METADATA, /* raw: toolMetadata */
	PART_RAW, /* raw: the part itself, unchanged */
	PART_FIELD_N,
};

struct part {
	enum part_kind kind;
	enum part_state state;
	bool open; /* text and reasoning: deltas may still come */
	bool dynamic; /* tool: a "dynamic-tool" part */
	struct buf text; /* the text; of a tool its arguments so far */
	struct span fields[PART_FIELD_N];
};

struct parts {
	struct part *list;
	size_t n, cap;
	size_t size; /* of the content */
	bool in_step;
	struct buf message_id;
	struct buf metadata; /* empty: none yet */
};

/* A new last part, all zero but for its kind; until the next one is pushed. */
struct part *parts_push(struct parts *parts, enum part_kind kind);

/* The latest call of that id in any step, or NULL. */
struct part *parts_find_call(const struct parts *parts, struct span call_id);

/* parts_add() of a file or source, and of data. */
struct chunk;
enum err parts_add_other(struct parts *parts, const struct chunk *chunk);
enum err parts_add_data(struct parts *parts, const struct chunk *chunk);

void part_free(struct part *part);

/* Copies; an absent span clears. */
void part_set(struct part *part, enum part_field field, struct span value);

/* Reads a stored part, text that has passed json_check(); *arena* is scratch.
 * ERR_INVALID when it is no part. */
MUST_USE enum err
part_load(struct part *part, struct arena *arena, struct span json);

/* As it is stored. */
void part_write(const struct part *part, struct buf *out);

/* The chunks that make a client build it; *number* makes ids where it has
 * none. Steps are left to the caller. */
void part_replay(const struct part *part, size_t number, struct buf *out);

#endif
