/* hub_start.h: what a live stream is made of, or a follower of one elsewhere. */

#ifndef CHAT_HUB_START_H
#define CHAT_HUB_START_H

#include "base/buf.h"
#include "base/span.h"
#include "base/trace.h"
#include "chat/follower.h"
#include "llm/ask.h"
#include "llm/event.h"
#include "llm/model.h"
#include "repo/worker.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct models;
struct parts;

/* A reply that is committed as `streaming` and about to begin. */
struct hub_start {
	uint64_t user_id, session_id, message_id;
	/* That is asked, held; taken over. NULL: it runs elsewhere. */
	struct llm_model *model;
	struct models *models; /* where there is another for it; or NULL */
	struct lease lease;
	int64_t began_ms; /* of this life of it (message_life) */
	struct trace trace; /* that its request is a part of */
	int64_t create_ms;
	enum llm_style style; /* of a new reply */
	struct span parts, metadata; /* stored parts of a reply that goes on */
	struct parts *said; /* the same, read; taken over */
	bool made; /* it was made here: calls of it that are approved run */
	bool untitled; /* its session may still be given a title */
	bool goes_on; /* another worker's: *body* is put together here */
	uint32_t seq; /* of its next journal row */
	struct buf body; /* the upstream request; taken over */
	struct llm_asked asked; /* what it is like */
	enum llm_fault fault; /* unless LLM_OK: ends at once with it */
	struct peer peer; /* taken over */
	struct span preamble; /* sent first: the answer's head */
	struct rates_hold hold; /* given back when the reply is over */
	struct rates *rates; /* that count calls of tools, or NULL */
	struct rule tools_rule; /* its user's, for them */
	const uint64_t *user_ids; /* sent in data-session */
	size_t n_user_ids;
};

#endif
