/*
 * saved_prompt.h: the table `prompt`: texts with {{fields}} that people use by
 * name. A user sees their own prompts and the published ones.
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

#define SAVED_PROMPTS_MAX 500 /* per owner */
#define SAVED_PROMPTS_PUBLISHED_MAX 200 /* together at most SAVED_BYTES_MAX */
#define SAVED_PROMPT_NAME_MAX 64 /* of characters a to z, 0 to 9 and - */
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

/* The prompts that a user sees, their own first, then by name; in *arena*. */
MUST_USE enum err saved_prompt_list(struct db *db, struct arena *arena,
	uint64_t user_id, struct saved_prompt_list *out);
/* The user's own prompts. */
MUST_USE enum err saved_prompt_list_own(struct db *db, struct arena *arena,
	uint64_t user_id, struct saved_prompt_list *out);

/* A prompt that the user sees. ERR_NOT_FOUND. */
MUST_USE enum err saved_prompt_find(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct saved_prompt *out);

/*
 * Each function is one transaction. ERR_CONFLICT with a reason in *why*:
 * REFUSED_NAME (the owner has another prompt of that name), REFUSED_TOO_MANY,
 * REFUSED_FULL, REFUSED_CHANGED. ERR_NOT_FOUND: the prompt does not exist, or
 * does not belong to its owner. A change replaces the whole row, if its version
 * is still row->version.
 */
MUST_USE enum err saved_prompt_add(struct db *db,
	const struct saved_prompt *row, int64_t now_ms, enum refusal *why);
MUST_USE enum err saved_prompt_change(struct db *db,
	const struct saved_prompt *row, int64_t now_ms, enum refusal *why);

/* Unpublishes the prompt, so that only its owner sees it. The caller checks who
 * may do this. */
MUST_USE enum err saved_prompt_withdraw(struct db *db, uint64_t id,
	uint32_t version, int64_t now_ms, enum refusal *why);

MUST_USE enum err
saved_prompt_remove(struct db *db, uint64_t user_id, uint64_t id);

/* ---- inside a transaction of the caller */

/* Adds a prompt; the caller has locked the owner, as for assistant_insert(). */
MUST_USE enum err saved_prompt_insert(struct db *db,
	const struct saved_prompt *row, int64_t now_ms, enum refusal *why);

/* Deletes all prompts of a user. */
MUST_USE enum err saved_prompt_erase(struct db *db, uint64_t user_id);

#endif
