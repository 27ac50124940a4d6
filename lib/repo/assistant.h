/*
 * assistant.h: the tables `assistant` and `assistant_version`: who owns which
 * assistant, and the contents of its versions. A chat keeps the version with
 * which it was started (session.h); a version other than the latest is deleted
 * when no chat uses it.
 *
 * A user sees their own assistants and the published ones. Only the owner and
 * the model receive the instructions.
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

#define ASSISTANTS_MAX 100 /* per owner */
#define ASSISTANTS_PUBLISHED_MAX 200
/* in characters */
#define ASSISTANT_NAME_MAX 128
#define ASSISTANT_ICON_MAX 16
#define ASSISTANT_DESCRIPTION_MAX 512
#define ASSISTANT_STARTER_MAX 200
#define ASSISTANT_TOOL_MAX 64
/* numbers of list items */
#define ASSISTANT_STARTERS_MAX 6
#define ASSISTANT_TOOLS_MAX 64

/* The contents of a version. */
struct assistant_text {
	const char *name, *icon, *description; /* "" if there is none */
	uint64_t model_id; /* 0: the default */
	/* Absent: none, or not visible to the reader. */
	struct span instructions;
	struct span options; /* JSON object (llm/choice.h); absent: none */
	struct span tools; /* JSON list of names; absent: all */
	struct span starters; /* JSON list of texts; absent: none */
};

struct assistant {
	uint64_t id, owner_id;
	bool published;
	uint32_t version; /* the latest version of its text */
	int64_t update_ms;
	struct assistant_text text;
};

struct assistant_list {
	struct assistant *list;
	size_t n;
};

/* The assistants that a user sees, by name, without instructions; in
 * *arena*. */
MUST_USE enum err assistant_list(struct db *db, struct arena *arena,
	uint64_t user_id, struct assistant_list *out);

/* The user's own assistants, with instructions. */
MUST_USE enum err assistant_list_own(struct db *db, struct arena *arena,
	uint64_t user_id, struct assistant_list *out);

/* An assistant that the user sees. ERR_NOT_FOUND. */
MUST_USE enum err assistant_find(struct db *db, struct arena *arena,
	uint64_t user_id, uint64_t id, struct assistant *out);

/* Whether the assistant exists, whoever may see it. */
MUST_USE enum err assistant_is_there(
	struct db *db, struct arena *arena, uint64_t id, bool *there);

/*
 * Each function is one transaction. ERR_CONFLICT with a reason in *why*:
 * REFUSED_TOO_MANY, REFUSED_FULL (saved_check_room()), REFUSED_CHANGED.
 * ERR_NOT_FOUND: the assistant does not exist, or does not belong to *user_id*.
 */
MUST_USE enum err assistant_add(struct db *db, const struct assistant *row,
	int64_t now_ms, enum refusal *why);

/* A change that makes *text* the new latest version. */
struct assistant_change {
	uint64_t user_id, id;
	uint32_t version; /* on which the change is based */
	const struct assistant_text *text; /* NULL: unchanged */
	const bool *published; /* NULL: unchanged */
};
MUST_USE enum err
assistant_change(struct db *db, const struct assistant_change *change,
	int64_t now_ms, enum refusal *why);

/* Unpublishes the assistant, so that only its owner sees it; changes nothing
 * else. The caller checks who may do this. */
MUST_USE enum err assistant_withdraw(
	struct db *db, uint64_t id, uint32_t version, enum refusal *why);

MUST_USE enum err
assistant_remove(struct db *db, uint64_t user_id, uint64_t id, int64_t now_ms);

/* ---- inside a transaction of the caller */

/* Adds an assistant; the caller has locked the owner (user_lock()) and checks
 * the room. *why* and ERR_CONFLICT as above, without REFUSED_FULL. */
MUST_USE enum err assistant_insert(struct db *db, const struct assistant *row,
	int64_t now_ms, enum refusal *why);

/* Deletes all assistants of a user, with all versions. */
MUST_USE enum err assistant_erase(struct db *db, uint64_t user_id);

#endif
