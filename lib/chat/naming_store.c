#include "chat/naming_private.h"

#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "chat/ending.h"
#include "chat/models.h"
#include "llm/cost.h"
#include "repo/budget.h"
#include "repo/message.h"
#include "repo/session_title.h"
#include "repo/user.h"
#include "repo/user_limit.h"
#include "json/plain.h"
#include "json/utf8.h"

/* ---- the claim */

/* Sets *left* to whether the user has tokens left today. */
static enum err
look_at_budget(struct naming_job *job, struct db *db, bool *left)
{
	struct limits_conf limits = job->means->conf->limits;
	struct budget used;

	*left = true;
	TRY(user_limit_apply(db, &job->job.arena, job->user_id, &limits));
	if (limits.day_tokens == 0)
		return OK;
	TRY(budget_used(
		db, &job->job.arena, job->user_id, clock_wall_ms(), &used));
	*left = used.of[BUDGET_TOKENS] < (uint64_t)limits.day_tokens;
	return OK;
}

/* The text as the title request quotes it. It is cut here, in a thread, because
 * that may take time. */
static struct span
told(struct arena *arena, struct span parts, const char *type, const char *key)
{
	struct span text =
		plain_text(arena, parts, type, key, MESSAGE_BEGINNING);

	return utf8_prefix(text, LLM_TITLE_TOLD);
}

static enum err
read_about(struct naming_job *job, struct db *db)
{
	struct arena *arena = &job->job.arena;
	struct llm_title_about *about = &job->about;
	struct message_beginning question, reply;

	TRY(message_begin_first(db, arena, job->session_id, &question));
	TRY(message_begin_reply(
		db, arena, job->session_id, question.id, &reply));
	about->question = told(arena, question.parts, "text", "text");
	if (about->question.len == 0)
		about->question =
			told(arena, question.parts, "file", "filename");
	about->reply = told(arena, reply.parts, "text", "text");
	return lessons_read(db, arena, job->settings, &job->takes);
}

static enum err
claim(struct naming_job *job, struct db *db)
{
	bool left;

	TRY(look_at_budget(job, db, &left));
	if (!left)
		return OK;
	TRY(session_title_claim(db, job->user_id, job->session_id,
		NAMING_CLAIM_MS, &job->until_ms, &job->claimed));
	if (!job->claimed)
		return OK;
	TRY(fault_at("title.claimed"));
	return read_about(job, db);
}

void
naming_work_claim(struct tool_job *base, struct db *db)
{
	base->err = claim(naming_job_of(base), db);
}

/* ---- the result */

/* A user who was deleted or disabled has no daily usage to add to. The user is
 * locked after the session, as by whoever sends a question. */
static enum err
count(struct naming_job *job, struct db *db)
{
	const struct llm_settings *settings = job->settings;
	const struct llm_usage *usage = &job->usage;
	const struct usage_model used = {
		.model_id = settings->id != NULL
			? models_id(span_of(settings->id))
			: 0,
		.name = span_of(settings->model),
		.input_tokens = (uint64_t)usage->input,
		.cached_tokens = (uint64_t)MAX(usage->cached_input, INT64_C(0)),
		.output_tokens = (uint64_t)usage->output,
		.cost = llm_cost(&settings->prices, usage),
	};
	enum err err;

	if (usage->input + usage->output == 0)
		return OK;
	err = user_share(db, &job->job.arena, job->user_id);
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	return ending_count(db, job->user_id, clock_wall_ms(), &used);
}

static enum err
store(struct db *db, void *arg)
{
	struct naming_job *job = arg;

	TRY(fault_at("title.store"));
	if (job->title.data != NULL)
		TRY(session_title_put(
			db, job->session_id, job->until_ms, job->title));
	else
		TRY(session_title_release(db, job->session_id, job->until_ms));
	return count(job, db);
}

void
naming_work_result(struct tool_job *base, struct db *db)
{
	struct naming_job *job = naming_job_of(base);

	if (job->answer.data != NULL)
		job->title = llm_title_clean(&base->arena, job->answer);
	base->err = db_transaction(db, store, job);
	if (job->lesson.abilities != 0 &&
		lessons_keep(db, job->settings, &job->lesson) != OK)
		log_warn("lesson_lost", "reason=title");
}
