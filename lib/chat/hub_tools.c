/*
 * What runs between two answers of the model: the server's tools, then the
 * request that tells it their results. Each is a job of a pool, of its own
 * kind: a request never waits for tools. A stream that waits for its jobs
 * holds nothing but them.
 */

#include "chat/hub_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/mem.h"
#include "chat/turn_context.h"
#include "llm/tools.h"

#include <time.h>

/* One answer cannot keep all threads busy for long. */
#define STEP_CALLS_MAX 16

#define DATABASE_PAUSE_MS 250
#define DATABASE_WAIT_MS 60000

#define FAILED "The tool failed."
#define NO_MORE "Not done: the reply has used all its steps."
#define TOO_MANY "Too many calls at once. Try again with fewer."
#define TOO_OFTEN "Tools were called too often. Try again in a minute."

struct hub_job {
	struct tool_job job;
	struct stream *stream; /* which waits; it cancels what it leaves */
	struct hub_job *next; /* of the stream's */
	const struct conf *conf;
	const struct llm_settings *settings;
	uint64_t user_id, session_id, message_id;

	const struct tool *tool; /* a call: */
	struct span call_id, input;

	struct span parts; /* a request: the reply so far, */
	bool otherwise; /* its first form was refused, */
	struct llm_takes takes; /* so this one it is; */
	struct llm_asked asked; /* and what it became */
};

static struct hub_job *
job_of(struct tool_job *job)
{
	return CONTAINER_OF(job, struct hub_job, job);
}

static struct hub_job *
new_job(struct stream *stream,
	void (*work)(struct tool_job *job, struct db *db),
	void (*done)(struct tool_job *job))
{
	struct hub_job *job = mem_zalloc(sizeof(*job));

	job->job.user_id = stream->user_id;
	job->job.work = work;
	job->job.done = done;
	job->stream = stream;
	job->conf = stream->hub->conf;
	job->settings = stream->hub->settings;
	job->user_id = stream->user_id;
	job->session_id = stream->session_id;
	job->message_id = stream->message_id;
	job->next = stream->jobs;
	stream->jobs = job;
	return job;
}

static void
leave(struct hub_job *job)
{
	struct hub_job **link = &job->stream->jobs;

	while (*link != job)
		link = &(*link)->next;
	*link = job->next;
}

void
hub_cancel_tools(struct stream *stream)
{
	for (struct hub_job *job = stream->jobs; job != NULL; job = job->next)
		tool_job_cancel(&job->job);
	stream->jobs = NULL;
}

/* ---- the next request */

/* In a thread. */
static enum err
write_request(struct hub_job *job, struct db *db)
{
	const struct turn_ask ask = { .session_id = job->session_id,
		.reply_id = job->message_id,
		.parts = job->parts,
		.takes = job->otherwise ? &job->takes : NULL,
		.steps_max = (unsigned)job->conf->chat.tool_steps_max };

	return turn_request(db, &job->job.arena, job->settings, &ask,
		&job->job.out, &job->asked);
}

/* A database that is away is waited for: the reply waits for it anyway. */
static void
work_request(struct tool_job *base, struct db *db)
{
	const struct timespec pause = { 0, DATABASE_PAUSE_MS * 1000000L };
	int64_t until_ms = clock_mono_ms() + DATABASE_WAIT_MS;

	while ((base->err = write_request(job_of(base), db)) == ERR_BUSY &&
		clock_mono_ms() < until_ms && !atomic_load(&base->cancelled))
		nanosleep(&pause, NULL);
}

static void
on_request(struct tool_job *base)
{
	struct hub_job *job = job_of(base);
	struct stream *stream = job->stream;

	leave(job);
	if (base->err != OK) {
		hub_end_now(stream, turn_fault(base->err));
		return;
	}
	if (job->otherwise) {
		stream->asking.asked = job->asked;
		reply_note_context(stream->reply, &job->asked);
	} else {
		hub_asking_begin(stream, &job->asked);
	}
	hub_ask_model(stream, &base->out);
}

