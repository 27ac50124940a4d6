/*
 * lessons.h: what is known about a configured model: what the configuration
 * says, and what refusals and token counts have taught any worker. It is read
 * with every request, so a lesson reaches all workers at once.
 */

#ifndef CHAT_LESSONS_H
#define CHAT_LESSONS_H

#include "base/arena.h"
#include "db/db.h"
#include "wire/ask.h"

/* A refusal is believed for a day; a guess from a refusal that gave no reason,
 * for an hour. */
#define LESSON_MS INT64_C(86400000)
#define LESSON_GUESSED_MS INT64_C(3600000)

MUST_USE enum err lessons_read(struct db *db, struct arena *arena,
	const struct llm_settings *settings, struct llm_takes *out);

/* What one request has taught. */
struct lesson {
	struct llm_takes takes; /* how the model was asked */
	unsigned abilities; /* bits of the abilities learned */
	bool guessed;
	bool context; /* takes.context_tokens was learned */
	bool bytes; /* takes.bytes was learned */
};

/* Adds the lesson to what is known, and logs in words what is new. */
MUST_USE enum err lessons_keep(struct db *db,
	const struct llm_settings *settings, const struct lesson *lesson);

#endif
