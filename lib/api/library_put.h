/*
 * library_put.h: assistants and prompts out of a file (library.h) into those
 * that somebody has: for the route, and for `lamplight import`. What is there
 * already with the same name and content is not added again; a prompt of a
 * name that another has gets a number behind it.
 */

#ifndef API_LIBRARY_PUT_H
#define API_LIBRARY_PUT_H

#include "base/arena.h"
#include "base/err.h"
#include "db/db.h"
#include "repo/assistant.h"
#include "repo/saved_prompt.h"
#include "repo/snowflake.h"
#include "json/json.h"

#include <stdbool.h>
#include <stddef.h>

/* One of the two, as the file has it, and what became of it. */
struct library_item {
	bool is_prompt;
	struct assistant assistant;
	struct saved_prompt prompt;
	bool model_lost; /* the model that it names is not here: the default */

	bool added; /* or it was there; by library_put() */
	const char *as; /* the name that a prompt has now */
};

struct library_put {
	struct db *db;
	struct arena *arena;
	struct snowflake *ids;
	uint64_t user_id;

	struct library_item *items;
	size_t n;

	const char *detail; /* out: of an item that is refused, or NULL */
	enum refusal why; /* out */
};

/* One item of a file; all of it in the arena. ERR_INVALID with put->detail. */
MUST_USE enum err library_read(struct library_put *put, const struct json *json,
	bool is_prompt, struct library_item *out);

/* All of them or nothing, in one transaction. ERR_CONFLICT with put->why:
 * REFUSED_TOO_MANY, REFUSED_NAME (99 of that name), REFUSED_FULL. ERR_DENIED:
 * the user is gone. */
MUST_USE enum err library_put(struct library_put *put);

/* What the item is called in its file. */
const char *library_item_name(const struct library_item *item);

#endif
