/*
 * reply.h: one reply of the model on its way to the browser: llm events in,
 * framed UI message chunks out, and the message assembled beside them
 * (parts.h). A reply is
 *
 *	start [start-step ... finish-step]... finish
 *		if all went well, or if it was stopped
 *	start [start-step ... finish-step]... message-metadata error
 *		otherwise
 *
 * then CHUNK_DONE. Open parts are always ended first. Clients show what is
 * stored; metadata is streamed and stored in the same form: {createTime,
 * model, modelId?, style?, status, error?, usage?, cost?, finishReason?,
 * context?}. *error* is {code}, the fault's word (llm_fault_word()), or null
 * once an earlier error is over. *context* is {tokens, limit, leftOut} if the
 * model was not sent the whole conversation: the size of what it was sent, by
 * its own count or our estimate, the limit, and how many messages were left
 * out or sent without their files.
 */

#ifndef CHAT_REPLY_H
#define CHAT_REPLY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "message/parts.h"
#include "wire/ask.h"
#include "wire/event.h"
#include "wire/settings.h"
#include "json/write.h"

/* The final states of an assistant message (I4); reply_status_word() gives
 * their words. */
enum reply_status {
	REPLY_COMPLETE,
	REPLY_STOPPED,
	REPLY_INTERRUPTED,
	REPLY_ERROR,
};

struct reply;

#define REPLY_MODEL_ID "modelId"

/* Writes the metadata members that name the model: {model, modelId?}. */
void
reply_put_model(struct json_writer *w, const struct llm_settings *settings);

/* *settings*, of the model that is asked, must outlive the reply. NULL if
 * another process writes the reply; then nothing of a model is added here. */
struct reply *reply_open(const struct llm_settings *settings);
void reply_free(struct reply *reply);

/* The message so far. */
struct parts *reply_parts(struct reply *reply);

/* Makes the reply continue this stored message, and takes ownership of it. Call
 * this before reply_start(). */
void reply_continue(struct reply *reply, struct parts *parts);

/* Gives the message to the caller. Call this after reply_end(); afterwards the
 * reply can only be freed. */
struct parts *reply_leave(struct reply *reply);

/* Sets the style of a new reply, before reply_start(); a continued reply has it
 * in its metadata. */
void reply_wish(struct reply *reply, enum llm_style style);

/* Appends `start` with the id and metadata {createTime, model, modelId?,
 * style?}. Call this once, first (data-session may follow:
 * chunk_write_session()). */
void reply_start(struct reply *reply, uint64_t message_id, int64_t create_ms,
	struct buf *out);

/*
 * Appends the chunks of one event. ERR_TOO_BIG when the reply has grown past
 * llm.reply_max (the event is dropped): cancel the call and end the reply
 * with LLM_TOO_BIG.
 */
MUST_USE enum err reply_event(
	struct reply *reply, const struct llm_event *event, struct buf *out);

/*
 * A reply may have several steps. Each is an answer of the model; the tools
 * called in it run in the server, and the next step asks the model with their
 * results. reply_count_usage() adds the tokens of a step that is not the last;
 * reply_end_step() appends finish-step.
 */
void reply_count_usage(struct reply *reply, const struct llm_usage *usage);
void reply_end_step(struct reply *reply, struct buf *out);

/* Notes how much of the conversation the last request contained, and which
 * tools. */
void reply_note_asked(struct reply *reply, const struct llm_asked *asked);

/* Another model is asked before anything was said. Appends its metadata {model,
 * modelId, fallbackFor}; fallbackFor is the id of the model that was asked
 * first. */
void reply_ask_instead(struct reply *reply, const struct llm_settings *settings,
	struct buf *out);

/* Adds the output of a tool: JSON, or a sentence if the tool *failed*.
 * ERR_TOO_BIG as for reply_event(). */
MUST_USE enum err reply_tool_output(struct reply *reply, struct span call_id,
	struct span output, bool failed, struct buf *out);

/* Asks a person for approval before a tool runs, or records a denial. */
void
reply_ask_approval(struct reply *reply, struct span call_id, struct buf *out);
void
reply_tool_denied(struct reply *reply, struct span call_id, struct buf *out);

/*
 * Ends the reply: everything from the open parts' ends to CHUNK_DONE. The
 * status follows from the result: complete; stopped (LLM_STOPPED);
 * interrupted, when it was broken off after something had been shown; error.
 */
enum reply_status reply_end(
	struct reply *reply, const struct llm_result *result, struct buf *out);

/* Returns "complete", "stopped", "interrupted" or "error". */
const char *reply_status_word(enum reply_status status);

/*
 * Completes a reply whose worker has died: *parts* hold what its journal
 * contained (parts_fold()). Ends open parts and sets the status `interrupted`.
 */
void reply_recover(struct parts *parts);

#endif
