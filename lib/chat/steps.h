/*
 * steps.h: the steps of one reply. The model is asked and answers (steps.c); if
 * it refuses, it is asked in another form (steps_adapt.c); if it fails before
 * it has said anything, a fallback is asked (steps_fallback.c). The tools
 * called run and answer (steps_tools.c); then the model is asked again
 * (steps_again.c), until it calls no tool. Everything said is written into the
 * reply. The steps know nothing of the journal, of readers, or of how a stream
 * ends. Everything except the work of jobs runs in the loop's thread.
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

/* Counters of the model's calls, written by the loop's thread. */
struct steps_meter {
	_Atomic uint64_t ended[LLM_FAULT_N];
	/* as far as the model has counted them */
	_Atomic uint64_t input_tokens, output_tokens;
	struct histogram first; /* from the request to the first words */
};

/* What the replies of a process share; must outlive them. */
struct steps_shared {
	const struct conf *conf;
	const struct tool_set *tools;
	struct llm_client *client;
	struct steps_meter *meter;
	struct tool_pool *pool; /* runs tools */
	/* writes the requests after tools have run */
	struct tool_pool *writers;
};

/* The reply that the steps belong to; all pointers must outlive them. */
struct steps_of {
	uint64_t user_id, session_id, message_id;
	struct trace trace; /* passed on to the model and to tools */
	/* The user's rule for tools; conf has the rule for all users. It stands
	 * here so as to leave no padding: GCC 12 clears padding after it at the
	 * wrong place. */
	struct rule tools_rule;
	/* the model asked; the owner of the struct holds it */
	struct llm_model **model;
	/* where a fallback is found; NULL if there is none */
	struct models *models;
	struct reply *reply;
	struct buf *out; /* where chunks are written */
	/* count calls of tools; NULL if nothing is counted */
	struct rates *rates;
	struct rates_hold *hold; /* where their holds are added */
};

struct steps_handlers {
	/* Called when chunks may have been written to *out*, by the model, or,
	 * if *event* is NULL, by a tool. */
	void (*said)(void *arg, const struct llm_event *event);
	/* Called when all has been said. Only tools whose outputs are no longer
	 * wanted may still run; steps_cancel() abandons them. */
	void (*over)(void *arg, const struct llm_result *result);
};

struct steps *
steps_open(const struct steps_shared *shared, const struct steps_of *of,
	const struct steps_handlers *handlers, void *arg);

/* Sends the model *body*, described by *asked*; takes ownership of *body*. */
void
steps_ask(struct steps *steps, struct buf *body, const struct llm_asked *asked);

/* Asks the model again, with the stored path and the reply so far. */
void steps_ask_again(struct steps *steps);

/* Continues a reply after a person has answered requests for approval. True if
 * approved calls run now; the model is asked after them. */
bool steps_run_approved(struct steps *steps);

/* Abandons everything that still runs; no handler is called. */
void steps_cancel(struct steps *steps);

/* Frees steps that were cancelled or are over; NULL is allowed. */
void steps_free(struct steps *steps);

#endif
