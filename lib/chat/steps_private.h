/* steps_private.h: shared by the files steps*.c. */

#ifndef CHAT_STEPS_PRIVATE_H
#define CHAT_STEPS_PRIVATE_H

#include "chat/steps.h"
#include "wire/adapt.h"

/* The current step's request; used by steps_adapt.c. */
struct steps_asking {
	struct llm_asked asked; /* the latest form of the request */
	struct adapt adapt; /* the refused forms */
	unsigned attempts; /* attempts of the client with these forms */
};

/* How many models may be asked in place of others. */
#define STEPS_INSTEAD_MAX 3

struct steps {
	const struct steps_shared *shared;
	struct steps_of of;
	const struct steps_handlers *handlers;
	void *arg;
	struct llm_call *call; /* NULL once it has ended */
	/* when it began; 0 once the model has said something */
	int64_t called_ms;
	struct steps_job *jobs; /* jobs to finish before the next call */
	struct steps_asking asking; /* how the current step was asked for */
	enum llm_finish finish; /* of the last answer */
	bool began; /* a model has begun to answer */
	/* ids of models that failed before that */
	uint64_t failed[STEPS_INSTEAD_MAX];
	unsigned n_failed;
};

/* Work of a thread between two answers of the model. */
struct steps_job {
	struct tool_job job;
	/* the steps that wait for it; NULL once they have abandoned it */
	struct steps *steps;
	struct steps_job *next; /* in the steps' list */
	const struct conf *conf;
	/* of the model, which the job holds */
	const struct llm_settings *settings;
	uint64_t user_id, session_id, message_id;
	struct trace trace;

	const struct tool *tool; /* for a call: the tool */
	struct span call_id, input;

	const struct parts *said; /* for a request: the reply so far */
	struct span parts, metadata; /* the same as JSON */
	bool otherwise; /* whether the first form was refused */
	struct llm_takes takes; /* the form to use in that case */
	struct llm_asked asked; /* describes the request that was written */
};

static inline struct steps_job *
steps_job_of(struct tool_job *job)
{
	return CONTAINER_OF(job, struct steps_job, job);
}

/* ---- steps.c */

/* Creates a job of these steps, which the caller fills and submits. */
struct steps_job *steps_job_new(struct steps *steps,
	void (*work)(struct tool_job *job, struct db *db),
	void (*done)(struct tool_job *job));
/* Removes a finished job, which is no longer waited for. */
void steps_job_leave(struct steps_job *job);

/* Sends a request to the model; takes ownership of *body*. */
void steps_call(struct steps *steps, struct buf *body);

/* Reports that a tool has written chunks. */
void steps_said(struct steps *steps);

/* Reports that all has been said. */
void steps_over(struct steps *steps, const struct llm_result *result);

/* Abandons what runs, and reports that all has been said. */
void steps_fail(struct steps *steps, enum llm_fault fault);

/* ---- steps_adapt.c */

/* Begins a step with the first form of its request. */
void steps_asking_begin(struct steps *steps, const struct llm_asked *asked);

/* Call this when a request has ended without an answer. True if the step is
 * asked for again, in another form. */
bool steps_adapt(struct steps *steps);

/* Call this when the model begins to answer: stores what its refusals have
 * taught. */
void steps_on_answer(struct steps *steps);
/* Stores what the model's own count of tokens teaches. */
void steps_on_usage(struct steps *steps, const struct llm_usage *usage);

/* ---- steps_tools.c */

/*
 * Call this when the model has finished a step. True if it called tools of the
 * server: these run, and then the model is asked again, or the reply ends.
 */
bool steps_run_tools(struct steps *steps, const struct llm_result *result);

/* ---- steps_fallback.c */

/* True if another model is asked, because the model has *failed* in a way that
 * another may not. */
bool steps_ask_instead(struct steps *steps, bool failed);

/* ---- steps_again.c; steps_ask_again() is in steps.h */

/* Repeats the step with a request in the form that *takes* describes. */
void steps_ask_otherwise(struct steps *steps, const struct llm_takes *takes);

#endif
