/*
 * reply_private.h: private to reply.c (an answer of the model), reply_blocks.c
 * (its text and reasoning), reply_steps.c
 * (what comes between two answers) and reply_end.c (how it ended).
 */

#ifndef CHAT_REPLY_PRIVATE_H
#define CHAT_REPLY_PRIVATE_H

#include "chat/reply.h"

#define BLOCK_ID_LEN 24

/* Parts of one reply: each takes some hundred bytes whatever is in it. */
#define REPLY_PARTS_MAX 4096

/* Of one call of a tool, in bytes. */
#define REPLY_ARGUMENTS_MAX ((size_t)128 << 10)

/* A text or reasoning block that is open. */
struct block {
	bool reasoning;
	unsigned number; /* as of an event */
	char id[BLOCK_ID_LEN];
};

/* A tool call by its number in the answer. */
struct reply_call {
	struct buf id, name;
	struct buf kept; /* as providerMetadata */
	bool too_large; /* its arguments were not taken to their end */
	bool ended;
};

struct reply {
	const struct llm_settings *settings;
	struct llm_allowed allowed; /* of its tools, as it was asked last */
	char *instead_of; /* id of the model that failed before this; or NULL */
	struct parts *parts;
	enum llm_style style; /* of a new one */
	struct block *blocks; /* in the order in which they began */
	size_t n_blocks;
	unsigned n_texts, n_thoughts; /* how many there have been */
	struct reply_call *calls;
	unsigned n_calls;
	size_t size_before; /* of a message that is continued */
	struct llm_usage usage; /* of the steps that have ended */
	struct buf kept; /* of the step, as providerMetadata, until a part
			    takes it */
	size_t held; /* bytes of what parts_size() does not count */
	size_t parts_before;
	bool had_error; /* in the metadata, of a message that is continued */
	int64_t context_tokens, context_limit; /* of what it was asked last */
	unsigned n_left_out;
	bool shown; /* anything but steps */
};

/* Every chunk goes both ways: into the message and to the browser. */
void reply_put(struct reply *reply, const struct chunk *chunk, struct buf *out);

/* Calls that have not ended never will: *why*, with what is kept of them. */
void reply_cut_calls(struct reply *reply, const char *why, struct buf *out);

/* ---- reply_blocks.c */

/* What an event keeps, as providerMetadata (kept.h), or nothing. */
void reply_put_kept(struct buf *out, const struct reply *reply,
	const struct llm_event *event);

/* That of the step, for the first part that ends after it came and has none
 * of its own. */
void reply_take_kept(struct reply *reply, struct buf *out);

/* Events of text and reasoning. */
void reply_on_text(
	struct reply *reply, const struct llm_event *event, struct buf *out);
void reply_on_reasoning(
	struct reply *reply, const struct llm_event *event, struct buf *out);
void reply_on_text_end(
	struct reply *reply, const struct llm_event *event, struct buf *out);
void reply_on_reasoning_end(
	struct reply *reply, const struct llm_event *event, struct buf *out);

/* End the open blocks of their kind. */
void reply_end_text(struct reply *reply, struct buf *out);
void reply_end_reasoning(struct reply *reply, struct buf *out);

#endif
