/*
 * trial.h: tries a model out before people can use it: whether it is listed
 * and answers, whether it accepts tools and images, and whether it shows its
 * thoughts. What it refuses is learned as in a chat (wire/adapt.h). Each check
 * is a small request of its own, and together they take less than a minute. It
 * blocks, so call it in a thread that may wait.
 */

#ifndef LLM_TRIAL_H
#define LLM_TRIAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "wire/takes.h"
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
		const char *name; /* such as "list" */
		bool ok;
		/* a sentence, without anything the provider said */
		const char *detail;
	} checks[LLM_CHECK_N];
	struct llm_takes takes; /* what was configured and what was learned */
};

/*
 * *conf* is like the [llm] section; *headers* is a JSON object of strings, or
 * NULL. ERR_INVALID (logged) if it cannot be used.
 */
MUST_USE enum err llm_trial(struct arena *arena, const struct llm_conf *conf,
	const struct json *headers, struct llm_trial *out);

/* Appends the configured words and those for what was learned. */
void llm_trial_takes(const struct llm_trial *trial, const struct llm_conf *conf,
	struct buf *out);

#endif
