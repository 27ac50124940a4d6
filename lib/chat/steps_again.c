/* Writes the next request, or another one for the same step: a thread builds it
 * from the stored path and the reply so far, in a pool that never waits for
 * tools. */

#include "base/clock.h"
#include "chat/prompt.h"
#include "chat/steps_private.h"

#include <time.h>

#define DATABASE_PAUSE_MS 250
#define DATABASE_WAIT_MS 60000

/* Runs in a thread. */
static enum err
write_request(struct steps_job *job, struct db *db)
{
	const struct prompt_ask ask = { .session_id = job->session_id,
		.reply_id = job->message_id,
		.parts = job->parts,
		.metadata = job->metadata,
		.takes = job->otherwise ? &job->takes : NULL,
		.site_name = job->conf->http.site_name,
		.steps_max = (unsigned)job->conf->chat.tool_steps_max };

	return prompt_write(db, &job->job.arena, job->settings, &ask,
		&job->job.out, &job->asked);
}

/* Waits while the database is away; the reply needs the database anyway. */
static void
work_request(struct tool_job *base, struct db *db)
{
	const struct timespec pause = { 0, DATABASE_PAUSE_MS * 1000000L };
	int64_t until_ms = clock_mono_ms() + DATABASE_WAIT_MS;
	struct steps_job *job = steps_job_of(base);
	struct buf parts = BUF_INIT, metadata = BUF_INIT;

	parts_write(job->said, &parts);
	parts_write_metadata(job->said, &metadata);
	job->parts = buf_span(&parts);
	job->metadata = buf_span(&metadata);
	while ((base->err = write_request(job, db)) == ERR_BUSY &&
		clock_mono_ms() < until_ms && !atomic_load(&base->cancelled))
		nanosleep(&pause, NULL);
	job->parts = job->metadata = (struct span){ NULL, 0 };
	buf_free(&metadata);
	buf_free(&parts);
}

static void
on_request(struct tool_job *base)
{
	struct steps_job *job = steps_job_of(base);
	struct steps *steps = job->steps;

	steps_job_leave(job);
	if (base->err != OK) {
		steps_fail(steps, prompt_fault(base->err));
		return;
	}
	if (job->otherwise) {
		steps->asking.asked = job->asked;
		reply_note_asked(steps->of.reply, &job->asked);
	} else {
		steps_asking_begin(steps, &job->asked);
	}
	steps_call(steps, &base->out);
}

static struct steps_job *
new_request(struct steps *steps)
{
	struct steps_job *job = steps_job_new(steps, work_request, on_request);

	job->said = parts_copy(&job->job.arena, reply_parts(steps->of.reply));
	return job;
}

void
steps_ask_again(struct steps *steps)
{
	struct steps_job *job = new_request(steps);

	tool_pool_submit(steps->shared->writers, &job->job);
}

void
steps_ask_otherwise(struct steps *steps, const struct llm_takes *takes)
{
	struct steps_job *job = new_request(steps);

	job->otherwise = true;
	job->takes = *takes;
	tool_pool_submit(steps->shared->writers, &job->job);
}
