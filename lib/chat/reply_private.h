/*
 * reply_private.h: private to reply.c (an answer of the model, start and end)
 * and reply_steps.c (what comes between two answers).
 */

#ifndef CHAT_REPLY_PRIVATE_H
#define CHAT_REPLY_PRIVATE_H

#include "chat/reply.h"

#define BLOCK_ID_LEN 24

/* A text or reasoning block that is open, id "" when none is. */
struct block {
	char id[BLOCK_ID_LEN];
	unsigned n; /* how many there have been */
};

/* A tool call by its number in the answer. */
struct reply_call {
	struct buf id, name, signature;
};

struct reply {
	const struct llm_settings *settings;
	struct parts *parts;
	struct block text, reasoning;
	struct reply_call *calls;
	unsigned n_calls;
	size_t size_before; /* of a message that is continued */
	struct llm_usage usage; /* of the steps that have ended */
	bool shown; /* anything but steps */
};

/* Every chunk goes both ways: into the message and to the browser. */
void reply_put(struct reply *reply, const struct chunk *chunk, struct buf *out);

#endif
