/*
 * instructions.h: the instructions and settings of a conversation: first the
 * operator's prompt, then the instructions of the session's assistant
 * (variables.h), of the user, and of the session; also the chosen options and
 * the tools that the assistant has.
 */

#ifndef CHAT_INSTRUCTIONS_H
#define CHAT_INSTRUCTIONS_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "wire/allowed.h"
#include "wire/settings.h"
#include "wire/takes.h"

#include <stdbool.h>
#include <stdint.h>

struct instructions_ask {
	uint64_t session_id;
	const char *site_name; /* NULL if there is none */
	/* set to whether a title may be asked for; may be NULL */
	bool *untitled;
};

/*
 * Fills in *told*, which starts as a copy of *settings*, *takes* for this
 * session, and *allowed*, the permitted tools. All are in *arena*. A session
 * that was deleted meanwhile adds nothing. ERR_BUSY.
 */
MUST_USE enum err instructions_read(struct db *db, struct arena *arena,
	const struct instructions_ask *ask, struct llm_settings *told,
	struct llm_takes *takes, struct llm_allowed *allowed);

#endif
