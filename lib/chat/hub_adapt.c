/* One step of a reply in more than one form: what a refusal teaches is tried
 * at once, and kept for all when it has worked. */

#include "chat/hub_private.h"

#include "base/log.h"
#include "base/mem.h"
#include "chat/lessons.h"
#include "llm/context.h"

/* No stream waits for it. */
struct lesson_job {
	struct tool_job job;
	const struct llm_settings *settings;
	struct lesson lesson;
};

static void
work_lesson(struct tool_job *base, struct db *db)
{
	struct lesson_job *job = CONTAINER_OF(base, struct lesson_job, job);

	base->err = lessons_keep(db, job->settings, &job->lesson);
}

/* Whoever is refused next will find it out. */
static void
on_lesson(struct tool_job *base)
{
	if (base->err != OK)
		log_warn("lesson_lost", "reason=%s", err_code(base->err));
}

static void
keep(struct hub *hub, const struct lesson *lesson)
{
	struct lesson_job *job = mem_zalloc(sizeof(*job));

	job->job.work = work_lesson;
	job->job.done = on_lesson;
	job->settings = hub->settings;
	job->lesson = *lesson;
	tool_pool_submit(hub->writers, &job->job);
}

void
hub_asking_begin(struct stream *stream, const struct llm_asked *asked)
{
	stream->asking = (struct hub_asking){ .asked = *asked };
	reply_note_context(stream->reply, asked);
}

/* Also when there is no answer yet: what was found out in this turn helps the
 * next one. */
static void
keep_lessons(struct stream *stream, bool worked)
{
	struct hub_asking *asking = &stream->asking;
	const struct adapt *adapt = &asking->adapt;
	struct lesson lesson = { .takes = asking->asked.takes,
		.abilities = adapt_lessons(adapt, worked),
		.guessed = (adapt->guessed | adapt->guess) != 0,
		.context = worked && adapt->shrunk };

	lesson.bytes = lesson.context && lesson.takes.bytes > 0;
	if (lesson.abilities != 0 || lesson.context)
		keep(stream->hub, &lesson);
	asking->adapt = (struct adapt){ 0 };
}

void
hub_on_answer(struct stream *stream)
{
	keep_lessons(stream, true);
}

void
hub_on_usage(struct stream *stream, const struct llm_usage *usage)
{
	struct hub_asking *asking = &stream->asking;
	struct lesson lesson = { .takes = asking->asked.takes, .bytes = true };

	if (context_learn(&asking->asked, usage->input, &lesson.takes))
		keep(stream->hub, &lesson);
}

bool
hub_adapt(struct stream *stream)
{
	struct hub_asking *asking = &stream->asking;
	struct llm_takes takes = asking->asked.takes;
	const struct failure *refusal =
		llm_call_refusal(stream->call, &asking->attempts);

	if (refusal == NULL)
		return false;
	if (!adapt_next(&asking->adapt, &asking->asked, refusal, &takes)) {
		keep_lessons(stream, false);
		return false;
	}
	hub_ask_otherwise(stream, &takes);
	return true;
}
