/* Sends requests to the model and hands on its answers, step by step. */

#include "chat/steps.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/mem.h"
#include "chat/steps_private.h"

#include <stdlib.h>

struct steps *
steps_open(const struct steps_shared *shared, const struct steps_of *of,
	const struct steps_handlers *handlers, void *arg)
{
	struct steps *steps = mem_zalloc(sizeof(*steps));

	steps->shared = shared;
	steps->of = *of;
	steps->handlers = handlers;
	steps->arg = arg;
	return steps;
}

void
steps_said(struct steps *steps)
{
	steps->handlers->said(steps->arg, NULL);
}

void
steps_over(struct steps *steps, const struct llm_result *result)
{
	steps->handlers->over(steps->arg, result);
}

static void
cancel_call(struct steps *steps)
{
	if (steps->call != NULL)
		llm_call_cancel(steps->call);
	steps->call = NULL;
}

void
steps_fail(struct steps *steps, enum llm_fault fault)
{
	struct llm_result result = LLM_RESULT_INIT;

	cancel_call(steps);
	result.fault = fault;
	steps_over(steps, &result);
}

/* ---- a call of the model */

static void
count_first(struct steps *steps, const struct llm_event *event)
{
	int64_t ms = clock_mono_ms() - steps->called_ms;

	if (steps->called_ms == 0 || event->type == LLM_BEGIN)
		return;
	histogram_add(&steps->shared->meter->first, ms);
	llm_model_note_first(*steps->of.model, ms);
	steps->called_ms = 0;
}

static void
count_end(struct steps_meter *meter, const struct llm_result *result)
{
	const struct llm_usage *usage = &result->usage;

	atomic_fetch_add(&meter->ended[result->fault], 1);
	if (usage->input > 0)
		atomic_fetch_add(&meter->input_tokens, (uint64_t)usage->input);
	if (usage->output > 0)
		atomic_fetch_add(
			&meter->output_tokens, (uint64_t)usage->output);
}

static void
on_event(void *arg, const struct llm_event *event)
{
	struct steps *steps = arg;

	(void)fault_at("stream.event");
	count_first(steps, event);
	if (event->type == LLM_BEGIN) {
		steps->began = true;
		steps_on_answer(steps);
	}
	if (reply_event(steps->of.reply, event, steps->of.out) != OK)
		steps_fail(steps, LLM_TOO_BIG);
	else
		steps->handlers->said(steps->arg, event);
}

static void
on_end(void *arg, const struct llm_result *result)
{
	struct steps *steps = arg;
	bool in_place = llm_call_in_place(steps->call);
	bool adapted = steps_adapt(steps);

	count_end(steps->shared->meter, result);
	steps->call = NULL;
	if (adapted)
		return;
	llm_model_note(*steps->of.model, result->fault, clock_mono_ms());
	if (steps_ask_instead(
		    steps, in_place || llm_fault_is_theirs(result->fault)))
		return;
	/* The AI SDK begins a step even in such a stream. */
	if (in_place)
		on_event(steps, &(struct llm_event){ .type = LLM_BEGIN });
	steps_on_usage(steps, &result->usage);
	if (!steps_run_tools(steps, result))
		steps_over(steps, result);
}

void
steps_call(struct steps *steps, struct buf *body)
{
	static const struct llm_handlers handlers = { on_event, on_end };

	steps->called_ms = clock_mono_ms();
	steps->call = llm_call_start(steps->shared->client, *steps->of.model,
		body, steps->asking.attempts, &handlers, steps);
	llm_call_trace(steps->call, &steps->of.trace);
}

void
steps_ask(struct steps *steps, struct buf *body, const struct llm_asked *asked)
{
	steps_asking_begin(steps, asked);
	steps_call(steps, body);
}

/* ---- jobs */

struct steps_job *
steps_job_new(struct steps *steps,
	void (*work)(struct tool_job *job, struct db *db),
	void (*done)(struct tool_job *job))
{
	struct steps_job *job = mem_zalloc(sizeof(*job));

	job->job.user_id = steps->of.user_id;
	job->job.work = work;
	job->job.done = done;
	job->steps = steps;
	job->conf = steps->shared->conf;
	job->settings =
		&llm_model_hold_in(&job->job.arena, *steps->of.model)->settings;
	job->user_id = steps->of.user_id;
	job->session_id = steps->of.session_id;
	job->message_id = steps->of.message_id;
	job->trace = steps->of.trace;
	job->next = steps->jobs;
	steps->jobs = job;
	return job;
}

void
steps_job_leave(struct steps_job *job)
{
	struct steps_job **link = &job->steps->jobs;

	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
}

static void
cancel_jobs(struct steps *steps)
{
	for (struct steps_job *job = steps->jobs; job != NULL; job = job->next)
		tool_job_cancel(&job->job);
	steps->jobs = NULL;
}

/* ---- its end */

void
steps_cancel(struct steps *steps)
{
	cancel_call(steps);
	cancel_jobs(steps);
}

void
steps_free(struct steps *steps)
{
	free(steps);
}
