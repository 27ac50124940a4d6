/*
 * parts.h: assembles an assistant message from the chunks of a stream exactly
 * as a useChat client does, member for member. The same code runs while a reply
 * streams, when a crashed reply is rebuilt from its journal, and when a running
 * one is replayed to a client that returns:
 *
 *	live parts == parts of the journal == parts of the replay
 *
 * A text, a reasoning block, a step, a call, a source and a file each add a
 * part when they begin; only a reasoning block keeps its id. Deltas extend the
 * open part with their id, and the end sets its state to "done". What a tool
 * reports finds its part by toolCallId, in any step. Data with the type and id
 * of an earlier part replace its content; transient data are no part. Metadata
 * merge deeply: objects by member; arrays and scalars are replaced. The last
 * providerMetadata of a part counts. An error adds nothing, and the client
 * reads no further; therefore open parts are ended before it.
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
 * Applies one chunk and copies its spans. ERR_INVALID if a client would fail on
 * it (a delta or end without its start, an output for an unknown call); nothing
 * is changed then.
 */
MUST_USE enum err parts_add(struct parts *parts, const struct chunk *chunk);

/* Applies a sequence of framed chunks, such as one journal body. *arena* is for
 * temporary data. ERR_INVALID at the first chunk that cannot be read or
 * applied. */
MUST_USE enum err
parts_fold(struct parts *parts, struct arena *arena, struct span run);

/*
 * Continues a stored message from its `parts` array and `metadata` object
 * (either may be absent). *parts* must be empty. ERR_INVALID if they have
 * another form.
 */
MUST_USE enum err parts_load(struct parts *parts, struct arena *arena,
	struct span parts_json, struct span metadata_json);

/*
 * Takes the answers of a person or of the browser from *posted*, the parts of
 * the same message as the client has them now, checked JSON.
 *
 * From a waiting call only its answer is taken: for a client's tool, the output
 * or the error; for a requested approval, the decision, if it names the
 * approval by the id stored here. Name, arguments and everything else stay as
 * they are stored. The server itself answers calls of its own tools (*is_ours*
 * of *tools*, or NULL if there are none); for these only a decision is taken,
 * and only in a message that the server has *made*. Returns the number of
 * answers taken.
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
 * Ends open parts, for a reply that ends early: appends the necessary chunks to
 * *out* (may be NULL) and applies them. Text and reasoning are ended; a call
 * whose arguments are incomplete gets its raw text as input and an output-error
 * with *error_text*; the open step is finished.
 */
void parts_close(struct parts *parts, const char *error_text, struct buf *out);

/* The arguments of a call as far as the model has written them; absent if there
 * is no such call, or if they have become its input. */
struct span parts_arguments(const struct parts *parts, struct span call_id);

/*
 * Fails a call with invalid arguments, in the only form that all clients show
 * alike: the arguments become the input as a string, followed by an
 * output-error. *metadata* is the call's providerMetadata; absent if there is
 * none.
 */
void parts_fail_call(struct parts *parts, struct span call_id,
	struct span metadata, struct span error_text, struct buf *out);

/* The state of a tool call. */
enum parts_call_state {
	PARTS_CALL_WAITS, /* it waits for its output, or for a person */
	PARTS_CALL_APPROVED,
	PARTS_CALL_DENIED,
	PARTS_CALL_DONE,
};
struct parts_call {
	struct span id, name;
	struct span input; /* as JSON */
	enum parts_call_state state;
};

/* Iterates over the calls of the last step: begin with *at* 0; false at the
 * end. Ids, names and inputs stay valid until the message is freed. */
bool
parts_next_call(const struct parts *parts, size_t *at, struct parts_call *out);

/* Whether any step has a call with that id. */
bool parts_has_call(const struct parts *parts, struct span call_id);

/* Whether a call of the last step waits for a person's approval. */
bool parts_asks(const struct parts *parts);

/* Whether a step has begun and has not finished. */
bool parts_in_step(const struct parts *parts);

/* Merges deeply, like messageMetadata of chunks. */
MUST_USE enum err parts_merge_metadata(struct parts *parts, struct span json);

/* Copies the present state into the arena, for use with the functions below in
 * any thread. */
const struct parts *parts_copy(struct arena *arena, const struct parts *parts);

/* Writes the stored `parts`: a JSON array. */
void parts_write(const struct parts *parts, struct buf *out);

/* Writes the stored `metadata`: a JSON object, "{}" if there is none. */
void parts_write_metadata(const struct parts *parts, struct buf *out);

/*
 * Writes the shortest sequence of framed chunks that brings a fresh client to
 * this state: `start` with the message's id and metadata, each part with all
 * its text in one delta, and open parts left open, with the ids that later
 * deltas will use.
 */
void parts_replay(const struct parts *parts, struct buf *out);

/*
 * Writes the chunks that bring a client from the state *was* to the later state
 * *is* of the same message, including metadata.
 */
void parts_catch_up(
	const struct parts *was, const struct parts *is, struct buf *out);

/* The number of parts, including steps. */
size_t parts_count(const struct parts *parts);

/* The bytes of content so far (texts, inputs, outputs). */
size_t parts_size(const struct parts *parts);

#endif
