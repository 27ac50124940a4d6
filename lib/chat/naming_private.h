/*
 * naming_private.h: shared by naming.c (requests for titles, in the loop) and
 * naming_store.c (the database work, in threads).
 */

#ifndef CHAT_NAMING_PRIVATE_H
#define CHAT_NAMING_PRIVATE_H

#include "base/attr.h"
#include "chat/lessons.h"
#include "chat/naming.h"
#include "llm/title.h"

/* A claim lasts longer than its request, so two requests never overlap. */
#define NAMING_CLAIM_MS (NAMING_MS + 10000)

/* Work that a thread does for a naming. */
struct naming_job {
	struct tool_job job;
	const struct naming_means *means;
	/* of the model, which the job holds */
	const struct llm_settings *settings;
	struct naming *naming; /* for a claim; only the loop uses it */
	uint64_t user_id, session_id;
	int64_t until_ms;

	bool claimed; /* for a claim: everything needed to ask was read */
	struct llm_title_about about;
	struct llm_takes takes;

	/* for a result: as the model wrote it; absent if there is none */
	struct span answer;
	struct span title; /* the title found in it; absent if there is none */
	struct llm_usage usage; /* the tokens of all attempts */
	struct lesson lesson;
};

static inline struct naming_job *
naming_job_of(struct tool_job *base)
{
	return CONTAINER_OF(base, struct naming_job, job);
}

/* Claims an attempt at the session's title, if an attempt and tokens of the
 * user's day are left, and reads what the request needs. */
void naming_work_claim(struct tool_job *base, struct db *db);

/* Stores the title, if there is one, releases the claim, and counts the
 * cost. */
void naming_work_result(struct tool_job *base, struct db *db);

#endif
