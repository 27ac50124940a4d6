/* steps_private.h: for steps*.c. */

#ifndef CHAT_STEPS_PRIVATE_H
#define CHAT_STEPS_PRIVATE_H

#include "chat/steps.h"
#include "llm/adapt.h"

/* The step that is being asked for; steps_adapt.c. */
struct steps_asking {
	struct llm_asked asked; /* the latest form of it */
	struct adapt adapt; /* the forms that were refused */
	unsigned attempts; /* the client's, with these */
};

/* Models that are asked one in place of the other. */
#define STEPS_INSTEAD_MAX 3

struct steps {
	const struct steps_shared *shared;
	struct steps_of of;
	const struct steps_handlers *handlers;
	void *arg;
	struct llm_call *call; /* NULL once it has ended */
	int64_t called_ms; /* when it began; 0: it has said something */
	struct steps_job *jobs; /* what it waits for between two calls */
	struct steps_asking asking; /* how the model was asked */
	enum llm_finish finish; /* of the last one */
	bool began; /* a model has begun to answer */
	uint64_t failed[STEPS_INSTEAD_MAX]; /* models that failed before that */
	unsigned n_failed;
};

/* What runs in a thread between two answers of the model. */
struct steps_job {
	struct tool_job job;
	struct steps *steps; /* which wait; they cancel what they leave */
	struct steps_job *next; /* of these steps' */
	const struct conf *conf;
	const struct llm_settings *settings; /* their model's, which it holds */
	uint64_t user_id, session_id, message_id;
	struct trace trace;

	const struct tool *tool; /* a call: */
	struct span call_id, input;

	const struct parts *said; /* a request: the reply so far, */
	struct span parts, metadata; /* as JSON, */
	bool otherwise; /* its first form was refused, */
	struct llm_takes takes; /* so this one it is; */
	struct llm_asked asked; /* and what it became */
};

static inline struct steps_job *
steps_job_of(struct tool_job *job)
{
	return CONTAINER_OF(job, struct steps_job, job);
}

/* ---- steps.c */

/* Of these steps, for the caller to fill and submit. */
struct steps_job *steps_job_new(struct steps *steps,
	void (*work)(struct tool_job *job, struct db *db),
	void (*done)(struct tool_job *job));
/* It is done, and not waited for. */
void steps_job_leave(struct steps_job *job);

/* Sends a request to the model; *body* is taken over. */
void steps_call(struct steps *steps, struct buf *body);

/* Chunks were written, of a tool. */
void steps_said(struct steps *steps);

/* All has been said. */
void steps_over(struct steps *steps, const struct llm_result *result);

/* Breaks off, and all has been said. */
void steps_fail(struct steps *steps, enum llm_fault fault);

/* ---- steps_adapt.c */

/* A step is asked for in its first form. */
void steps_asking_begin(struct steps *steps, const struct llm_asked *asked);

/* A step has ended without an answer. True: it is asked for again, in another
 * form. */
bool steps_adapt(struct steps *steps);

/* The model has begun to answer: what its refusals taught is kept. */
void steps_on_answer(struct steps *steps);
/* So is what its count of a request's tokens teaches. */
void steps_on_usage(struct steps *steps, const struct llm_usage *usage);

/* ---- steps_tools.c */

/*
 * The model has said all of a step. True: calls of the server's tools are in
 * it. They run, then the model is asked again, or the reply ends there.
 */
bool steps_run_tools(struct steps *steps, const struct llm_result *result);

/* ---- steps_fallback.c */

/* The model has *failed* as another may not. True: another one is asked. */
bool steps_ask_instead(struct steps *steps, bool failed);

/* ---- steps_again.c; steps_ask_again() is in steps.h */

/* Asks for the same step again, as a model that takes *takes* is asked. */
void steps_ask_otherwise(struct steps *steps, const struct llm_takes *takes);

#endif
