#include "chat/naming_private.h"

#include "base/list.h"
#include "base/log.h"
#include "base/mem.h"
#include "wire/adapt.h"

#include <inttypes.h>
#include <stdlib.h>

/* How much of an answer is kept, and how much is received before the call is
 * ended. */
#define TEXT_MAX ((size_t)4096)
#define RECEIVED_MAX ((size_t)16384)
/* The provider has not counted the tokens of an answer that we cut off; we
 * estimate this many bytes per token. */
#define TOKEN_BYTES 3

struct namings {
	struct naming_means means;
	struct list all;
	size_t n;
};

/* One request for a title. */
struct naming {
	struct namings *namings;
	struct llm_model *model; /* held */
	struct list place;
	uint64_t user_id, session_id;
	int64_t until_ms; /* identifies the claim */
	struct arena arena;
	struct llm_title_about about;
	struct llm_takes takes;
	struct llm_asked asked;
	struct adapt adapt; /* forms of the request that were refused */
	unsigned attempts;
	struct llm_call *call;
	struct timer timer; /* the deadline */
	struct buf text;
	size_t received; /* bytes, including reasoning */
};

static struct naming_job *
new_job(struct naming *naming,
	void (*work)(struct tool_job *job, struct db *db),
	void (*done)(struct tool_job *job))
{
	struct naming_job *job = mem_zalloc(sizeof(*job));

	job->job.user_id = job->user_id = naming->user_id;
	job->job.work = work;
	job->job.done = done;
	job->means = &naming->namings->means;
	job->settings =
		&llm_model_hold_in(&job->job.arena, naming->model)->settings;
	job->session_id = naming->session_id;
	job->until_ms = naming->until_ms;
	return job;
}

static void
free_naming(void *arg)
{
	struct naming *naming = arg;

	arena_reset(&naming->arena);
	buf_free(&naming->text);
	llm_model_release(naming->model);
	free(naming);
}

static void
drop(struct naming *naming)
{
	struct namings *namings = naming->namings;

	list_remove(&naming->place);
	namings->n--;
	loop_timer_clear(namings->means.loop, &naming->timer);
	loop_free_later(namings->means.loop, free_naming, naming);
}

/* ---- the result */

static void
on_result(struct tool_job *base)
{
	struct naming_job *job = naming_job_of(base);

	log_info("title_ended", "session=%" PRIu64 " result=%s",
		job->session_id,
		base->err != OK                   ? err_code(base->err)
			: job->title.data != NULL ? "ok"
						  : "none");
}

/* Estimates the tokens of an answer if the provider has not counted them. */
static struct llm_usage
counted(const struct naming *naming, struct llm_usage usage)
{
	if (usage.input < 0)
		usage.input = naming->received > 0 ? naming->asked.tokens : 0;
	if (usage.output < 0)
		usage.output = (int64_t)(naming->received / TOKEN_BYTES);
	return usage;
}

/* Ends the request, whatever the answer was; *worked* says whether there was
 * one. */
static void
end(struct naming *naming, const struct llm_usage *usage, bool worked)
{
	struct naming_job *job = new_job(naming, naming_work_result, on_result);

	if (worked)
		job->answer =
			arena_span(&job->job.arena, buf_span(&naming->text));
	job->usage = counted(naming, *usage);
	job->lesson = (struct lesson){ .takes = naming->asked.takes,
		.abilities = adapt_lessons(&naming->adapt, worked),
		.guessed = (naming->adapt.guessed | naming->adapt.guess) != 0 };
	tool_pool_submit(naming->namings->means.threads, &job->job);
	drop(naming);
}

static void
leave(struct naming *naming, bool worked)
{
	const struct llm_usage none = LLM_USAGE_NONE;

	if (naming->call != NULL)
		llm_call_cancel(naming->call);
	naming->call = NULL;
	end(naming, &none, worked);
}

static void
on_deadline(void *arg)
{
	leave(arg, false);
}

/* ---- the request */

static void ask(struct naming *naming);

static void
on_event(void *arg, const struct llm_event *event)
{
	struct naming *naming = arg;

	naming->received += event->text.len;
	if (event->type == LLM_TEXT)
		buf_append(&naming->text, event->text.data,
			MIN(event->text.len, TEXT_MAX - naming->text.len));
	if (naming->received > RECEIVED_MAX)
		leave(naming, naming->text.len > 0);
}