static struct hub_job *
new_request(struct stream *stream)
{
	struct hub_job *job = new_job(stream, work_request, on_request);
	struct buf parts = BUF_INIT;

	parts_write(reply_parts(stream->reply), &parts);
	job->parts = arena_span(&job->job.arena, buf_span(&parts));
	buf_free(&parts);
	return job;
}

void
hub_ask_again(struct stream *stream)
{
	struct hub_job *job = new_request(stream);

	tool_pool_submit(stream->hub->writers, &job->job);
}

void
hub_ask_otherwise(struct stream *stream, const struct llm_takes *takes)
{
	struct hub_job *job = new_request(stream);

	job->otherwise = true;
	job->takes = *takes;
	tool_pool_submit(stream->hub->writers, &job->job);
}

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

/* All tools of a step have run. What others have to answer, the browser's
 * side or a person, comes with a request of its own. After the last step that
 * may call tools the model is asked once more, for words. */
static void
go_on(struct stream *stream)
{
	const struct parts *parts = reply_parts(stream->reply);
	struct llm_result end = LLM_RESULT_INIT;

	end.finish = stream->finish;
	if (!parts_in_step(parts)) {
		hub_ask_again(stream);
	} else if (all_answered(parts)) {
		reply_end_step(stream->reply, &stream->pending);
		hub_mark_dirty(stream);
		hub_ask_again(stream);
	} else {
		hub_end(stream, &end);
	}
}

/* ---- calls */

/* In a thread. */
static enum err
run_tool(struct hub_job *job, struct tool_run *run)
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
	struct hub_job *job = job_of(base);
	int64_t now_ms = clock_mono_ms();
	struct tool_run run = { .tool = job->tool,
		.conf = job->conf,
		.arena = &base->arena,
		.input_text = job->input,
		.call_id = job->call_id,
		.user_id = job->user_id,
		.session_id = job->session_id,
		.message_id = job->message_id,
		.patience = {
			now_ms + job->tool->timeout_ms, &base->cancelled } };

	(void)db;
	base->err = run_tool(job, &run);
	if (base->err != OK && base->out.len == 0)
		buf_puts(&base->out, FAILED);
	log_info("tool_ended", "message=%llu tool=%s result=%s ms=%lld",
		(unsigned long long)job->message_id, job->tool->name,
		base->err == OK ? "ok" : err_code(base->err),
		(long long)(clock_mono_ms() - now_ms));
}

/* False: it does not fit the reply, which has ended with that. */
static bool
put_output(struct stream *stream, struct span call_id, struct span out,
	bool failed)
{
	if (reply_tool_output(stream->reply, call_id, out, failed,
		    &stream->pending) != OK) {
		hub_end_now(stream, LLM_TOO_BIG);
		return false;
	}
	hub_mark_dirty(stream);
	return true;
}

static void
on_call(struct tool_job *base)
{
	struct hub_job *job = job_of(base);
	struct stream *stream = job->stream;

	leave(job);
	if (put_output(stream, job->call_id, buf_span(&base->out),
		    base->err != OK) &&
		stream->jobs == NULL)
		go_on(stream);
}

/* Whether its user may have one more call, by the rule `tools`. */
static bool
may_call(struct stream *stream)
{
	const struct rule *rule = &stream->hub->conf->limits.rules[LIMIT_TOOLS];
	const struct rates_who user = rates_user(stream->user_id),
			       all = { { 0 } };
	struct rates *rates = stream->rates;
	struct rates_refusal why;

	return rates == NULL ||
		(rates_take(rates, LIMIT_TOOLS, rule, RULE_USER, &user,
			 clock_mono_ms(), &stream->hold, &why) &&
			rates_take(rates, LIMIT_TOOLS, rule, RULE_ALL, &all,
				clock_mono_ms(), &stream->hold, &why));
}

static void
start_call(struct stream *stream, const struct parts_call *call,
	const struct tool *tool, struct span input)
{
	struct hub_job *job = new_job(stream, work_call, on_call);

	job->tool = tool;
	job->call_id = arena_span(&job->job.arena, call->id);
	job->input = arena_span(&job->job.arena, input);
	tool_pool_submit(stream->hub->pool, &job->job);
}

