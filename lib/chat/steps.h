/*
 * steps.h: the steps of one reply. The model is asked and answers (steps.c), or
 * refuses and is asked in another form (steps_adapt.c), or fails before it has said
 * anything, and another one is asked (steps_fallback.c); the tools that it has
 * called run and answer (steps_tools.c); then it is asked again
 * (steps_again.c), until it calls none. What
 * they say is written into the reply. Of the journal, of readers and of a
 * stream's end this knows nothing. All but the work of its jobs is in the
 * loop's thread.
 */

#ifndef CHAT_STEPS_H
#define CHAT_STEPS_H

#include "auth/rates.h"
#include "base/buf.h"
#include "base/histogram.h"
#include "base/trace.h"
#include "chat/reply.h"
#include "conf/conf.h"
#include "llm/client.h"
#include "tool/pool.h"
#include "tool/set.h"

#include <stdbool.h>
#include <stdint.h>

struct steps;

/* What came of the calls of the model. Written by the loop's thread. */
struct steps_meter {
	_Atomic uint64_t ended[LLM_FAULT_N];
	_Atomic uint64_t input_tokens, output_tokens; /* as far as it said */
	struct histogram first; /* from the request to its first words */
};

/* What the replies of a process share; it outlives them. */
struct steps_shared {
	const struct conf *conf;
	const struct tool_set *tools;
	struct llm_client *client;
	struct steps_meter *meter;
	struct tool_pool *pool; /* for tools */
	struct tool_pool *writers; /* of the requests after them */
};

/* The reply that they are the steps of; all pointers outlive them. */
struct steps_of {
	uint64_t user_id, session_id, message_id;
	struct trace trace; /* that the model and tools are told */
	/* Of tools, for its user; for all it is conf's. Here it leaves no hole:
	 * GCC 12 clears one behind it in the wrong place. */
	struct rule tools_rule;
	struct llm_model **model; /* that is asked; held by who has it */
	struct models *models; /* where its fallback is; or NULL */
	struct reply *reply;
	struct buf *out; /* where its chunks go */
	struct rates *rates; /* that count its calls of tools, or NULL */
	struct rates_hold *hold; /* to which these holds are added */
};

struct steps_handlers {
	/* Chunks may have come to *out*: of what the model says, or, *event*
	 * being NULL, of a tool. */
	void (*said)(void *arg, const struct llm_event *event);
	/* All has been said. Nothing runs any more but tools that nobody will
	 * hear of; steps_cancel() leaves them. */
	void (*over)(void *arg, const struct llm_result *result);
};

struct steps *
steps_open(const struct steps_shared *shared, const struct steps_of *of,
	const struct steps_handlers *handlers, void *arg);

/* Asks the model with *body*, which is taken over, and is as *asked* says. */
void
steps_ask(struct steps *steps, struct buf *body, const struct llm_asked *asked);

/* Asks the model with the stored path and the reply as it is. */
void steps_ask_again(struct steps *steps);

/* A reply goes on for which a person has answered requests for approval. True:
 * what was approved runs, and then the model is asked. */
bool steps_run_approved(struct steps *steps);

/* Nobody waits any more for what still runs; no handler is called. */
void steps_cancel(struct steps *steps);

/* Cancelled, or over. NULL is nothing. */
void steps_free(struct steps *steps);

#endif
