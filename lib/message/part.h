/*
 * part.h: private to the implementation of parts.h: one part of an assistant
 * message, and the list of parts.
 *
 * A part of a stored message keeps its source text (PART_RAW), and is written
 * back unchanged until something changes it.
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
	PART_OTHER, /* files, sources, data: PART_RAW has everything */
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

/* Owned copies. "raw" fields contain JSON text. */
enum part_field {
	PART_ID, /* of the block, the tool call or the data part */
	PART_NAME, /* the tool's name; for PART_OTHER the type of the part */
	PART_TITLE,
	PART_INPUT, /* raw */
	PART_RAW_INPUT, /* raw: invalid input (clients of ai 5 and 6) */
	PART_OUTPUT, /* raw */
	PART_ERROR_TEXT,
	PART_PRELIMINARY, /* raw */
	PART_PROVIDER_EXECUTED, /* raw */
	PART_APPROVAL, /* raw */
	PART_METADATA, /* raw: providerMetadata */
	PART_CALL_METADATA, /* raw: callProviderMetadata */
	PART_RESULT_METADATA, /* raw: resultProviderMetadata */
	PART_TOOL_METADATA, /* raw: toolMetadata */
	PART_RAW, /* raw: the whole part, unchanged */
	PART_FIELD_N,
};

struct part {
	enum part_kind kind;
	enum part_state state;
	bool open; /* text and reasoning: more deltas may arrive */
	bool dynamic; /* tool: it is a "dynamic-tool" part */
	struct buf text; /* the text; for a tool, its arguments so far */
	struct span fields[PART_FIELD_N];
};

struct parts {
	struct part *list;
	size_t n, cap;
	size_t size; /* bytes of content */
	bool in_step;
	struct buf message_id;
	struct buf metadata; /* empty if there is none yet */
};

/* Appends a part, zeroed except for its kind. The pointer is valid until the
 * next call. */
struct part *parts_push(struct parts *parts, enum part_kind kind);

/* The latest call with that id in any step; NULL if there is none. */
struct part *parts_find_call(const struct parts *parts, struct span call_id);

/* parts_add() for a file or source, and for data. */
struct chunk;
enum err parts_add_other(struct parts *parts, const struct chunk *chunk);
enum err parts_add_data(struct parts *parts, const struct chunk *chunk);

void part_free(struct part *part);

/* Copies the value; an absent span clears the field. */
void part_set(struct part *part, enum part_field field, struct span value);

/* Reads a stored part, text that has passed json_check(); *arena* is for
 * temporary data. ERR_INVALID if it is not a part. */
MUST_USE enum err
part_load(struct part *part, struct arena *arena, struct span json);

/* Writes the part in its stored form. */
void part_write(const struct part *part, struct buf *out);

/* Writes the chunks from which a client builds the part; *number* makes ids
 * where the part has none. Steps are the caller's task. */
void part_replay(const struct part *part, size_t number, struct buf *out);

#endif