/* The *n*th that the model asks for. False: the reply has ended. */
static bool
start_asked(struct stream *stream, const struct parts_call *call,
	const struct tool *tool, size_t n)
{
	const char *why_not = NULL;

	if (n >= STEP_CALLS_MAX)
		why_not = TOO_MANY;
	else if (!may_call(stream))
		why_not = TOO_OFTEN;
	if (why_not != NULL)
		return put_output(stream, call->id, span_of(why_not), true);
	start_call(stream, call, tool, call->input);
	return true;
}

/* It was asked for words, and has called tools once more. */
static void
end_without_words(struct stream *stream, const struct llm_result *result)
{
	const struct parts *parts = reply_parts(stream->reply);
	struct llm_result end = *result;
	struct parts_call call;
	size_t at = 0;

	while (parts_next_call(parts, &at, &call))
		if (call.state == PARTS_CALL_WAITS &&
			!put_output(stream, call.id, span_of(NO_MORE), true))
			return;
	end.fault = LLM_STEPS;
	hub_end(stream, &end);
}

bool
hub_run_tools(struct stream *stream, const struct llm_result *result)
{
	const struct tool_set *tools = stream->hub->tools;
	const struct parts *parts = reply_parts(stream->reply);
	const struct tool *tool;
	struct parts_call call;
	size_t at = 0, n_ours = 0, n_started = 0;

	if (result->fault != LLM_OK)
		return false;
	if (stream->asking.asked.last && parts_next_call(parts, &at, &call)) {
		end_without_words(stream, result);
		return true;
	}
	while (parts_next_call(parts, &at, &call)) {
		/* Of a name that is no tool's nobody else answers a call. */
		n_ours += tool_is_ours(tools, call.name) ||
			!llm_tool_is_known(stream->hub->settings, call.name);
		tool = tool_find(tools, call.name);
		if (tool == NULL || call.state != PARTS_CALL_WAITS)
			continue;
		if (tool->approval && n_started < STEP_CALLS_MAX) {
			n_started++;
			reply_ask_approval(
				stream->reply, call.id, &stream->pending);
		} else if (!start_asked(stream, &call, tool, n_started++))
			return true;
	}
	if (n_ours == 0)
		return false;
	hub_mark_dirty(stream);
	stream->finish = result->finish;
	reply_count_usage(stream->reply, &result->usage);
	if (stream->jobs == NULL)
		go_on(stream);
	return true;
}

/* ---- approvals */

/* The call is as it was stored; the tool may have changed since. The *n*th of
 * its step. */
static bool
start_approved(struct stream *stream, const struct parts_call *call,
	const struct tool *tool, size_t n)
{
	struct parts_call checked = *call;
	struct buf input = BUF_INIT;
	bool goes_on;

	if (llm_tool_check(stream->hub->settings, call->name, call->input,
		    &input) == OK) {
		checked.input = buf_span(&input);
		goes_on = start_asked(stream, &checked, tool, n);
	} else {
		goes_on = put_output(stream, call->id, buf_span(&input), true);
	}
	buf_free(&input);
	return goes_on;
}

bool
hub_run_approved(struct stream *stream)
{
	const struct parts *parts = reply_parts(stream->reply);
	const struct tool *tool;
	struct parts_call call;
	size_t at = 0, n = 0;

	while (parts_next_call(parts, &at, &call)) {
		tool = tool_find(stream->hub->tools, call.name);
		if (tool == NULL)
			continue;
		if (call.state == PARTS_CALL_DENIED) {
			reply_tool_denied(
				stream->reply, call.id, &stream->pending);
			hub_mark_dirty(stream);
		} else if (call.state == PARTS_CALL_APPROVED) {
			if (!start_approved(stream, &call, tool, n++))
				return true;
		}
	}
	if (n > 0 && stream->jobs == NULL)
		go_on(stream);
	return n > 0;
}
