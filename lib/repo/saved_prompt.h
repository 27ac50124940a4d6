/*
 * saved_prompt.h: the table `prompt`: texts with {{fields}} that people call
 * by their name. A user sees those of their own and those that are published.
 */

#ifndef REPO_SAVED_PROMPT_H
#define REPO_SAVED_PROMPT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"
#include "repo/setting.h"

#include <stdbool.h>
#include <stdint.h>

#define SAVED_PROMPTS_MAX 500 /* of one owner */
#define SAVED_PROMPTS_PUBLISHED_MAX 200 /* with SAVED_BYTES_MAX in all */
#define SAVED_PROMPT_NAME_MAX 64 /* of a to z, 0 to 9 and - */
#define SAVED_PROMPT_TEXT_MAX 16384 /* characters */

struct saved_prompt {
	uint64_t id, owner_id;
	const char *name;
	struct span text;
	bool published;
	uint32_t version;
};

struct saved_prompt_list {
	struct saved_prompt *list;
	size_t n;
};

/* What a user sees, by name, the own ones first; in *arena*. */
MUST_USE enum err saved_prompt_list(struct db *db, struct arena *arena,
	uint64_t user_id, struct saved_prompt_list *out);
/* The user's own. */
MUST_USE enum err saved_prompt_list_own(struct db *db, struct arena *arena,
	uint64_t user_id, struct saved_prompt_list *out);

/* One that the user sees. ERR_NOT_FOUND. */
MUST_USE enum err saved_prompt_find(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct saved_prompt *out);

/*
 * Each a transaction. ERR_CONFLICT with a reason in *why*: REFUSED_NAME (the
 * owner has another of that name), REFUSED_TOO_MANY, REFUSED_FULL,
 * REFUSED_CHANGED. ERR_NOT_FOUND: it is not, or not any more, of its owner. A
 * change writes all of the row where it has row->version.
 */
MUST_USE enum err saved_prompt_add(struct db *db,
	const struct saved_prompt *row, int64_t now_ms, enum refusal *why);
MUST_USE enum err saved_prompt_change(struct db *db,
	const struct saved_prompt *row, int64_t now_ms, enum refusal *why);

/* Nobody sees it any more but its owner; whoever may say so says it. */
MUST_USE enum err saved_prompt_withdraw(struct db *db, uint64_t id,
	uint32_t version, int64_t now_ms, enum refusal *why);

MUST_USE enum err
saved_prompt_remove(struct db *db, uint64_t user_id, uint64_t id);

/* ---- in a transaction of the caller's */

/* Another one of the owner's, who is locked; as assistant_insert(). */
MUST_USE enum err saved_prompt_insert(struct db *db,
	const struct saved_prompt *row, int64_t now_ms, enum refusal *why);

/* All that is the user's. */
MUST_USE enum err saved_prompt_erase(struct db *db, uint64_t user_id);

#endif
