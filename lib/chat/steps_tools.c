/*
 * Runs the tools that the model calls in a step, each as a job of a pool, in a
 * thread; each output becomes a part of the reply. When all have answered, the
 * model is asked again.
 */

#include "base/clock.h"
#include "base/log.h"
#include "chat/steps_private.h"
#include "wire/tools.h"

#include <inttypes.h>

/* Limits the calls of one answer, so that it cannot keep all threads busy for
 * long. */
#define STEP_CALLS_MAX 16

#define FAILED "The tool failed."
#define NO_MORE "Not done: the reply has used all its steps."
#define TOO_MANY "Too many calls at once. Try again with fewer."
#define GONE "There is no such tool any more."
#define TOO_OFTEN "Tools were called too often. Try again in a minute."

/* ---- the end of a step */

static bool
all_answered(const struct parts *parts)
{
	struct parts_call call;
	size_t at = 0;

	while (parts_next_call(parts, &at, &call))
		if (call.state != PARTS_CALL_DONE)
			return false;
	return true;
}

/* All tools of a step have run. If the browser or a person has to answer other
 * calls, a request of their own continues the reply. After the last step with
 * tools the model is asked once more, for words only. */
static void
go_on(struct steps *steps)
{
	const struct parts *parts = reply_parts(steps->of.reply);
	struct llm_result end = LLM_RESULT_INIT;

	end.finish = steps->finish;
	if (!parts_in_step(parts)) {
		steps_ask_again(steps);
	} else if (all_answered(parts)) {
		reply_end_step(steps->of.reply, steps->of.out);
		steps_said(steps);
		steps_ask_again(steps);
	} else {
		steps_over(steps, &end);
	}
}

/* ---- calls */

/* Runs in a thread. */
static enum err
run_tool(struct steps_job *job, struct tool_run *run)
{
	struct buf *out = &job->job.out;

	TRY(json_parse(run->arena, job->input, &run->input));
	TRY(job->tool->run(run, out));
	if (out->len <= job->tool->output_max)
		return OK;
	buf_clear(out);
	return ERR_TOO_BIG;
}

static void
work_call(struct tool_job *base, struct db *db)
{
	struct steps_job *job = steps_job_of(base);
	int64_t now_ms = clock_mono_ms();
	struct tool_run run = { .tool = job->tool,
		.conf = job->conf,
		.arena = &base->arena,
		.input_text = job->input,
		.call_id = job->call_id,
		.user_id = job->user_id,
		.session_id = job->session_id,
		.message_id = job->message_id,
		.trace = &job->trace,
		.patience = {
			now_ms + job->tool->timeout_ms, &base->cancelled } };

	(void)db;
	base->err = run_tool(job, &run);
	if (base->err != OK && base->out.len == 0)
		buf_puts(&base->out, FAILED);
	log_trace(job->trace.id);
	log_info("tool_ended", "message=%" PRIu64 " tool=%s result=%s ms=%lld",
		job->message_id, job->tool->name,
		base->err == OK ? "ok" : err_code(base->err),
		(long long)(clock_mono_ms() - now_ms));
	log_trace("");
}

/* False if the output does not fit into the reply, which has then ended. */
static bool
put_output(
	struct steps *steps, struct span call_id, struct span out, bool failed)
{
	if (reply_tool_output(steps->of.reply, call_id, out, failed,
		    steps->of.out) != OK) {
		steps_fail(steps, LLM_TOO_BIG);
		return false;
	}
	steps_said(steps);
	return true;
}

static void
on_call(struct tool_job *base)
{
	struct steps_job *job = steps_job_of(base);
	struct steps *steps = job->steps;

	steps_job_leave(job);
	if (put_output(steps, job->call_id, buf_span(&base->out),
		    base->err != OK) &&
		steps->jobs == NULL)
		go_on(steps);
}

/* Whether the rule `tools` allows the user one more call. */
static bool
may_call(struct steps *steps)
{
	const int64_t now_ms = clock_mono_ms();
	const struct rates_use user = { LIMIT_TOOLS, &steps->of.tools_rule,
		RULE_USER, rates_user(steps->of.user_id), now_ms };
	const struct rates_use all = { LIMIT_TOOLS,
		&steps->shared->conf->limits.rules[LIMIT_TOOLS], RULE_ALL,
		{ { 0 } }, now_ms };
	struct rates *rates = steps->of.rates;
	struct rates_refusal why;

	return rates == NULL ||
		(rates_take(rates, &user, steps->of.hold, &why) &&
			rates_take(rates, &all, steps->of.hold, &why));
}

