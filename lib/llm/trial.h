/*
 * trial.h: a model tried out before people get it: whether it is listed, and
 * answers; whether it takes tools and images; whether it shows its thoughts.
 * What it refuses is found out as in a chat (adapt.h). Each thing is a small
 * request of its own, and all of them take less than a minute; it waits, so it
 * belongs into a thread that may.
 */

#ifndef LLM_TRIAL_H
#define LLM_TRIAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "llm/takes.h"
#include "json/json.h"

enum llm_check {
	LLM_CHECK_LIST,
	LLM_CHECK_ANSWER,
	LLM_CHECK_TOOLS,
	LLM_CHECK_IMAGES,
	LLM_CHECK_REASONING,
	LLM_CHECK_N,
};

struct llm_trial {
	struct {
		const char *name; /* "list" */
		bool ok;
		const char *detail; /* a sentence; nothing the provider says */
	} checks[LLM_CHECK_N];
	struct llm_takes takes; /* what was given, and what was found out */
};

/*
 * *conf* as of the section [llm]; *headers* is a JSON object of texts, or NULL.
 * ERR_INVALID (logged): it cannot be used.
 */
MUST_USE enum err llm_trial(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_trial *out);

/* The words for both: those that were given, and those for what was found
 * out. */
void llm_trial_takes(const struct llm_trial *trial, const struct llm_conf *conf,
	struct buf *out);

#endif
