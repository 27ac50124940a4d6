/*
 * lessons.h: what is known of the model that is set up: what the
 * configuration says, and what its refusals and its usage have taught any
 * worker. Read with every request, so a lesson reaches all of them at once.
 */

#ifndef CHAT_LESSONS_H
#define CHAT_LESSONS_H

#include "base/arena.h"
#include "db/db.h"
#include "llm/ask.h"

/* A refusal is believed for a day, a guess from one that said nothing for an
 * hour. */
#define LESSON_MS INT64_C(86400000)
#define LESSON_GUESSED_MS INT64_C(3600000)

MUST_USE enum err lessons_read(struct db *db, struct arena *arena,
	const struct llm_settings *settings, struct llm_takes *out);

/* What is new, of one request. */
struct lesson {
	struct llm_takes takes; /* how it was asked */
	unsigned abilities; /* bits of what is learned of these */
	bool guessed;
	bool context; /* takes.context_tokens */
	bool bytes; /* takes.bytes */
};

/* Adds it to what is known, and logs in words what nobody knew. */
MUST_USE enum err lessons_keep(struct db *db,
	const struct llm_settings *settings, const struct lesson *lesson);

#endif