static void
start_call(struct steps *steps, const struct parts_call *call,
	const struct tool *tool, struct span input)
{
	struct steps_job *job = steps_job_new(steps, work_call, on_call);

	job->tool = tool;
	job->call_id = arena_span(&job->job.arena, call->id);
	job->input = arena_span(&job->job.arena, input);
	tool_pool_submit(steps->shared->pool, &job->job);
}

/* Starts the *n*th call of the answer. False if the reply has ended. */
static bool
start_asked(struct steps *steps, const struct parts_call *call,
	const struct tool *tool, size_t n)
{
	const char *why_not = NULL;

	if (n >= STEP_CALLS_MAX)
		why_not = TOO_MANY;
	else if (!may_call(steps))
		why_not = TOO_OFTEN;
	if (why_not != NULL)
		return put_output(steps, call->id, span_of(why_not), true);
	start_call(steps, call, tool, call->input);
	return true;
}

/* The model was asked for words only, and has called tools again. */
static void
end_without_words(struct steps *steps, const struct llm_result *result)
{
	const struct parts *parts = reply_parts(steps->of.reply);
	struct llm_result end = *result;
	struct parts_call call;
	size_t at = 0;

	while (parts_next_call(parts, &at, &call))
		if (call.state == PARTS_CALL_WAITS &&
			!put_output(steps, call.id, span_of(NO_MORE), true))
			return;
	end.fault = LLM_STEPS;
	steps_over(steps, &end);
}

static bool
is_offered(const struct steps *steps, struct span name)
{
	const struct llm_settings *settings = &(*steps->of.model)->settings;

	return llm_tool_is_known(settings, name) &&
		llm_allowed_has(&steps->asking.asked.allowed, settings, name);
}

bool
steps_run_tools(struct steps *steps, const struct llm_result *result)
{
	const struct tool_set *tools = steps->shared->tools;
	const struct parts *parts = reply_parts(steps->of.reply);
	const struct tool *tool;
	struct parts_call call;
	size_t at = 0, n_ours = 0, n_started = 0;

	if (result->fault != LLM_OK)
		return false;
	if (steps->asking.asked.last && parts_next_call(parts, &at, &call)) {
		end_without_words(steps, result);
		return true;
	}
	while (parts_next_call(parts, &at, &call)) {
		/* Nobody else answers a call with an unknown tool name, so it
		 * counts as ours. */
		n_ours += tool_is_ours(tools, call.name) ||
			!is_offered(steps, call.name);
		tool = tool_find(tools, call.name);
		if (tool == NULL || call.state != PARTS_CALL_WAITS)
			continue;
		if (tool->approval && n_started < STEP_CALLS_MAX) {
			n_started++;
			reply_ask_approval(
				steps->of.reply, call.id, steps->of.out);
		} else if (!start_asked(steps, &call, tool, n_started++))
			return true;
	}
	/* A paused step has no calls of ours. */
	if (n_ours == 0 &&
		(result->finish != LLM_FINISH_PAUSED ||
			steps->asking.asked.last))
		return false;
	steps_said(steps);
	steps->finish = result->finish;
	reply_count_usage(steps->of.reply, &result->usage);
	if (steps->jobs == NULL)
		go_on(steps);
	return true;
}

/* ---- approvals */

/* Starts the *n*th call of its step, which was approved. It runs as stored; the
 * tool may have changed or gone since. */
static bool
start_approved(struct steps *steps, const struct parts_call *call, size_t n)
{
	const struct tool *tool = tool_find(steps->shared->tools, call->name);
	struct parts_call checked = *call;
	struct buf input = BUF_INIT;
	bool goes_on;

	if (tool == NULL)
		return put_output(steps, call->id, span_of(GONE), true);
	if (llm_tool_check(&(*steps->of.model)->settings, call->name,
		    call->input, &input) == OK) {
		checked.input = buf_span(&input);
		goes_on = start_asked(steps, &checked, tool, n);
	} else {
		goes_on = put_output(steps, call->id, buf_span(&input), true);
	}
	buf_free(&input);
	return goes_on;
}

bool
steps_run_approved(struct steps *steps)
{
	const struct parts *parts = reply_parts(steps->of.reply);
	struct parts_call call;
	size_t at = 0, n = 0;

	while (parts_next_call(parts, &at, &call)) {
		if (call.state == PARTS_CALL_DENIED) {
			reply_tool_denied(
				steps->of.reply, call.id, steps->of.out);
			steps_said(steps);
		} else if (call.state == PARTS_CALL_APPROVED) {
			if (!start_approved(steps, &call, n++))
				return true;
		}
	}
	if (n > 0 && steps->jobs == NULL)
		go_on(steps);
	return n > 0;
}
