/*
 * chunk.h: reads and writes one chunk of a UI message stream (ai 5, 6 and 7).
 * On the wire, in the journal and in memory buffers a chunk is an event
 * "data: {...}\n\n"; the stream ends with CHUNK_DONE.
 *
 * Clients check every chunk against a closed schema and stop at the first
 * invalid one. So an absent member is left out, never null, and only words of
 * the schema are written. Texts are WTF-8 (json.h).
 */

#ifndef MESSAGE_CHUNK_H
#define MESSAGE_CHUNK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

enum chunk_type {
	CHUNK_START,
	CHUNK_FINISH,
	CHUNK_METADATA,
	CHUNK_ERROR,
	CHUNK_ABORT,
	CHUNK_START_STEP,
	CHUNK_FINISH_STEP,
	CHUNK_TEXT_START,
	CHUNK_TEXT_DELTA,
	CHUNK_TEXT_END,
	CHUNK_REASONING_START,
	CHUNK_REASONING_DELTA,
	CHUNK_REASONING_END,
	CHUNK_TOOL_INPUT_START,
	CHUNK_TOOL_INPUT_DELTA,
	CHUNK_TOOL_INPUT_AVAILABLE,
	CHUNK_TOOL_INPUT_ERROR,
	CHUNK_TOOL_OUTPUT_AVAILABLE,
	CHUNK_TOOL_OUTPUT_ERROR,
	CHUNK_TOOL_OUTPUT_DENIED,
	CHUNK_TOOL_APPROVAL_REQUEST,
	CHUNK_SOURCE_URL,
	CHUNK_SOURCE_DOCUMENT,
	CHUNK_FILE,
	CHUNK_DATA, /* "data-NAME": *name* has the whole word */
	CHUNK_TYPE_N,
};

/* A member is absent unless set. "raw" members contain JSON text. */
struct chunk {
	enum chunk_type type;
	struct span name; /* for CHUNK_DATA: "data-session" */
	struct span message_id;
	struct span id; /* of a text or reasoning block, or of a data part */
	struct span delta;
	struct span tool_call_id;
	struct span tool_name;
	struct span input_delta;
	struct span input; /* raw */
	struct span output; /* raw */
	struct span data; /* raw */
	struct span error_text;
	struct span reason;
	struct span finish_reason;
	struct span approval_id;
	struct span source_id, url, media_type, title, filename;
	struct span metadata; /* raw: messageMetadata */
	struct span provider_metadata, tool_metadata; /* raw */
	/* raw: true (CHUNK_TRUE) or false */
	struct span provider_executed, dynamic, preliminary, transient;
};

#define CHUNK_TRUE ((struct span){ "true", 4 })

/* Follows the last chunk; the body ends after it. */
#define CHUNK_DONE "data: [DONE]\n\n"

/* Appends the chunk's event, framed. */
void chunk_write(struct buf *out, const struct chunk *chunk);

/* Appends the event of a chunk that is JSON already. */
void chunk_write_raw(struct buf *out, struct span json);

/* Reads a chunk's JSON. ERR_INVALID if it is not a chunk: its type is unknown,
 * or a member has the wrong JSON type. The spans point into *json* or
 * *arena*. */
MUST_USE enum err
chunk_read(struct arena *arena, struct span json, struct chunk *out);

/* Takes the next event from the front of *run*, a sequence of framed chunks,
 * and returns its JSON; comments and CHUNK_DONE are skipped. False at the
 * end. */
bool chunk_next(struct span *run, struct span *json);

/* Appends the transient data-session chunk, which has the session's id and the
 * ids of its new user messages (n may be 0). */
void chunk_write_session(struct buf *out, uint64_t session_id,
	const uint64_t *user_message_ids, size_t n);

#endif
