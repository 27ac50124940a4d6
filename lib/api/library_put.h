/*
 * library_put.h: adds the assistants and prompts of a file (library.h) to those
 * of a user: for the route, and for `lamplight import`. Items that exist with
 * the same name and content are skipped; a prompt whose name is taken gets a
 * number appended.
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

/* An item of the file, and the result of its import. */
struct library_item {
	bool is_prompt;
	struct assistant assistant;
	struct saved_prompt prompt;
	bool model_lost; /* its model does not exist here: uses the default */

	bool added; /* false: it existed; set by library_put() */
	const char *as; /* a prompt's new name */
};

struct library_put {
	struct db *db;
	struct arena *arena;
	struct snowflake *ids;
	uint64_t user_id;

	struct library_item *items;
	size_t n;

	const char *detail; /* out: why an item is refused, or NULL */
	enum refusal why; /* out */
};

/* Reads one item of the file, into the arena. ERR_INVALID with put->detail. */
MUST_USE enum err library_read(struct library_put *put, const struct json *json,
	bool is_prompt, struct library_item *out);

/* Adds all items or none, in one transaction. ERR_CONFLICT with put->why:
 * REFUSED_TOO_MANY, REFUSED_NAME (99 of that name), REFUSED_FULL. ERR_DENIED:
 * the user was deleted. */
MUST_USE enum err library_put(struct library_put *put);

/* The item's name in the file. */
const char *library_item_name(const struct library_item *item);

#endif
