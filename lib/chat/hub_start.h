/* hub_start.h: what the hub needs to start a live stream, or to follow a stream
 * of another process. */

#ifndef CHAT_HUB_START_H
#define CHAT_HUB_START_H

#include "base/buf.h"
#include "base/span.h"
#include "base/trace.h"
#include "chat/follower.h"
#include "llm/model.h"
#include "repo/worker.h"
#include "wire/ask.h"
#include "wire/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct models;
struct parts;

/* A reply that is committed as `streaming` and about to begin. */
struct hub_start {
	uint64_t user_id, session_id, message_id;
	/* The model asked; this struct owns the reference. NULL if another
	 * process runs the reply. */
	struct llm_model *model;
	/* where a fallback model is found; NULL if there is none */
	struct models *models;
	struct lease lease;
	int64_t began_ms; /* when this life of the reply began (message_life) */
	struct trace trace; /* the trace that the request belongs to */
	int64_t create_ms;
	enum llm_style style; /* the style of a new reply */
	struct span parts, metadata; /* the stored parts of a continued reply */
	struct parts *said; /* the same parts, parsed; taken over */
	bool made; /* the reply was made here, so its approved calls may run */
	bool untitled; /* the session may still be given a title */
	/* another worker's reply is continued: *body* is written here */
	bool goes_on;
	uint32_t seq; /* number of its next journal row */
	struct buf body; /* the upstream request; taken over */
	struct llm_asked asked; /* describes *body* */
	/* unless LLM_OK, the reply ends with this fault at once */
	enum llm_fault fault;
	struct peer peer; /* taken over */
	struct span preamble; /* sent first: the head of the HTTP answer */
	struct rates_hold hold; /* released when the reply is over */
	/* count calls of tools; NULL if nothing is counted */
	struct rates *rates;
	struct rule tools_rule; /* the user's rule for them */
	const uint64_t *user_ids; /* ids sent in data-session */
	size_t n_user_ids;
};

#endif
