/*
 * reply_private.h: shared by reply.c (an answer of the model), reply_blocks.c
 * (its text and reasoning), reply_steps.c (what comes between two answers) and
 * reply_end.c (the end of the reply).
 */

#ifndef CHAT_REPLY_PRIVATE_H
#define CHAT_REPLY_PRIVATE_H

#include "chat/reply.h"

#define BLOCK_ID_LEN 24

/* Limits the parts of one reply: each takes some hundred bytes, even if it is
 * empty. */
#define REPLY_PARTS_MAX 4096

/* Limits the arguments of one tool call, in bytes. */
#define REPLY_ARGUMENTS_MAX ((size_t)128 << 10)

/* An open text or reasoning block. */
struct block {
	bool reasoning;
	unsigned number; /* the event's block number */
	char id[BLOCK_ID_LEN];
};

/* A tool call of the current answer. */
struct reply_call {
	struct buf id, name;
	struct buf kept; /* opaque state, as providerMetadata */
	bool too_large; /* its arguments were not kept completely */
	bool ended;
};

struct reply {
	const struct llm_settings *settings;
	struct llm_allowed allowed; /* the tools of the last request */
	/* id of the model that failed before this one; NULL if none did */
	char *instead_of;
	struct parts *parts;
	enum llm_style style; /* of a new reply */
	/* the open ones, in the order in which they began */
	struct block *blocks;
	size_t n_blocks;
	unsigned n_texts, n_thoughts; /* how many have begun so far */
	struct reply_call *calls;
	unsigned n_calls;
	size_t size_before; /* of the continued message */
	struct llm_usage usage; /* of the steps before this one */
	/* opaque state of the step, as providerMetadata, until a part takes
	 * it */
	struct buf kept;
	size_t held; /* bytes that parts_size() does not count */
	size_t parts_before;
	bool had_error; /* the metadata of the continued message has an error */
	int64_t context_tokens, context_limit; /* of the last request */
	unsigned n_left_out;
	bool shown; /* anything except steps was shown */
};

/* Adds the chunk to the message and sends it to the browser. */
void reply_put(struct reply *reply, const struct chunk *chunk, struct buf *out);

/* Fails the calls that have not ended, with the sentence *why*, and writes
 * their opaque state. */
void reply_cut_calls(struct reply *reply, const char *why, struct buf *out);

/* ---- reply_blocks.c */

/* Writes the opaque state of an event, if any, as providerMetadata (kept.h). */
void reply_put_kept(struct buf *out, const struct reply *reply,
	const struct llm_event *event);

/* Takes the state of the step, for the first part that ends after it arrived
 * and has none of its own. */
void reply_take_kept(struct reply *reply, struct buf *out);

/* Handle the events of text and reasoning. */
void reply_on_text(
	struct reply *reply, const struct llm_event *event, struct buf *out);
void reply_on_reasoning(
	struct reply *reply, const struct llm_event *event, struct buf *out);
void reply_on_text_end(
	struct reply *reply, const struct llm_event *event, struct buf *out);
void reply_on_reasoning_end(
	struct reply *reply, const struct llm_event *event, struct buf *out);

/* End all open blocks of their kind. */
void reply_end_text(struct reply *reply, struct buf *out);
void reply_end_reasoning(struct reply *reply, struct buf *out);

#endif
