/*
 * parts.h: an assistant message as a useChat client assembles it from the
 * chunks of a stream, member for member (WIRE.md b.4). The same code runs
 * while a reply streams, when a crashed one is put together again from its
 * journal, and when a running one is replayed to a client that comes back:
 *
 *	live parts == parts of the journal == parts of the replay
 */

#ifndef MESSAGE_PARTS_H
#define MESSAGE_PARTS_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "message/chunk.h"

struct parts;
struct tool_set;

struct parts *parts_open(void);
void parts_free(struct parts *parts);

/*
 * Applies one chunk; its spans are copied. ERR_INVALID when a client would
 * break on it (a delta or end without its start, an output for an unknown
 * call), and nothing is changed.
 */
MUST_USE enum err parts_add(struct parts *parts, const struct chunk *chunk);

/* Applies a run of framed chunks, e.g. one journal body. *arena* is scratch.
 * ERR_INVALID at the first that does not read or apply. */
MUST_USE enum err
parts_fold(struct parts *parts, struct arena *arena, struct span run);

/*
 * Continues a stored message: its `parts` array and `metadata` object (either
 * may be absent). Only into empty parts. ERR_INVALID when it is no such array.
 */
MUST_USE enum err parts_load(struct parts *parts, struct arena *arena,
	struct span parts_json, struct span metadata_json);

/*
 * Takes over what a person, or the browser's side, has answered: *posted* is
 * the same message's parts as the client has them now, checked JSON.
 *
 * Of a call that waits here, only its answer is taken: of a client's tool the
 * output or the error; where approval was asked, the decision, when it names
 * the approval by the id that it has here. Name, arguments and all else stay
 * as they are stored. Calls of the server's own tools (*is_ours* of *tools*, or
 * NULL when there are none) are answered by the server: of them a decision is
 * taken and nothing else, and that only in a message that the server has
 * *made*. Gives how many.
 */
struct parts_answers {
	struct span posted;
	bool (*is_ours)(const struct tool_set *tools, struct span name);
	const struct tool_set *tools;
	bool made;
};
MUST_USE enum err parts_answer(struct parts *parts, struct arena *arena,
	const struct parts_answers *answers, size_t *n_answered);

/*
 * Ends what is open, for a reply that ends early: appends the chunks that do
 * it to *out* (which may be NULL) and applies them. Text and reasoning are
 * ended; a call whose arguments never came whole gets its raw text as input
 * and an output-error with *error_text*; the open step is finished.
 */
void parts_close(struct parts *parts, const char *error_text, struct buf *out);

/* The arguments of a call as the model wrote them so far; absent when there
 * is no such call or they have been taken as its input. */
struct span parts_arguments(const struct parts *parts, struct span call_id);

/* Fails a call whose arguments are no input, in the one form that all clients
 * show alike: they become the input as a text, then output-error. *metadata*
 * is the call's providerMetadata; absent: none. */
void parts_fail_call(struct parts *parts, struct span call_id,
	struct span metadata, struct span error_text, struct buf *out);

/* A tool call of a message, as far as it has come. */
enum parts_call_state {
	PARTS_CALL_WAITS, /* for its output, or for a person */
	PARTS_CALL_APPROVED,
	PARTS_CALL_DENIED,
	PARTS_CALL_DONE,
};
struct parts_call {
	struct span id, name;
	struct span input; /* JSON */
	enum parts_call_state state;
};

/* The calls of the last step one after another: start with *at* 0, false at
 * the end. Ids, names and inputs stay where they are until the message is
 * freed. */
bool
parts_next_call(const struct parts *parts, size_t *at, struct parts_call *out);

/* Whether there is a call of that id, in any step. */
bool parts_has_call(const struct parts *parts, struct span call_id);

/* Whether a call of the last step waits for a person's approval. */
bool parts_asks(const struct parts *parts);

/* Whether a step has begun and not been finished. */
bool parts_in_step(const struct parts *parts);

/* Deep merge, as for the chunks' messageMetadata. */
MUST_USE enum err parts_merge_metadata(struct parts *parts, struct span json);

/* As it is now, in the arena: for the functions below, in any thread. */
const struct parts *parts_copy(struct arena *arena, const struct parts *parts);

/* The stored `parts`: a JSON array. */
void parts_write(const struct parts *parts, struct buf *out);

/* The stored `metadata`: a JSON object, "{}" when there is none. */
void parts_write_metadata(const struct parts *parts, struct buf *out);

/*
 * The shortest run of framed chunks that brings a fresh client to this state:
 * `start` with the message's id and metadata, each part with all its text in
 * one delta, open parts left open under the ids that later deltas will use.
 */
void parts_replay(const struct parts *parts, struct buf *out);

/*
 * The chunks that bring a client from the state *was* to the later state *is*
 * of the same message, metadata included.
 */
void parts_catch_up(
	const struct parts *was, const struct parts *is, struct buf *out);

/* How many parts there are, steps included. */
size_t parts_count(const struct parts *parts);

/* Bytes of content so far (texts, inputs, outputs). */
size_t parts_size(const struct parts *parts);

#endif