/* A title that reached its token limit is complete enough to be shortened by
 * us; a title from a broken stream may end in half a word. */
static void
on_end(void *arg, const struct llm_result *result)
{
	struct naming *naming = arg;
	const struct failure *refusal =
		llm_call_refusal(naming->call, &naming->attempts);

	naming->call = NULL;
	if (refusal != NULL &&
		adapt_next(&naming->adapt, &naming->asked, refusal,
			&naming->takes)) {
		ask(naming);
		return;
	}
	end(naming, &result->usage, result->fault == LLM_OK);
}

/* Makes one attempt only; after a temporary failure the next turn tries
 * again. */
static void
ask(struct naming *naming)
{
	static const struct llm_handlers handlers = { on_event, on_end };
	const struct namings *namings = naming->namings;
	struct buf body = BUF_INIT;

	buf_clear(&naming->text);
	if (llm_title_request(&naming->arena, &naming->model->title,
		    &naming->takes, &naming->about, &body,
		    &naming->asked) != OK) {
		buf_free(&body);
		leave(naming, false);
		return;
	}
	naming->call = llm_call_start(namings->means.client, naming->model,
		&body, (unsigned)namings->means.conf->llm.retries, &handlers,
		naming);
}

/* ---- the claim */

static void
on_claim(struct tool_job *base)
{
	struct naming_job *job = naming_job_of(base);
	struct naming *naming = job->naming;
	struct arena *arena = &naming->arena;

	naming->until_ms = job->until_ms;
	if (base->err != OK || !job->claimed) {
		if (job->claimed)
			leave(naming, false);
		else
			drop(naming);
		return;
	}
	naming->about.question = arena_span(arena, job->about.question);
	naming->about.reply = arena_span(arena, job->about.reply);
	naming->takes = job->takes;
	loop_timer_set(naming->namings->means.loop, &naming->timer,
		loop_now_ms(naming->namings->means.loop) + NAMING_MS);
	ask(naming);
}

/* ---- all requests for titles */

/* False if the user has too many requests, or the session has one; then the
 * session's next turn tries again. */
static bool
has_room(const struct namings *namings, uint64_t user_id, uint64_t session_id)
{
	const struct list *all = &namings->all;
	const struct naming *other = LIST_FIRST(all, struct naming, place);
	size_t n = 0;

	for (; other != NULL;
		other = LIST_NEXT(all, other, struct naming, place)) {
		n += other->user_id == user_id;
		if (other->session_id == session_id)
			return false;
	}
	return namings->n < NAMING_MAX && n < NAMING_USER_MAX;
}

void
namings_begin(struct namings *namings, struct llm_model *model,
	uint64_t user_id, uint64_t session_id)
{
	struct naming *naming;
	struct naming_job *job;

	if (namings->means.conf->llm.titles != CONF_ON ||
		!has_room(namings, user_id, session_id))
		return;
	naming = mem_zalloc(sizeof(*naming));
	naming->namings = namings;
	naming->model = llm_model_hold(model);
	naming->user_id = user_id;
	naming->session_id = session_id;
	naming->timer = (struct timer){ .fn = on_deadline, .arg = naming };
	list_add(&namings->all, &naming->place);
	namings->n++;
	job = new_job(naming, naming_work_claim, on_claim);
	job->naming = naming;
	tool_pool_submit(namings->means.threads, &job->job);
}

struct namings *
namings_open(const struct naming_means *means)
{
	struct namings *namings = mem_zalloc(sizeof(*namings));

	namings->means = *means;
	list_open(&namings->all);
	return namings;
}

void
namings_close(struct namings *namings)
{
	struct naming *naming, *next;

	if (namings == NULL)
		return;
	naming = LIST_FIRST(&namings->all, struct naming, place);
	for (; naming != NULL; naming = next) {
		next = LIST_NEXT(&namings->all, naming, struct naming, place);
		loop_timer_clear(namings->means.loop, &naming->timer);
		/* its call ends when the client is closed */
		free_naming(naming);
	}
	free(namings);
}
