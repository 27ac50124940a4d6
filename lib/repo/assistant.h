/*
 * assistant.h: the tables `assistant` and `assistant_version`: who has which,
 * and what each version of one says. Chats keep the version that they were
 * started with (session.h); one that is not the latest goes when no chat has
 * it.
 *
 * A user sees those of their own and those that are published. The
 * instructions are given to their owner alone, and to the model.
 */

#ifndef REPO_ASSISTANT_H
#define REPO_ASSISTANT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "db/db.h"
#include "repo/setting.h"

#include <stdbool.h>
#include <stdint.h>

#define ASSISTANTS_MAX 100 /* of one owner */
#define ASSISTANTS_PUBLISHED_MAX 200
/* Characters. */
#define ASSISTANT_NAME_MAX 128
#define ASSISTANT_ICON_MAX 16
#define ASSISTANT_DESCRIPTION_MAX 512
#define ASSISTANT_STARTER_MAX 200
#define ASSISTANT_TOOL_MAX 64
/* Items of a list. */
#define ASSISTANT_STARTERS_MAX 6
#define ASSISTANT_TOOLS_MAX 64

/* What a version says. */
struct assistant_text {
	const char *name, *icon, *description; /* "" for none */
	uint64_t model_id; /* 0: the default */
	struct span instructions; /* absent: none, or not for who asks */
	struct span options; /* a JSON object (llm/choice.h); absent: none */
	struct span tools; /* a JSON list of names; absent: all */
	struct span starters; /* a JSON list of texts; absent: none */
};

struct assistant {
	uint64_t id, owner_id;
	bool published;
	uint32_t version; /* of its text, the latest */
	int64_t update_ms;
	struct assistant_text text;
};

struct assistant_list {
	struct assistant *list;
	size_t n;
};

/* What a user sees, by name, without instructions; in *arena*. */
MUST_USE enum err assistant_list(struct db *db, struct arena *arena,
	uint64_t user_id, struct assistant_list *out);

/* The user's own, with instructions. */
MUST_USE enum err assistant_list_own(struct db *db, struct arena *arena,
	uint64_t user_id, struct assistant_list *out);

/* One that the user sees. ERR_NOT_FOUND. */
MUST_USE enum err assistant_find(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct assistant *out);

/* Whether there is such an assistant, whoever sees it. */
MUST_USE enum err assistant_is_there(
	struct db *db, struct arena *arena, uint64_t id, bool *there);

/*
 * Each a transaction. ERR_CONFLICT with a reason in *why*: REFUSED_TOO_MANY,
 * REFUSED_FULL (saved_room()), REFUSED_CHANGED. ERR_NOT_FOUND: it is not, or
 * not any more, of *user_id*.
 */
MUST_USE enum err assistant_add(struct db *db, const struct assistant *row,
	int64_t now_ms, enum refusal *why);

/* The latest version becomes another one, which says *text*. */
struct assistant_change {
	uint64_t user_id, id;
	uint32_t version; /* that it is made from */
	const struct assistant_text *text; /* NULL: as it is */
	const bool *published; /* NULL: as it is */
};
MUST_USE enum err
assistant_change(struct db *db, const struct assistant_change *change,
	int64_t now_ms, enum refusal *why);

/* Nobody sees it any more but its owner; whoever may say so says it. Nothing
 * else of it changes. */
MUST_USE enum err assistant_withdraw(
	struct db *db, uint64_t id, uint32_t version, enum refusal *why);

MUST_USE enum err
assistant_remove(struct db *db, uint64_t user_id, uint64_t id, int64_t now_ms);

/* ---- in a transaction of the caller's */

/* Another one of the owner's, who is locked (user_lock()). *why* and
 * ERR_CONFLICT as above, but for the room. */
MUST_USE enum err assistant_insert(struct db *db, const struct assistant *row,
	int64_t now_ms, enum refusal *why);

/* All that is the user's, in all versions. */
MUST_USE enum err assistant_erase(struct db *db, uint64_t user_id);

#endif
