/*
 * instructions.h: what a model is told before a conversation, and how it is asked in it:
 * the operator's prompt, then the session's assistant's instructions
 * (variables.h), the user's own, the session's; the options that are chosen;
 * the tools that the assistant has.
 */

#ifndef CHAT_INSTRUCTIONS_H
#define CHAT_INSTRUCTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "llm/allowed.h"
#include "llm/settings.h"
#include "llm/takes.h"

#include <stdbool.h>
#include <stdint.h>

struct instructions_ask {
	uint64_t session_id;
	const char *site_name; /* or NULL */
	bool *untitled; /* set: whether a title may be asked for; or NULL */
};

/*
 * *told*, first as *settings* are, and *takes* for this session; *allowed*: which
 * of the tools. In *arena*. A session that is deleted meanwhile has nothing of
 * all this. ERR_BUSY.
 */
MUST_USE enum err instructions_read(struct db *db, struct arena *arena,
	const struct instructions_ask *ask, struct llm_settings *told,
	struct llm_takes *takes, struct llm_allowed *allowed);

#endif
