/* Asks for one step in several forms: a lesson from a refusal is tried at once,
 * and stored for all workers when it has worked. */

#include "base/log.h"
#include "base/mem.h"
#include "chat/lessons.h"
#include "chat/steps_private.h"
#include "llm/context.h"

/* Stores a lesson; no reply waits for it. */
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

/* If storing fails, the next refusal teaches the lesson again. */
static void
on_lesson(struct tool_job *base)
{
	if (base->err != OK)
		log_warn("lesson_lost", "reason=%s", err_code(base->err));
}

static void
keep(const struct steps *steps, const struct lesson *lesson)
{
	struct lesson_job *job = mem_zalloc(sizeof(*job));

	job->job.work = work_lesson;
	job->job.done = on_lesson;
	job->settings =
		&llm_model_hold_in(&job->job.arena, *steps->of.model)->settings;
	job->lesson = *lesson;
	tool_pool_submit(steps->shared->writers, &job->job);
}

void
steps_asking_begin(struct steps *steps, const struct llm_asked *asked)
{
	steps->asking = (struct steps_asking){ .asked = *asked };
	reply_note_asked(steps->of.reply, asked);
}

/* Lessons are stored even if there is no answer yet: they help the next
 * turn. */
static void
keep_lessons(struct steps *steps, bool worked)
{
	struct steps_asking *asking = &steps->asking;
	const struct adapt *adapt = &asking->adapt;
	struct lesson lesson = { .takes = asking->asked.takes,
		.abilities = adapt_lessons(adapt, worked),
		.guessed = (adapt->guessed | adapt->guess) != 0,
		.context = worked && adapt->shrunk };

	lesson.bytes = lesson.context && lesson.takes.bytes > 0;
	if (lesson.abilities != 0 || lesson.context)
		keep(steps, &lesson);
	asking->adapt = (struct adapt){ 0 };
}

void
steps_on_answer(struct steps *steps)
{
	keep_lessons(steps, true);
}

void
steps_on_usage(struct steps *steps, const struct llm_usage *usage)
{
	struct steps_asking *asking = &steps->asking;
	struct lesson lesson = { .takes = asking->asked.takes, .bytes = true };

	if (context_learn(&asking->asked, usage->input, &lesson.takes))
		keep(steps, &lesson);
}

bool
steps_adapt(struct steps *steps)
{
	struct steps_asking *asking = &steps->asking;
	struct llm_takes takes = asking->asked.takes;
	const struct failure *refusal =
		llm_call_refusal(steps->call, &asking->attempts);

	if (refusal == NULL)
		return false;
	if (!adapt_next(&asking->adapt, &asking->asked, refusal, &takes)) {
		keep_lessons(steps, false);
		return false;
	}
	steps_ask_otherwise(steps, &takes);
	return true;
}
