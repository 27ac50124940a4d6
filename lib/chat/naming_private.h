/*
 * naming_private.h: what the two files of naming.h share: naming.c (titles that are asked
 * for, in the loop) and naming_store.c (what of it needs the database, in
 * threads).
 */

#ifndef CHAT_NAMING_PRIVATE_H
#define CHAT_NAMING_PRIVATE_H

#include "base/attr.h"
#include "chat/lessons.h"
#include "chat/naming.h"
#include "llm/title.h"

/* A claim outlives its request: so there are never two. */
#define NAMING_CLAIM_MS (NAMING_MS + 10000)

/* What a thread does for it. */
struct naming_job {
	struct tool_job job;
	const struct naming_means *means;
	const struct llm_settings *settings; /* of its model, which it holds */
	struct naming *naming; /* of a claim; the loop's alone */
	uint64_t user_id, session_id;
	int64_t until_ms;

	bool claimed; /* a claim: what is needed to ask */
	struct llm_title_about about;
	struct llm_takes takes;

	struct span answer; /* a result, as the model wrote it; absent: none */
	struct span title; /* what is in it; absent: none */
	struct llm_usage usage; /* all counted */
	struct lesson lesson;
};

static inline struct naming_job *
naming_job_of(struct tool_job *base)
{
	return CONTAINER_OF(base, struct naming_job, job);
}

/* Takes an attempt at the session's title, if one is left, and so are tokens of
 * its user's day, and reads what to ask with. */
void naming_work_claim(struct tool_job *base, struct db *db);

/* Stores the title, if there is one, gives the claim back, and counts what it has cost. */
void naming_work_result(struct tool_job *base, struct db *db);

#endif
