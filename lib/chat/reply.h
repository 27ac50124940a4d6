/*
 * reply.h: one reply of the model on its way to the browser: llm events in,
 * framed UI message chunks out, and the message assembled beside them
 * (parts.h). A reply is
 *
 *	start  [start-step ... finish-step]...  finish         all went well,
 *	                                                       or was stopped
 *	start [start-step ... finish-step]... message-metadata error   otherwise
 *
 * then CHUNK_DONE. Open parts are always ended first. What a client shows and
 * what is stored are the same; metadata is streamed and stored alike:
 * {createTime, model, modelId?, style?, status, error?, usage?, cost?, finishReason?, context?}; *error*
 * is {code}, the fault's word (llm_fault_word()), null when it is over. *context*
 * is {tokens, limit, leftOut}, when the model was not sent all: how large what
 * it was sent is, by its count or our estimate, how large it can be, and how
 * many messages stayed out, or their files.
 */

#ifndef CHAT_REPLY_H
#define CHAT_REPLY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "llm/ask.h"
#include "llm/event.h"
#include "llm/settings.h"
#include "message/parts.h"
#include "json/write.h"

/* Terminal states of an assistant message (I4); words by reply_status_word(). */
enum reply_status {
	REPLY_COMPLETE,
	REPLY_STOPPED,
	REPLY_INTERRUPTED,
	REPLY_ERROR,
};

struct reply;

#define REPLY_MODEL_ID "modelId"

/* The members of metadata that name who is asked: {model, modelId?}. */
void
reply_put_model(struct json_writer *w, const struct llm_settings *settings);

/* *settings*, of who is asked, must outlive the reply. NULL: it is written
 * elsewhere, and nothing of a model comes into it here. */
struct reply *reply_open(const struct llm_settings *settings);
void reply_free(struct reply *reply);

/* The message so far. */
struct parts *reply_parts(struct reply *reply);

/* Before reply_start(): it continues this stored message, and owns it. */
void reply_continue(struct reply *reply, struct parts *parts);

/* After reply_end(): the message is the caller's. What is left of the reply
 * is only to be freed. */
struct parts *reply_leave(struct reply *reply);

/* What was wished for a new reply, before reply_start(); one that goes on has
 * it with its parts. */
void reply_wish(struct reply *reply, enum llm_style style);

/* Appends `start` with the id and metadata {createTime, model, modelId?,
 * style?}. Once,
 * first (data-session may follow: chunk_write_session()). */
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
 * A reply may have several steps, each an answer of the model: its tools run
 * in the server, and their results are what it is asked about next.
 * reply_count_usage() adds up the tokens of a step that is not the last;
 * reply_end_step() appends finish-step.
 */
void reply_count_usage(struct reply *reply, const struct llm_usage *usage);
void reply_end_step(struct reply *reply, struct buf *out);

/* How much of the conversation the model was sent at last, and which tools. */
void reply_note_asked(struct reply *reply, const struct llm_asked *asked);

/* Another model is asked, before anything was said: appends its metadata {model,
 * modelId, fallbackFor}, the last being the id of who was asked first. */
void reply_ask_instead(struct reply *reply, const struct llm_settings *settings,
	struct buf *out);

/* A tool has run: *output* is JSON, or a sentence when it *failed*.
 * ERR_TOO_BIG as for reply_event(). */
MUST_USE enum err reply_tool_output(struct reply *reply, struct span call_id,
	struct span output, bool failed, struct buf *out);

/* A person is asked before a tool runs; or has said no. */
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

/* "complete", "stopped", "interrupted", "error" */
const char *reply_status_word(enum reply_status status);

/*
 * Puts a reply together whose worker has died: *parts* hold what its journal
 * gave (parts_fold()). Ends what is open and notes status `interrupted`.
 */
void reply_recover(struct parts *parts);

#endif
